"""Families of recurring incidents."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.agglomerate import Layer, agglomerate
from genyin.sift.describe import Common, describe
from genyin.sift.features import Unit, masked, vectors, words
from genyin.sift.links import ContradictoryLinksError, Pair, Union, contradictions
from genyin.sift.neighbours import Pairs, candidate_pairs
from genyin.sift.records import Record

ALONE = -1


@dataclass(frozen=True, slots=True)
class Settings:
    """How alike the members of a family are.

    both           : least mean similarity for records with text, 0 to 1; higher = smaller families
    spoken         : least mean similarity of their words alone, so that one shared component does
                     not make a family
    coded          : least mean similarity for records that have coded fields only
    coded_part     : share of `both` that the coded fields have
    inside_service : a family stays inside one service (records without a service among themselves)
    """

    both: float = 0.25
    spoken: float = 0.2
    coded: float = 0.75
    coded_part: float = 0.3
    inside_service: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """id : its number, kept from run to run; refs : its records, ascending; common : what they share"""

    id: int
    refs: tuple[int, ...]
    common: Common


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which record is in which family.

    refs     : (n,) record numbers in the order they were given
    family   : (n,) family number, ALONE (-1) for a record that is in none
    families : largest first, every one with at least two members
    next_id  : the first family number never used so far: hand it to the next run
    """

    refs: NDArray[np.int64]
    family: NDArray[np.int64]
    families: tuple[Family, ...]
    next_id: int

    def as_mapping(self) -> dict[int, int]:
        """Family number by record number, records in no family left out: `previous` of the next run."""
        return {int(r): int(f) for r, f in zip(self.refs, self.family, strict=True) if f != ALONE}


def group(
    records: Sequence[Record],
    *,
    previous: Mapping[int, int] | None = None,
    next_id: int = 1,
    must_link: Iterable[Pair] = (),
    cannot_link: Iterable[Pair] = (),
    settings: Settings | None = None,
) -> Grouping:
    """Group records that tell of the same fault.

    records     : numbers must be unique; their order does not matter
    previous    : family by record of the last run; a new family takes over the number it shares the
                  most records with, each number once
    next_id     : new families count up from here, or from above the highest number in `previous`
    must_link   : pairs of record numbers in one family, whatever their texts say
    cannot_link : pairs of record numbers never in one family. Both survive every run; pairs of
                  records that are not there are passed over
    Raises ContradictoryLinksError when both cannot hold.

    Masked texts are de-duplicated first. The units left are compared as TF-IDF vectors of words and
    coded fields, by nearest neighbours on rare features, and joined by average linkage. Time and
    memory grow about linearly with the number of *different* texts.
    """
    settings = settings or Settings()
    row_of = {record.ref: row for row, record in enumerate(records)}
    if len(row_of) != len(records):
        raise ValueError("Two records have the same number; each may be given once.")
    together, apart = _known(must_link, row_of), _known(cannot_link, row_of)
    if impossible := contradictions(together, apart):
        raise ContradictoryLinksError([(records[a].ref, records[b].ref) for a, b in impossible])
    texts = [masked(record) for record in records]
    units = _units(records, texts, together, apart)
    label = _joined(units, records, texts, apart, settings)
    clusters: dict[int, list[int]] = {}
    for unit, cluster in zip(units, label.tolist(), strict=True):
        clusters.setdefault(cluster, []).extend(unit.rows)
    members = [sorted(rows, key=lambda row: records[row].ref) for rows in clusters.values() if len(rows) > 1]
    return _named(members, records, texts, previous or {}, next_id)


def _known(pairs: Iterable[Pair], row_of: Mapping[int, int]) -> list[Pair]:
    return [(row_of[a], row_of[b]) for a, b in pairs if a in row_of and b in row_of]


