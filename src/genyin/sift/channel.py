"""One view of all records: BM25F whose rows are weighed once, when they are added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from genyin.sift.keys import Keys, key
from genyin.sift.text import is_cjk

YOUNG = 1024  # rows

Counts = Mapping[str, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a channel weighs.

    fields  : (weight, b) of each field: how much an occurrence counts, and how far a long field discounts it
    k1      : where repetition saturates
    power   : exponent of a term's rarity; CJK characters and pairs take `cjk`: rare ones among them say less than rare
              words do
    length  : exponent by which a row is divided by its length relative to the mean
    """

    fields: tuple[tuple[float, float], ...]
    k1: float
    power: float
    length: float
    cjk: float = 1.5


@dataclass(frozen=True)
class Told:
    """What `n` rows tell: entries row by row, each row's by ascending term.

    counts : (n_entries, n_fields)
    """

    n: int
    rows: NDArray[np.int64]
    terms: Keys
    counts: Floats

    @classmethod
    def of(cls, rows: Sequence[Sequence[Counts]], n_fields: int, salt: int = 0) -> "Told":
        """`salt` keeps the terms of one channel apart from those of another."""
        flat = [counts for fields in rows for counts in fields]
        many = [len(counts) for counts in flat]
        total = sum(many)
        terms = np.fromiter((key(term) for counts in flat for term in counts), dtype=np.uint64, count=total)
        values = np.fromiter((count for counts in flat for count in counts.values()), dtype=np.float64, count=total)
        terms ^= np.uint64(salt)
        of_rows, field = np.divmod(np.repeat(np.arange(len(flat)), many), n_fields)
        order = np.lexsort((terms, of_rows)) if len(rows) > 1 else np.argsort(terms)
        of_rows, terms = of_rows[order], terms[order]
        first = np.ones(total, dtype=np.bool_)
        first[1:] = (of_rows[1:] != of_rows[:-1]) | (terms[1:] != terms[:-1])
        starts = np.flatnonzero(first)
        counts = np.zeros((len(starts), n_fields))
        counts[np.cumsum(first) - 1, field[order]] = values[order]
        return cls(len(rows), of_rows[starts], terms[starts], counts)

    def joined(self, other: "Told") -> "Told":
        """The rows of both, those of `other` after ours."""
        rows, terms = (self.rows, other.rows + self.n), (self.terms, other.terms)
        counts = np.concatenate((self.counts, other.counts))
        return Told(self.n + other.n, np.concatenate(rows), np.concatenate(terms), counts)

    @cached_property
    def lengths(self) -> Floats:
        """Counts by row and field, (n, n_fields)."""
        if self.n == 1:
            return self.counts.sum(axis=0, keepdims=True)
        by_field = [np.bincount(self.rows, weights=counts, minlength=self.n) for counts in self.counts.T]
        return np.stack(by_field, axis=1)


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights of the entries that were told, and how long each row is."""

    weights: Floats
    lengths: Floats


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a channel has learned from its rows: how many they are, their counts by field, the sum of their lengths."""

    rows: int
    totals: list[float]
    length: float


@dataclass(frozen=True, slots=True)
class Known:
    """What was known when a row was weighed: rows before it (n,), counts by field in them (n, n_fields)."""

    rows: NDArray[np.int64]
    totals: Floats


