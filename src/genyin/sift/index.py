"""An append-only index of records: every earlier record scored, each score explained."""

import re
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.analysis import Analysis, analyse, written
from genyin.sift.channel import Channel, Recipe
from genyin.sift.codes import CodedFields
from genyin.sift.postings import Growing, Postings
from genyin.sift.records import NO_SERVICE, Match, Reason, Record
from genyin.sift.text import cjk_share
from genyin.sift.weights import Weights

SCRIPT_CHARACTERS = 600
TERMS_SHOWN = 5
PAIRS_SHOWN = 15  # of a Chinese text: five pairs of characters are a stump of what the texts share
IDENTIFIERS_SHOWN = 3
_MENTION = re.compile(r"\b[A-Za-z][A-Za-z0-9_]*-?\d[\w-]*\b", re.ASCII)

#: Fields: title, prose, machine text, glossary; title and prose; title and body. Chosen on the sets of `bench match`.
CHANNELS = {
    "words": Recipe(fields=((5, 0.3), (1, 0.75), (0.2, 0.9), (2, 0.75)), k1=4, power=2, length=0.75),
    "letters": Recipe(fields=((4, 0.3), (1, 0.6)), k1=4, power=1, length=0.75),
    "identifiers": Recipe(fields=((2, 0), (1, 0.5)), k1=1.2, power=1, length=0.5),
}


@dataclass(frozen=True, slots=True)
class Query:
    """A record taken apart for asking: weights by term for each channel and for the cosine of the codes, its script."""

    record: Record
    terms: dict[str, dict[str, float]]
    codes: dict[str, float]
    cjk: float

    @property
    def has_words(self) -> bool:
        return bool(self.terms["words"])


@dataclass(frozen=True, slots=True)
class Scores:
    """What every row scores against one query, each of shape (n_rows,).

    parts : by name what `Weights` weighs
    text  : the part "words"
    codes : cosine of the coded fields
    total : the score
    """

    parts: dict[str, NDArray[np.float64]]
    text: NDArray[np.float64]
    codes: NDArray[np.float64]
    total: NDArray[np.float64]


def fields_of(analysis: Analysis, channel: str) -> tuple[dict[str, float], ...]:
    """The counts that a channel takes."""
    found: tuple[dict[str, float], ...] = getattr(analysis, channel)
    return found


def coded(record: Record) -> dict[str, float]:
    return {f"{field}\x1f{value}": 1.0 for field, value in record.codes}


