"""The family of a record that arrives, at once, between two groupings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.blocks import OPEN
from genyin.sift.features import Floats, code_counts, key, masked, says_something, units, vectors, word_counts
from genyin.sift.group import ALONE, Settings
from genyin.sift.growing import Growing
from genyin.sift.means import Means, Row
from genyin.sift.records import Record

#: A large family draws more than a small one as much alike: a grouping joins what is alone beside it to it later on.
_DRAW = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs.

    family : number of its family, ALONE (-1) when nothing is like it
    beside : number of the record, alone so far, with which it makes a new family; else None
    alike  : mean similarity to the members as `group` measures it, 1 for a text that is there already; 0 when alone
    """

    family: int
    beside: int | None
    alike: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A record taken apart: weights by column, and what it may join."""

    row: Row
    has_text: bool
    behind: int
    besides: Collection[int]


class Groups:
    """Families and records that are alone: the number, the record that stands for it, and who may join it."""

    def __init__(self) -> None:
        self.family = Growing(np.int64)
        self.ref = Growing(np.int64)
        self.has_text = Growing(np.bool_)
        self._behind = Growing(np.int64)

    def __len__(self) -> int:
        return len(self.family)

    def append(self, family: int, record: Record, *, has_text: bool, behind: int) -> int:
        """Its position."""
        self.family.extend([family])
        self.ref.extend([record.ref])
        self.has_text.extend([has_text])
        self._behind.extend([behind])
        return len(self) - 1

    def open_to(self, asked: Asked, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of `groups` that it may join."""
        is_open = (self.has_text.view[groups] == asked.has_text) & (self._behind.view[groups] == asked.behind)
        if asked.besides:
            is_open &= ~np.isin(self.family.view[groups], list(asked.besides))
        found: NDArray[np.int64] = groups[is_open]
        return found


