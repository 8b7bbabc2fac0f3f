"""An append-only index of records: every earlier record scored, each score explained."""

import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.postings import Growing, Postings
from genyin.sift.records import NO_SERVICE, Match, Reason, Record
from genyin.sift.tokens import surfaces

TITLE_WEIGHT = 3
BODY_CHARACTERS = 6000
TERMS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part adds to a score.

    terms   : times the cosine of the words, 0 to 1
    codes   : times the cosine of the coded fields, 0 to 1; a query without any word takes `terms`
              here instead, or the age alone would decide
    service : when both have the same known service
    age     : times -ln(1 + days between the two records)

    The defaults were chosen on the duplicate sets of HADOOP, MAPREDUCE and ZOOKEEPER (bench.match);
    the best value of each is flat around them.
    """

    terms: float = 1.0
    codes: float = 0.05
    service: float = 0.03
    age: float = 0.03

    def of_codes(self, *, has_words: bool) -> float:
        return self.codes if has_words else self.terms


@dataclass(frozen=True, slots=True)
class Scores:
    """Parts of the score of every row against one query, each of shape (n_rows,)."""

    text: NDArray[np.float64]
    codes: NDArray[np.float64]
    service: NDArray[np.bool_]
    age_days: NDArray[np.float64]
    total: NDArray[np.float64]


def count_words(record: Record) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for token, _ in surfaces(record.title):
        counts[token] += TITLE_WEIGHT
    counts.update(token for token, _ in surfaces(record.body[:BODY_CHARACTERS]))
    return dict(counts)


def count_codes(record: Record) -> dict[str, float]:
    return {f"{field}\x1f{value}": 1.0 for field, value in record.codes}


class Index:
    """Records in the order they were added; ask for those most like another one.

    `add` and `match` may be called from several threads. A record that changed is added again under
    its number: the older row stays in the statistics and is never returned.
    """

    def __init__(self, weights: Weights | None = None) -> None:
        self.weights = weights or Weights()
        self._words = Postings()
        self._codes = Postings()
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
        words, codes = count_words(record), count_codes(record)
        with self._lock:
            self.retire(record.ref)
            self._row_of[record.ref] = self._words.append(words)
            self._codes.append(codes)
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
        """Every row's score, retired and invisible ones included: for measuring, not for showing."""
        with self._lock:
            return self._score(query, self._words.query(count_words(query)), self._codes.query(count_codes(query)))

    def _match(
        self, query: Record, *, k: int, before: float | None, allowed: Collection[int] | None, at_least: float
    ) -> list[Match]:
        words, codes = self._words.query(count_words(query)), self._codes.query(count_codes(query))
        scores = self._score(query, words, codes)
        alike = np.maximum(scores.text, scores.codes)
        rows = np.flatnonzero((alike > 0) & (alike >= at_least) & self._open_to(query.ref, before, allowed))
        best = rows[np.lexsort((-rows, -scores.total[rows]))][:k] if k > 0 else rows[:0]
        written = dict(reversed(surfaces(f"{query.title}\n{query.body[:BODY_CHARACTERS]}")))
        return [self._explain(int(row), scores, words, codes, written) for row in best]

    def _open_to(self, ref: int, before: float | None, allowed: Collection[int] | None) -> NDArray[np.bool_]:
        shown: NDArray[np.bool_] = self._alive.view & (self._refs.view != ref)
        if before is not None:
            shown &= self._days.view < before
        if allowed is not None:
            shown &= np.isin(self._services.view, np.fromiter(allowed, dtype=np.int64, count=len(allowed)))
        return shown

    def _score(self, query: Record, words: dict[str, float], codes: dict[str, float]) -> Scores:
        weights = self.weights
        text, coded = self._words.dot(words), self._codes.dot(codes)
        service = (self._services.view == query.service) & (query.service != NO_SERVICE)
        age = np.abs(query.day - self._days.view)
        total = weights.terms * text + weights.of_codes(has_words=bool(words)) * coded
        total += weights.service * service
        return Scores(text, coded, service, age, total - weights.age * np.log1p(age))

    def _explain(
        self, row: int, scores: Scores, words: dict[str, float], codes: dict[str, float], written: dict[str, str]
    ) -> Match:
        weights = self.weights
        terms = sorted(self._words.shared(words, row).items(), key=lambda term: (-term[1], term[0]))
        reasons = [Reason("term", "", written[token], weights.terms * value) for token, value in terms[:TERMS_SHOWN]]
        if rest := sum(value for _, value in terms[TERMS_SHOWN:]):
            reasons.append(Reason("other_terms", "", "", weights.terms * rest))
        coded_weight = weights.of_codes(has_words=bool(words))
        for code, value in self._codes.shared(codes, row).items():
            field, _, detail = code.partition("\x1f")
            reasons.append(Reason("same_code", field, detail, coded_weight * value))
        if scores.service[row]:
            reasons.append(Reason("same_service", "", "", weights.service))
        if scores.age_days[row] > 0:
            reasons.append(Reason("age", "", "", -weights.age * float(np.log1p(scores.age_days[row]))))
        reasons.sort(key=lambda reason: -abs(reason.value))
        return Match(int(self._refs.view[row]), float(scores.total[row]), float(scores.text[row]), tuple(reasons))