def _units(
    records: Sequence[Record], texts: Sequence[str], together: Sequence[Pair], apart: Sequence[Pair]
) -> list[Unit]:
    """Records with the same masked text in one service are one unit, and so are records that a
    person tied together. A record that must stay apart from some other one never joins by its text
    alone: it could be that other one's text."""
    by_ref = sorted(range(len(records)), key=lambda row: records[row].ref)
    kept_out = {row for pair in apart for row in pair}
    same = Union()
    first_with: dict[object, int] = {}
    has_text = [bool(words(text)) for text in texts]
    for row in by_ref:
        if row not in kept_out and (has_text[row] or records[row].codes):
            same.join(row, first_with.setdefault(_key(records[row], texts[row], has_text[row]), row))
    for a, b in together:
        same.join(a, b)
    rows_of: dict[int, list[int]] = {}
    for row in by_ref:
        rows_of.setdefault(same.find(row), []).append(row)
    return [
        Unit(tuple(rows), records[rows[0]].service, any(has_text[row] for row in rows)) for rows in rows_of.values()
    ]


def _key(record: Record, text: str, has_text: bool) -> object:
    return record.service, text.lower() if has_text else tuple(sorted(record.codes))


def _joined(
    units: Sequence[Unit], records: Sequence[Record], texts: Sequence[str], apart: Sequence[Pair], settings: Settings
) -> NDArray[np.int64]:
    """Cluster label of each unit, block by block."""
    unit_of = {row: number for number, unit in enumerate(units) for row in unit.rows}
    split: Pairs = np.array([(unit_of[a], unit_of[b]) for a, b in apart], dtype=np.int64).reshape(-1, 2)
    label: NDArray[np.int64] = np.arange(len(units))
    if not units:
        return label
    features = vectors(units, records, texts, coded_part=settings.coded_part)
    sizes = 1 + np.log([len(unit.rows) for unit in units])
    blocks: dict[tuple[int, bool], list[int]] = {}
    for number, unit in enumerate(units):
        blocks.setdefault((unit.service if settings.inside_service else 0, unit.has_text), []).append(number)
    for (_, has_text), block in blocks.items():
        rows = np.array(block)
        layers = [Layer(features.both[rows], settings.both if has_text else settings.coded)]
        if has_text:
            layers.append(Layer(features.spoken[rows], settings.spoken))
        pairs = candidate_pairs(layers[0].vectors, at_least=layers[0].at_least / 2)
        label[rows] = rows[agglomerate(layers, sizes[rows], pairs, _within(split, rows))]
    return label


def _within(split: Pairs, rows: NDArray[np.int64]) -> Pairs:
    """Pairs whose both ends lie in `rows` (ascending), as positions in it."""
    inside = split[np.isin(split, rows).all(axis=1)] if len(split) else split
    return np.searchsorted(rows, inside)


def _named(
    members: Sequence[Sequence[int]],
    records: Sequence[Record],
    texts: Sequence[str],
    previous: Mapping[int, int],
    next_id: int,
) -> Grouping:
    """Number the families, keep the numbers of the last run, say what the members share."""
    ordered = sorted(members, key=lambda rows: (-len(rows), records[rows[0]].ref))
    numbers = carry_over([[records[row].ref for row in rows] for rows in ordered], previous, next_id)
    family = np.full(len(records), ALONE, dtype=np.int64)
    families = []
    for number, rows in zip(numbers, ordered, strict=True):
        family[rows] = number
        common = describe([records[row] for row in rows], [texts[row] for row in rows])
        families.append(Family(number, tuple(records[row].ref for row in rows), common))
    refs = np.array([record.ref for record in records], dtype=np.int64)
    unused = max([next_id, *(number + 1 for number in (*previous.values(), *numbers))])
    return Grouping(refs, family, tuple(families), unused)


def carry_over(members: Sequence[Sequence[int]], previous: Mapping[int, int], next_id: int) -> list[int]:
    """Family numbers for groups of record numbers, kept by largest overlap, each used once.

    Of equal overlaps the smaller old number and the earlier group win. The rest count up from
    `next_id`, or from above the highest old number.
    """
    overlap: Counter[tuple[int, int]] = Counter()
    for place, refs in enumerate(members):
        overlap.update((place, previous[ref]) for ref in refs if ref in previous)
    numbers: dict[int, int] = {}
    taken: set[int] = set()
    for (place, old), _ in sorted(overlap.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
        if place not in numbers and old not in taken:
            numbers[place] = old
            taken.add(old)
    fresh = max([next_id, *(number + 1 for number in previous.values())])
    for place in range(len(members)):
        if place not in numbers:
            numbers[place] = fresh
            fresh += 1
    return [numbers[place] for place in range(len(members))]
