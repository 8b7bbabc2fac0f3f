"""A query against rows: every part of the score of those chosen, and which are chosen where there are many."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genyin.sift.asking import TOGETHER, Query
from genyin.sift.channel import Floats
from genyin.sift.growing import Growing, T, sums
from genyin.sift.keys import Keys, key, keys
from genyin.sift.parts import Parts
from genyin.sift.records import NO_SERVICE, Record
from genyin.sift.table import Found
from genyin.sift.weights import Weights

Rows = NDArray[np.int64]

_NUMBER = key("number")
_MENTION = re.compile(r"\b[A-Za-z][A-Za-z0-9_]*-?\d[\w-]*\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scores:
    """What rows score against one query, each of shape (n_rows,).

    parts : by name what `Weights` weighs
    text  : the part "words"
    codes : cosine of the coded fields
    total : the score
    held  : what the rows have of the query's terms
    """

    parts: dict[str, Floats]
    text: Floats
    codes: Floats
    total: Floats
    held: Found


def names(spelled: Iterable[str]) -> Keys:
    """How records are called, as terms of the view "names"."""
    return keys(name.casefold() for name in spelled)


def numbers(refs: Sequence[int]) -> Keys:
    """The numbers of records, as terms of the same view."""
    return np.array(refs, dtype=np.int64).view(np.uint64) ^ np.uint64(_NUMBER)


def named(records: Sequence[Record]) -> tuple[NDArray[np.int64], Keys, NDArray[np.float64]]:
    """Rows, terms and weights of what records are called, and of their numbers."""
    called = [at for at, record in enumerate(records) if record.name]
    rows = np.concatenate((np.arange(len(records)), np.array(called, dtype=np.int64)))
    terms = (numbers([record.ref for record in records]), names(records[at].name for at in called))
    order = np.argsort(rows, kind="stable")
    return rows[order], np.concatenate(terms)[order], np.ones(len(rows))


class About:
    """What each row is: its number, its service, its day, its stamp, and whether it may still be returned."""

    def __init__(self) -> None:
        self.refs = Growing(np.int64)
        self.services = Growing(np.int64)
        self.days = Growing(np.float64)
        self.stamps = Growing(np.int64)
        self.alive = Growing(np.bool_)

    def __len__(self) -> int:
        return len(self.refs)

    def extend(self, told: Mapping[str, NDArray[Any]]) -> None:
        self.refs.extend(told["refs"])
        self.services.extend(told["services"])
        self.days.extend(told["days"])
        self.stamps.extend(told["stamps"])
        self.alive.extend(np.ones(len(told["refs"]), dtype=np.bool_))


class Scorer:
    """Scores of one query over the rows of `parts`."""

    def __init__(self, query: Query, parts: Parts, about: About, weights: Weights) -> None:
        self.query, self.parts, self.about, self._weights = query, parts, about, weights
        self._known: dict[str, float] = {}

    def weight(self, part: str) -> float:
        if part not in self._known:
            self._known[part] = self._weights.of(part, cjk=self.query.cjk)
        return self._known[part]

    def score(self, rows: Rows | None) -> Scores:
        """`rows` ascending; None: all, retired and invisible ones included."""
        query = self.query
        many = len(self.about) if rows is None else len(rows)
        held = self.parts.entries(query.terms, rows)
        place = query.channel[held.asked] * many + held.rows
        by_channel = sums(place, query.weights[held.asked] * held.weights, TOGETHER * many)
        words, identifiers, codes = by_channel.reshape(TOGETHER, many)
        if query.has_words:
            parts = {"words": words, "letters": self._letters(rows, many), "identifiers": identifiers}
            parts |= query.codes.parts(held, many)
        else:
            parts = {"words": codes}  # coded fields stand for the words
        parts |= {"service": self._of_its_service(rows), "age": self._age(rows), "named": self._mentioned(rows, many)}
        total = np.zeros(many)
        for name, part in parts.items():
            total += self.weight(name) * part
        return Scores(parts, words, codes, total, held)

    def roughly(self, rows: Rows, found: Floats) -> Floats:
        """What rows score by the terms they were found by, the service and the age."""
        return found + self.weight("service") * self._of_its_service(rows) + self.weight("age") * self._age(rows)

    def _letters(self, rows: Rows | None, many: int) -> Floats:
        held = self.parts.entries(self.query.letters, rows)
        weights = self.query.letter_weights[held.asked] * held.weights
        return sums(held.rows, weights, many)

    def _of_its_service(self, rows: Rows | None) -> Floats:
        service = self.query.record.service
        same = of(self.about.services, rows) == service
        known: Floats = (same & (service != NO_SERVICE)).astype(np.float64)
        return known

    def _age(self, rows: Rows | None) -> Floats:
        age: Floats = -np.log1p(np.abs(self.query.record.day - of(self.about.days, rows)))
        return age

    def _mentioned(self, rows: Rows | None, many: int) -> Floats:
        """1 for rows that the query's text names."""
        text = f"{self.query.record.title}\n{self.query.record.body}"
        mentions = set(_MENTION.findall(text))
        found = np.zeros(many)
        if mentions:
            located = self.parts.locate("names", names(sorted(mentions)))
            named = self.parts.holding(located, located.df).rows if located.df.any() else located.df[:0]
            found[named if rows is None else np.searchsorted(rows, np.intersect1d(rows, named))] = 1.0
        return found


def of(values: Growing[T], rows: Rows | None) -> NDArray[T]:
    return values.view if rows is None else values.view[rows]
