"""An append-only index of records: those most like another one, each score explained."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from genyin.sift.asking import CHANNELS, ask, by_view, document_frequencies, fields_by_channel, recipes, weights_by_view
from genyin.sift.candidates import Limits, candidates
from genyin.sift.channel import YOUNG, Channels, Fields, Learned, Recipe, Told
from genyin.sift.explain import Explainer
from genyin.sift.growing import milestone
from genyin.sift.parts import Parts
from genyin.sift.records import Match, Record
from genyin.sift.scoring import About, Rows, Scorer, Scores, named, numbers
from genyin.sift.segment import Part, Segment, Tail, about, gathered, merged_pieces, to_merge
from genyin.sift.weights import Weights

ANALYSIS = 1  # raise it when records are taken apart another way: rows on disk are then weighed anew
TAIL_ROWS = 2_048
AT_ONCE = 128  # rows taken apart and weighed together: long texts have thousands of entries each


@dataclass(frozen=True, slots=True)
class State:
    """What an index knows beside its rows: what its channels learned of them, which may be returned."""

    learned: Learned | None
    alive: NDArray[np.bool_]

    @property
    def rows(self) -> int:
        return len(self.alive)

    @classmethod
    def empty(cls) -> "State":
        return cls(None, np.zeros(0, dtype=np.bool_))


class Index:
    """Records in the order they were added; ask for those most like another one.

    A score is a sum: for each part of `Weights` its weight times the part. A query without any word is scored by the
    cosine of its coded fields in place of all text, or the age alone would decide.

    `add` and `match` may be called from several threads. A record that changed is added again under
    its number: the older row stays in the statistics and is never returned.

    The newest rows are a tail in memory; once it has 2,048 rows it becomes a segment, and of neighbouring segments the
    later is merged into the earlier while that is not four times as large. Scores do not depend on it. `folder.Folder`
    keeps segments on disk, to be shared by processes.
    """

    def __init__(
        self,
        weights: Weights | None = None,
        *,
        channels: Mapping[str, Recipe] = CHANNELS,
        limits: Limits | None = None,
        tail_rows: int = TAIL_ROWS,
        young: int = YOUNG,
    ) -> None:
        self.weights = weights or Weights()
        self.limits = limits or Limits()
        self.lock = threading.RLock()
        self.seals_itself = True
        self._tail_rows, self._youth = tail_rows, young
        self._channels = Channels(recipes(channels))
        self._young: list[Told] = []
        self._sealed: list[Part] = []
        self._tail = Tail()
        self._about = About()
        self._slots: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._alive = 0

    def __len__(self) -> int:
        return self._alive

    def __contains__(self, ref: int) -> bool:
        with self.lock:
            return bool(len(self._rows_of([ref])))

    def add(self, record: Record) -> None:
        """Append a record; an earlier one of the same number is retired."""
        self.extend([record])

    def extend(self, records: Iterable[Record]) -> None:
        """Append records, as if one by one. Few are taken apart at a time, so that memory stays bounded."""
        coming = iter(records)
        while some := list(islice(coming, AT_ONCE)):
            fields = [fields_by_channel(record) for record in some]
            with self.lock:
                while some:
                    room = self._room(len(some))
                    self._append(some[:room], fields[:room])
                    some, fields = some[room:], fields[room:]

    def retire(self, ref: int) -> None:
        """Never return this record again; nothing happens when it is not there."""
        with self.lock:
            self._retire([ref])

    def stamp(self, stamps: Mapping[int, int]) -> None:
        """Give records other stamps, by their numbers, for as long as this index is in memory."""
        with self.lock:
            rows = self._rows_of(list(stamps))
            about = self._about
            about.stamps.view[rows] = [stamps[ref] for ref in about.refs.view[rows].tolist()]

    def match(
        self,
        query: Record,
        *,
        k: int = 10,
        before: float | None = None,
        allowed: Collection[int] | None = None,
        at_least: float = 0.0,
    ) -> list[Match]:
        """The `k` records most like `query`, best first; equal scores: the later record first.

        k        : how many at most
        before   : only records of an earlier day than this (days since 1970, fractions allowed)
        allowed  : numbers of the services the asker may see, applied *before* ranking; None = all.
                   Records without a service are seen only when NO_SERVICE is among them
        at_least : only records whose text part or coded part reaches this; 0 still demands that
                   one word or one coded value is shared

        The query itself (same ref) is never returned. Where many records share a term with the query, those found by
        its rarest terms are scored: see `candidates`.
        """
        if k <= 0:
            return []
        with self.lock:
            scorer = self._scorer(query)

            def shown(rows: Rows | slice) -> NDArray[np.bool_]:
                return self._open_to(rows, query.ref, before, allowed)

            rows = candidates(scorer, shown, k, self.limits, self._scratch())
            scores = scorer.score(rows)
            alike = np.maximum(scores.text, scores.codes)
            good = np.flatnonzero((alike > 0) & (alike >= at_least))
            best = good[np.lexsort((-rows[good], -scores.total[good]))][:k]
            explainer = Explainer(scorer, scores)
            return [explainer.match(int(rows[at]), int(at)) for at in best]

    def scores(self, query: Record) -> Scores:
        """Every row's score, retired and invisible ones included: for measuring and learning, not for showing."""
        with self.lock:
            return self._scorer(query).score(None)

    def held(self, first: int = -(2**63), last: int = 2**63 - 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(numbers, stamps) of the records from number `first` to `last`, by ascending number."""
        with self.lock:
            about = self._about
            refs = about.refs.view
            rows = np.flatnonzero(about.alive.view & (refs >= first) & (refs <= last))
            rows = rows[np.argsort(refs[rows])]
            return refs[rows], about.stamps.view[rows]

    # -- for those who keep the rows elsewhere

    @property
    def settings(self) -> str:
        """What rows were weighed by: rows of other settings cannot be compared with ours."""
        return blake2b(repr((ANALYSIS, self._channels.recipes)).encode(), digest_size=8).hexdigest()

    @property
    def rows(self) -> int:
        """Rows in all, retired ones included."""
        return len(self._about)

    @property
    def may_seal(self) -> bool:
        """Whether the tail may become a segment: never while the first rows are still weighed anew."""
        return self._tail.n > 0 and self.rows > self._youth

    @property
    def full(self) -> bool:
        """Whether the tail is long enough for it."""
        return self.may_seal and self._tail.n >= self._tail_rows

    def parts(self) -> Sequence[Part]:
        """What has been sealed or is to be, oldest first: all but the tail that is still growing."""
        return tuple(self._sealed)

    def rotate(self) -> None:
        """Begin a new tail; the one so far changes no more."""
        with self.lock:
            self._sealed.append(self._tail)
            self._tail = Tail()

    def replace(self, old: Sequence[Part], new: Part) -> None:
        """Put one part in the place of neighbouring ones that hold the same rows."""
        with self.lock:
            first = self._sealed.index(old[0])
            self._sealed[first : first + len(old)] = [new]

    def state(self) -> State:
        """What is known beside the rows themselves; `begin_with` takes it back."""
        with self.lock:
            return State(self._channels.learned, self._about.alive.view.copy())

    def begin_with(self, parts: Sequence[Part], state: State) -> None:
        """Hold these rows, and nothing of what was held before."""
        with self.lock:
            self._sealed, self._tail, self._young = list(parts), Tail(), []
            self._channels, self._about = Channels(self._channels.recipes, state.learned), About()
            for part in parts:
                self._about.extend(part.told)
            self._about.alive.view[:] = state.alive
            self._alive = int(state.alive.sum())

    # -- within

    def _parts(self) -> Parts:
        return Parts([*self._sealed, self._tail])

    def _room(self, wanted: int) -> int:
        """How many rows may be added before anything else must happen."""
        if self.rows >= self._youth:
            return max(1, self._tail_rows - self._tail.n) if self.seals_itself else wanted
        end = min(self.rows + wanted, self._youth)
        mark = milestone(end)  # rows are weighed anew there: whatever earlier milestones gave is overwritten
        return (mark if mark > self.rows else end) - self.rows

    def _append(self, records: Sequence[Record], fields: Sequence[Fields]) -> None:
        self._retire([record.ref for record in records])
        told, before = self._channels.told(fields), self.rows
        weights = self._channels.append(told, document_frequencies(told, self._parts()))
        self._tail.append(records, {**by_view(told, weights), "names": named(records)})
        self._about.extend(about(records))
        self._alive += len(records)
        self._retire_earlier(records, before)
        self._remember(told)
        if self.seals_itself and self.full:
            self._seal()

    def _remember(self, told: Told) -> None:
        """Keep what the first rows told, and weigh them anew at each milestone."""
        if self.rows > self._youth:
            self._young = []
            return
        self._young.append(told)
        if milestone(self.rows) == self.rows:
            self._young, parts = Told.sliced(self._young, AT_ONCE), self._parts()
            again = self._channels.renewed(self._young, lambda some: document_frequencies(some, parts))
            for view, weights in weights_by_view(self._young, again).items():
                self._tail.tables[view].weights.view[:] = weights

    def _seal(self) -> None:
        sealed = [*self._sealed, self._tail.sealed()]
        many = to_merge([part.n for part in sealed])
        segments = [part for part in sealed[-many:] if isinstance(part, Segment)]
        self._sealed, self._tail = [*sealed[:-many], Segment.of(gathered(merged_pieces(segments)))], Tail()

    def _retire(self, refs: Sequence[int]) -> None:
        rows = self._rows_of(refs)
        self._about.alive.view[rows] = False
        self._alive -= len(rows)

    def _retire_earlier(self, records: Sequence[Record], before: int) -> None:
        """Of records that were added together under one number the last one stays."""
        last = {record.ref: at for at, record in enumerate(records)}
        gone = [before + at for at, record in enumerate(records) if last[record.ref] != at]
        self._about.alive.view[gone] = False
        self._alive -= len(gone)

    def _rows_of(self, refs: Sequence[int]) -> NDArray[np.int64]:
        """The rows of these numbers that are alive."""
        parts = self._parts()
        located = parts.locate("names", numbers(list(dict.fromkeys(refs))))
        rows = parts.holding(located, located.df).rows
        return rows[self._about.alive.view[rows]]

    def _open_to(
        self, rows: Rows | slice, ref: int, before: float | None, allowed: Collection[int] | None
    ) -> NDArray[np.bool_]:
        about = self._about
        shown: NDArray[np.bool_] = about.alive.view[rows] & (about.refs.view[rows] != ref)
        if before is not None:
            shown &= about.days.view[rows] < before
        if allowed is not None:
            services = np.fromiter(allowed, dtype=np.int64, count=len(allowed))
            shown &= np.isin(about.services.view[rows], services)
        return shown

    def _scorer(self, record: Record) -> Scorer:
        parts = self._parts()
        return Scorer(ask(record, self._channels, parts), parts, self._about, self.weights)

    def _scratch(self) -> NDArray[np.int32]:
        if len(self._slots) < self.rows:
            self._slots = np.zeros(2 * self.rows, dtype=np.int32)
        return self._slots