class Channel:
    """What the rows of one view were like, row by row: enough to weigh the next row and a query.

    Field f of a row counts a term c times and is l long; x = Σ w·c / (1 − b + b·l / mean l), weight
    x(k1 + 1)/(k1 + x) (BM25F: Robertson, Zaragoza and Taylor 2004), divided by (length of the row / mean length) to a
    power, its length being that of tf·idf (Singhal, Buckley and Mitra 1996 divide by a pivoted length alike). Means
    and length are those of the moment the row was added: no later row changes them, and nothing is rewritten. Only
    the first 1,024 rows, which had little to be compared with, are weighed anew at each milestone up to there.

    A query weighs a term of count q with 3q/(2 + q) · (idf / greatest idf)^power, idf = 1 + ln((n + 2) / (df + 1))
    over all rows of that moment, and is divided by what it scores against itself, so that 1 means "the same text".

    Document frequencies, (n_entries,) rows that hold the term, are given by the caller, who keeps the rows.
    """

    def __init__(self, recipe: Recipe, learned: "Statistics | None" = None) -> None:
        self.recipe = recipe
        known = learned or Statistics(0, [0.0] * len(recipe.fields), 0.0)
        self.rows, self.totals, self.length = known.rows, np.array(known.totals, dtype=np.float64), known.length
        self._weight, self._b = np.array(recipe.fields, dtype=np.float64).T

    @property
    def learned(self) -> "Statistics":
        return Statistics(self.rows, self.totals.tolist(), self.length)

    def append(self, told: Told, df: NDArray[np.int64]) -> Weighed:
        """Weigh rows as if they had come one by one, and learn from each; `df` is that before all of them."""
        known = self._before_each(told)
        weighed = self._unsized(told, known, df + _seen_before(told.terms))
        after = np.cumsum(np.concatenate(([self.length], weighed.lengths)))[1:]
        sized = self._sized(told, weighed, after / (known.rows + 1))
        self.length = float(after[-1])
        self.rows += told.n
        self.totals = self.totals + told.counts.sum(axis=0)
        return sized

    def renewed(self, told: Told, df: NDArray[np.int64]) -> Weighed:
        """All rows so far, weighed by what is known now."""
        known = Known(np.full(told.n, self.rows), np.tile(self.totals, (told.n, 1)))
        weighed = self._unsized(told, known, df)
        self.length = float(np.cumsum(weighed.lengths)[-1])
        return self._sized(told, weighed, np.full(told.n, self.length / self.rows))

    def query(self, told: Told, names: Sequence[str], df: NDArray[np.int64]) -> Floats:
        """The weights of a query's terms, whose `names` stand as its entries do; zeros where it says nothing.

        Against its own text a row would score 1.
        """
        weighed = self._unsized(told, self._before_each(told), df)
        own = self._sized(told, weighed, (self.length + weighed.lengths) / (self.rows + 1))
        q = told.counts @ self._weight
        weights: Floats = 3 * q / (2 + q) * self._rarity(names, df)
        itself = float(weights @ own.weights)
        return weights / itself if itself > 0 else np.zeros_like(weights)

    def _before_each(self, told: Told) -> Known:
        if told.n == 1:
            return Known(np.array([self.rows]), self.totals[None, :])
        totals = np.cumsum(np.vstack((self.totals, told.lengths)), axis=0)[:-1]
        return Known(self.rows + np.arange(told.n), totals)

    def _unsized(self, told: Told, known: Known, df: NDArray[np.int64]) -> Weighed:
        """Weights before they are divided."""
        k1, rows = self.recipe.k1, known.rows[:, None]
        means = np.divide(known.totals, rows, out=np.ones_like(known.totals), where=(known.totals > 0) & (rows > 0))
        scale = self._weight / (1 - self._b + self._b * told.lengths / means)
        x = (scale[told.rows] * told.counts).sum(axis=1)
        weights = x * (k1 + 1) / (k1 + x)
        squares = (weights * (1 + np.log((known.rows[told.rows] + 2) / (df + 1)))) ** 2
        return Weighed(weights, np.sqrt(np.bincount(told.rows, weights=squares, minlength=told.n)))

    def _sized(self, told: Told, weighed: Weighed, means: Floats) -> Weighed:
        relative = np.divide(weighed.lengths, means, out=np.ones_like(means), where=weighed.lengths > 0)
        divisors = relative**self.recipe.length
        return Weighed(weighed.weights / divisors[told.rows], weighed.lengths)

    def _rarity(self, names: Sequence[str], df: NDArray[np.int64]) -> Floats:
        recipe = self.recipe
        powers = np.array([recipe.cjk if is_cjk(name) else recipe.power for name in names])
        idf = 1 + np.log((self.rows + 2) / (df + 1))
        rarity: Floats = (idf / (1 + np.log(self.rows + 2))) ** powers
        return rarity


def _seen_before(terms: Keys) -> NDArray[np.int64]:
    """How often each of `terms` (n,) stands before its place."""
    order = np.argsort(terms, kind="stable")
    first = np.ones(len(terms), dtype=bool)
    first[1:] = terms[order][1:] != terms[order][:-1]
    places = np.arange(len(terms))
    found = np.zeros(len(terms), dtype=np.int64)
    found[order] = places - np.maximum.accumulate(np.where(first, places, 0))
    return found