class Index:
    """Records in the order they were added; ask for those most like another one.

    A score is a sum: for each part of `Weights` its weight times the part. A query without any word is scored by the
    cosine of its coded fields in place of all text, or the age alone would decide.

    `add` and `match` may be called from several threads. A record that changed is added again under
    its number: the older row stays in the statistics and is never returned.
    """

    def __init__(self, weights: Weights | None = None, *, channels: Mapping[str, Recipe] = CHANNELS) -> None:
        self.weights = weights or Weights()
        self._channels = {name: Channel(recipe) for name, recipe in channels.items()}
        self._cosines = Postings()
        self._codes = CodedFields()
        self._named: dict[str, list[int]] = {}
        self._refs = Growing(np.int64)
        self._services = Growing(np.int64)
        self._days = Growing(np.float64)
        self._alive = Growing(np.bool_)
        self._row_of: dict[int, int] = {}
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, ref: int) -> bool:
        return ref in self._row_of

    def add(self, record: Record) -> None:
        """Append a record; an earlier one of the same number is retired."""
        analysis = analyse(record)
        with self._lock:
            self.retire(record.ref)
            row = self._row_of[record.ref] = len(self._refs)
            for name, channel in self._channels.items():
                channel.append(fields_of(analysis, name))
            self._cosines.append(coded(record))
            self._codes.append(record.codes)
            if record.name:
                self._named.setdefault(record.name.casefold(), []).append(row)
            self._refs.extend([record.ref])
            self._services.extend([record.service])
            self._days.extend([record.day])
            self._alive.extend([True])

    def retire(self, ref: int) -> None:
        """Never return this record again; nothing happens when it is not there."""
        with self._lock:
            row = self._row_of.pop(ref, None)
            if row is not None:
                self._alive.view[row] = False

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

        The query itself (same ref) is never returned. O(postings of the query's words).
        """
        with self._lock:
            return self._match(query, k=k, before=before, allowed=allowed, at_least=at_least)

    def scores(self, query: Record) -> Scores:
        """Every row's score, retired and invisible ones included: for measuring and learning, not for showing."""
        with self._lock:
            return self._score(self._ask(query))

    def _match(
        self, record: Record, *, k: int, before: float | None, allowed: Collection[int] | None, at_least: float
    ) -> list[Match]:
        query = self._ask(record)
        scores = self._score(query)
        alike = np.maximum(scores.text, scores.codes)
        rows = np.flatnonzero((alike > 0) & (alike >= at_least) & self._open_to(record.ref, before, allowed))
        best = rows[np.lexsort((-rows, -scores.total[rows]))][:k] if k > 0 else rows[:0]
        spelled = written(record)
        return [self._explain(int(row), query, scores, spelled) for row in best]

    def _open_to(self, ref: int, before: float | None, allowed: Collection[int] | None) -> NDArray[np.bool_]:
        shown: NDArray[np.bool_] = self._alive.view & (self._refs.view != ref)
        if before is not None:
            shown &= self._days.view < before
        if allowed is not None:
            shown &= np.isin(self._services.view, np.fromiter(allowed, dtype=np.int64, count=len(allowed)))
        return shown

    def _ask(self, record: Record) -> Query:
        analysis = analyse(record)
        terms = {name: channel.query(fields_of(analysis, name)) for name, channel in self._channels.items()}
        share = cjk_share(f"{record.title}\n{record.body[:SCRIPT_CHARACTERS]}")
        return Query(record, terms, self._cosines.query(coded(record)), share)

    def _weight(self, part: str, query: Query) -> float:
        return self.weights.of(part, cjk=query.cjk)

    def _score(self, query: Query) -> Scores:
        record, codes = query.record, self._cosines.dot(query.codes)
        parts = {name: channel.dot(query.terms[name]) for name, channel in self._channels.items()}
        text = parts["words"]
        if query.has_words:
            parts |= self._codes.parts(record.codes)
        else:
            parts = {"words": codes}  # coded fields stand for the words
        parts["service"] = 1.0 * ((self._services.view == record.service) & (record.service != NO_SERVICE))
        parts["age"] = -np.log1p(np.abs(record.day - self._days.view))
        parts["named"] = self._mentioned(record)
        total = np.zeros(len(self._refs))
        for name, part in parts.items():
            total += self._weight(name, query) * part
        return Scores(parts, text, codes, total)

    def _mentioned(self, record: Record) -> NDArray[np.float64]:
        """1 for rows that the query's text names."""
        found = np.zeros(len(self._refs))
        for mention in set(_MENTION.findall(f"{record.title}\n{record.body}")):
            found[self._named.get(mention.casefold(), [])] = 1.0
        return found

    def _explain(self, row: int, query: Query, scores: Scores, spelled: dict[str, str]) -> Match:
        reasons = [*self._of_words(row, query, spelled), *self._of_letters(row, query, scores)]
        reasons += [*self._of_codes(row, query, scores), *self._of_the_rest(row, scores)]
        reasons.sort(key=lambda reason: -abs(reason.value))
        text = float(scores.text[row]) if query.has_words else None
        ref, total = int(self._refs.view[row]), float(scores.total[row])
        return Match(ref, total, text, float(scores.codes[row]), tuple(reasons))

    def _of_words(self, row: int, query: Query, spelled: dict[str, str]) -> Iterable[Reason]:
        shared = self._shared("words", query, row)
        shown = TERMS_SHOWN if query.cjk < 0.5 else PAIRS_SHOWN
        yield from (Reason("term", "", spelled.get(token, token), value) for token, value in shared[:shown])
        if rest := sum(value for _, value in shared[shown:]):
            yield Reason("other_terms", "", "", rest)

    def _of_letters(self, row: int, query: Query, scores: Scores) -> Iterable[Reason]:
        if not query.has_words:
            return
        if alike := self._weight("letters", query) * float(scores.parts["letters"][row]):
            yield Reason("letters", "", "", alike)
        shared = self._shared("identifiers", query, row)
        yield from (Reason("identifier", "", name, value) for name, value in shared[:IDENTIFIERS_SHOWN])
        if rest := sum(value for _, value in shared[IDENTIFIERS_SHOWN:]):
            yield Reason("identifier", "", "", rest)

    def _of_codes(self, row: int, query: Query, scores: Scores) -> Iterable[Reason]:
        if not query.has_words:
            for code, value in self._cosines.shared(query.codes, row).items():
                field, _, detail = code.partition("\x1f")
                yield Reason("same_code", field, detail, self._weight("words", query) * value)
            return
        for name, part in scores.parts.items():
            kind, _, field = name.partition(":")
            value = self.weights.of(name) * float(part[row])
            if kind == "shared" and value:
                yield Reason("same_code", field, self._codes.rarest_shared(query.record.codes, field, row), value)
            elif kind == "differs" and value:
                yield Reason("other_code", field, "", value)

    def _of_the_rest(self, row: int, scores: Scores) -> Iterable[Reason]:
        for code, part in (("same_service", "service"), ("age", "age"), ("named", "named")):
            if value := self.weights.of(part) * float(scores.parts[part][row]):
                yield Reason(code, "", "", value)  # type: ignore[arg-type]

    def _shared(self, channel: str, query: Query, row: int) -> list[tuple[str, float]]:
        """(term, what it adds), the strongest first."""
        weight = self._weight(channel, query)
        shared = self._channels[channel].shared(query.terms[channel], row)
        return sorted(((name, weight * value) for name, value in shared.items()), key=lambda one: (-one[1], one[0]))