class Assigner:
    """Families as a grouping left them, to which records are added one by one.

    A record whose masked text is there already, in the same service, goes where that one is. Any other is compared
    with the mean of every family and with every record that is alone, in the same way and by the same thresholds as
    `group` does: it joins the one it is most alike, if that is alike enough. How rare a feature is stays as it was at
    the grouping; the next one renews it, finds what only later records show, and has the last word.

    records  : what was grouped
    families : family by record number, as from `Grouping.as_mapping`; those that are not in it are alone
    next_id  : the first family number never used
    walls    : as for `group`; may be added to later, for services that were not there
    """

    def __init__(
        self,
        records: Sequence[Record],
        families: Mapping[int, int],
        *,
        next_id: int,
        walls: Mapping[int, int] | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._settings, self._next = settings or Settings(), next_id
        self._walls = {} if walls is None else walls
        ordered = sorted(records, key=lambda record: record.ref)
        texts = [masked(record) for record in ordered]
        found = units(ordered, texts)
        first = [ordered[row] for row in found.first.tolist()]
        self._groups = Groups()
        self._of_family: dict[tuple[int, bool], int] = {}
        of_unit = self._grouped(first, found.has_text.tolist(), families)
        features = vectors(found, ordered, texts, coded_part=self._settings.coded_part)
        weights = 1 + np.log(found.sizes)
        self._sizes = np.bincount(of_unit, weights=weights, minlength=len(self._groups)).astype(np.float64)
        self._means = Means(features, of_unit, weights, len(self._groups), coded_part=self._settings.coded_part)
        self._later = Growing(np.int64)  # group of each record added since
        keys = (
            hash(key(record, texts[row], has_text=has_text))
            for record, row, has_text in zip(first, found.first.tolist(), found.has_text.tolist(), strict=True)
        )
        self._exact = dict(zip(keys, of_unit.tolist(), strict=True))

    def _grouped(
        self, first: Sequence[Record], has_text: Sequence[bool], families: Mapping[int, int]
    ) -> NDArray[np.int64]:
        """Group of each unit."""
        found = [
            self._group(families.get(record.ref, ALONE), record, has_text=speaks)
            for record, speaks in zip(first, has_text, strict=True)
        ]
        return np.array(found, dtype=np.int64)

    def _group(self, family: int, record: Record, *, has_text: bool) -> int:
        """The group of a family, or a new one. Records with text and without are never compared: each kind has its
        own."""
        group = self._of_family.get((family, has_text)) if family != ALONE else None
        if group is None:
            group = self._groups.append(family, record, has_text=has_text, behind=self._behind(record))
        if family != ALONE:
            self._of_family[family, has_text] = group
        return group

    def _behind(self, record: Record) -> int:
        return self._walls.get(record.service, OPEN)

    def add(self, record: Record, *, besides: Collection[int] = ()) -> Place:
        """Find the record's place and keep it there; `besides` are families it must not join."""
        exact, asked = self._take_apart(record, besides)
        known = self._exact.get(exact)
        if (
            known is not None
            and (asked.has_text or record.codes)
            and len(self._groups.open_to(asked, np.array([known])))
        ):
            return self._joined(known, 1.0)
        group, alike = self._nearest(asked)
        place = Place(ALONE, None, 0.0) if group is None else self._joined(group, alike)
        if group is None:
            group = self._group(ALONE, record, has_text=asked.has_text)
        self._keep(exact, asked, group)
        return place

    def keep(self, record: Record, family: int) -> None:
        """Add a record whose family is known, ALONE where it is in none."""
        exact, asked = self._take_apart(record, ())
        self._keep(exact, asked, self._group(family, record, has_text=asked.has_text))

    def told(self, ref: int, family: int) -> None:
        """Where a record stands for a group of its own, that group is this family's, whoever began it."""
        for group in np.flatnonzero(self._groups.ref.view == ref).tolist():
            self._groups.family.view[group] = family
            self._of_family[family, bool(self._groups.has_text.view[group])] = group

    def _take_apart(self, record: Record, besides: Collection[int]) -> tuple[int, Asked]:
        """What it would have to equal to be the same, and what it is compared by."""
        text = masked(record)
        has_text = says_something(text)
        row = self._means.weigh(word_counts(record, text), code_counts(record))
        return hash(key(record, text, has_text=has_text)), Asked(row, has_text, self._behind(record), besides)

    def _keep(self, exact: int, asked: Asked, group: int) -> None:
        self._means.append(asked.row, len(self._later))
        self._later.extend([group])
        self._exact.setdefault(exact, group)

    def _joined(self, group: int, alike: float) -> Place:
        family = self._groups.family.view
        if family[group] != ALONE:
            return Place(int(family[group]), None, alike)
        family[group], self._next = self._next, self._next + 1
        self._of_family[int(family[group]), bool(self._groups.has_text.view[group])] = group
        return Place(int(family[group]), int(self._groups.ref.view[group]), alike)

    def _nearest(self, asked: Asked) -> tuple[int | None, float]:
        """The group most alike and how much; None where none is alike enough."""
        settings, row = self._settings, asked.row
        at_least = settings.both if asked.has_text else settings.coded
        later_words, later_codes = (self._means.appended(part, len(self._later)) for part in (row.words, row.codes))
        groups = self._groups.open_to(asked, self._reached(row, later_words + later_codes, at_least))
        if not len(groups):
            return None, 0.0
        spoken, coded = self._mean(groups, row.words, later_words), self._mean(groups, row.codes, later_codes)
        alike = spoken + coded
        if asked.has_text:
            alike[spoken < settings.spoken * (1 - settings.coded_part)] = 0
        best = int(np.argmax(np.where(alike >= at_least, alike + _DRAW * np.log(self._size_of(groups)), 0)))
        return (int(groups[best]), float(alike[best])) if alike[best] >= at_least else (None, 0.0)

    def _reached(self, row: Row, later: Floats, at_least: float) -> NDArray[np.int64]:
        """Groups that may be alike enough: a mean reaches the threshold only where that of the grouped members does,
        or one of the later ones."""
        sums, left_out = self._means.nearly(row)
        is_near = np.zeros(len(self._groups), dtype=np.bool_)
        np.greater_equal(sums, (at_least - left_out) * self._sizes, out=is_near[: len(sums)])
        is_near[self._later.view[later >= at_least]] = True
        return np.flatnonzero(is_near)

    def _size_of(self, groups: NDArray[np.int64]) -> Floats:
        """Weight of the members a group had at the grouping, 1 for what came later."""
        size, old = np.ones(len(groups)), groups < len(self._sizes)
        size[old] = self._sizes[groups[old]]
        return size

    def _mean(self, groups: NDArray[np.int64], row: Mapping[int, float], later: Floats) -> Floats:
        """Mean over all members of each group: of those that were there, and of each `later` record."""
        place = np.searchsorted(groups, self._later.view)
        place[place == len(groups)] = 0
        here = groups[place] == self._later.view
        total = np.bincount(place[here], weights=later[here], minlength=len(groups)).astype(np.float64)
        size = np.bincount(place[here], minlength=len(groups)).astype(np.float64)
        old = groups < len(self._sizes)
        total[old] += self._means.sums_of(groups[old], row)
        size[old] += self._sizes[groups[old]]
        return total / size
