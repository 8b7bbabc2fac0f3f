"""Families of recurring incidents."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.agglomerate import Layer, agglomerate
from genyin.sift.blocks import Blocks
from genyin.sift.describe import Common, describe
from genyin.sift.features import Units, masked, units, vectors
from genyin.sift.links import ContradictoryLinksError, Pair, contradictions
from genyin.sift.neighbours import Pairs, Spread, candidate_pairs, here
from genyin.sift.records import Record

ALONE = -1


@dataclass(frozen=True, slots=True)
class Settings:
    """How alike the members of a family are.

    both       : least mean similarity for records with text, 0 to 1; higher = smaller families
    spoken     : least mean similarity of their words alone, so that one shared component does not make a family
    coded      : least mean similarity for records that have coded fields only
    coded_part : share of `both` that service and coded fields have
    """

    both: float = 0.45
    spoken: float = 0.2
    coded: float = 0.85
    coded_part: float = 0.4


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
    walls: Mapping[int, int] | None = None,
    settings: Settings | None = None,
    spread: Spread = here,
) -> Grouping:
    """Group records that tell of the same fault.

    records     : numbers must be unique; their order does not matter
    previous    : family by record of the last run; a new family takes over the number it shares the
                  most records with, each number once
    next_id     : new families count up from here, or from above the highest number in `previous`
    must_link   : pairs of record numbers in one family, whatever their texts say
    cannot_link : pairs of record numbers never in one family. Both survive every run; pairs of
                  records that are not there are passed over
    walls       : by number of a service what its records are kept in, such as the customer: records behind different
                  walls share a family only where `must_link` says so; a service that is not in it stands in the open
    spread      : who looks for neighbours, see `neighbours.candidate_pairs`; the families are the same whoever does
    Raises ContradictoryLinksError when both links cannot hold.

    Masked texts are de-duplicated first. The units left are compared as TF-IDF vectors of words, service and coded
    fields, by nearest neighbours, and joined by average linkage. Time and memory grow about linearly with the number
    of *different* texts.
    """
    settings = settings or Settings()
    ordered = sorted(records, key=lambda record: record.ref)
    row_of = {record.ref: row for row, record in enumerate(ordered)}
    if len(row_of) != len(records):
        raise ValueError("Two records have the same number; each may be given once.")
    together, apart = _known(must_link, row_of), _known(cannot_link, row_of)
    if impossible := contradictions(together, apart):
        raise ContradictoryLinksError([(ordered[a].ref, ordered[b].ref) for a, b in impossible])
    texts = [masked(record) for record in ordered]
    found = units(ordered, texts, apart)
    blocks = Blocks.of(found, ordered, together, walls or {})
    label = _joined(found, blocks, ordered, texts, apart, settings, spread)[found.of_row]
    named = _named(_members(label), ordered, texts, previous or {}, next_id)
    return _as_given(named, [record.ref for record in records])


def _known(pairs: Iterable[Pair], row_of: Mapping[int, int]) -> list[Pair]:
    return [(row_of[a], row_of[b]) for a, b in pairs if a in row_of and b in row_of]


def _joined(
    found: Units,
    blocks: Blocks,
    records: Sequence[Record],
    texts: Sequence[str],
    apart: Sequence[Pair],
    settings: Settings,
    spread: Spread,
) -> NDArray[np.int64]:
    """Cluster label of each unit; those with text and those without are never compared."""
    split: Pairs = blocks.of_unit[found.of_row[np.array(apart, dtype=np.int64).reshape(-1, 2)]]
    label: NDArray[np.int64] = np.arange(len(blocks.behind))
    if not len(label):
        return label
    features = vectors(found, records, texts, coded_part=settings.coded_part)
    sizes = 1 + np.log(found.sizes)
    both, unknown, words = (blocks.mean(one, sizes) for one in (features.both, features.unknown, features.words.rows))
    sizes = blocks.size(sizes)
    whole = Layer(sparse.hstack([both, unknown], format="csr"), settings.both)
    spoken, coded = Layer(words, settings.spoken), Layer(both, settings.coded)
    for has_text, wanted in ((True, (whole, spoken)), (False, (coded,))):
        near = _near(found, features.both, records, has_text, wanted[0].at_least / 2, spread)
        rows = np.flatnonzero(blocks.has_text == has_text)
        layers = [Layer(layer.vectors[rows], layer.at_least) for layer in wanted]
        pairs = _within(blocks.comparable(near), rows)
        label[rows] = rows[agglomerate(layers, sizes[rows], pairs, _within(split, rows))]
    return label[blocks.of_unit]


def _near(
    found: Units, both: sparse.csr_matrix, records: Sequence[Record], has_text: bool, at_least: float, spread: Spread
) -> Pairs:
    """Pairs of units worth comparing, of those with text or those without. What was tied changes nothing here."""
    rows = np.flatnonzero(found.has_text == has_text)
    names = np.array([records[row].ref for row in found.first[rows].tolist()], dtype=np.int64)
    return rows[candidate_pairs(both[rows], names, at_least=at_least, spread=spread)]


def _within(pairs: Pairs, rows: NDArray[np.int64]) -> Pairs:
    """Pairs whose both ends lie in `rows` (ascending), as positions in it."""
    if not len(pairs):
        return pairs
    place = np.full(max(int(pairs.max()), int(rows.max(initial=0))) + 1, -1)
    place[rows] = np.arange(len(rows))
    inside: Pairs = place[pairs]
    return inside[(inside >= 0).all(axis=1)]


def _members(label: NDArray[np.int64]) -> list[list[int]]:
    """Rows of every cluster with more than one, ascending."""
    by_label = np.argsort(label, kind="stable")
    parts = np.split(by_label, np.flatnonzero(np.diff(label[by_label])) + 1)
    return [part.tolist() for part in parts if len(part) > 1]


def _as_given(found: Grouping, refs: Sequence[int]) -> Grouping:
    """A grouping of records in ascending order, in the order they were given."""
    wanted = np.array(refs, dtype=np.int64)
    return replace(found, refs=wanted, family=found.family[np.searchsorted(found.refs, wanted)])


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
