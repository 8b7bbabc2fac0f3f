"""One view of all records: BM25F whose rows are weighed once, when they are added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.keys import Keys, key
from genyin.sift.text import is_cjk

YOUNG = 1024  # rows

Counts = Mapping[str, float]
Floats = NDArray[np.float64]
#: Rows that hold each of these terms.
Frequencies = Callable[[Keys], NDArray[np.int64]]


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


@dataclass(frozen=True, slots=True)
class Told:
    """What `n` rows tell, flat: an entry for each term of each field of each row, row by row."""

    n: int
    rows: NDArray[np.int64]
    fields: NDArray[np.int64]
    terms: Keys
    counts: Floats

    @classmethod
    def of(cls, rows: Sequence[Sequence[Counts]], n_fields: int) -> "Told":
        flat = [counts for fields in rows for counts in fields]
        place = np.repeat(np.arange(len(flat)), [len(counts) for counts in flat])
        terms = np.fromiter((key(term) for counts in flat for term in counts), dtype=np.uint64)
        counts = np.fromiter((count for counts in flat for count in counts.values()), dtype=np.float64)
        return cls(len(rows), place // n_fields, place % n_fields, terms, counts)

    def joined(self, other: "Told") -> "Told":
        """The rows of both, those of `other` after ours."""
        pairs = ((self.rows, other.rows + self.n), (self.fields, other.fields), (self.counts, other.counts))
        rows, fields, counts = map(np.concatenate, pairs)
        return Told(self.n + other.n, rows, fields, np.concatenate((self.terms, other.terms)), counts)

    def lengths(self, n_fields: int) -> Floats:
        """Counts by row and field, (n, n_fields)."""
        place = self.rows * n_fields + self.fields
        return np.bincount(place, weights=self.counts, minlength=self.n * n_fields).reshape(self.n, n_fields)

    def summed(self, scale: Floats) -> tuple[NDArray[np.int64], Keys, Floats]:
        """(row, term, Σ scale · count over the fields) of each term of each row; `scale` is (n, n_fields)."""
        order = np.lexsort((self.terms, self.rows))
        rows, terms = self.rows[order], self.terms[order]
        x = (scale[self.rows, self.fields] * self.counts)[order]
        first = np.ones(len(x), dtype=bool)
        first[1:] = (rows[1:] != rows[:-1]) | (terms[1:] != terms[:-1])
        starts = np.flatnonzero(first)
        return rows[starts], terms[starts], np.add.reduceat(x, starts) if len(x) else x


@dataclass(frozen=True, slots=True)
class Weighed:
    """Entries row by row, each row's by ascending term, with the rows that held the term; and how long each row is."""

    rows: NDArray[np.int64]
    terms: Keys
    weights: Floats
    df: NDArray[np.int64]
    lengths: Floats


@dataclass(frozen=True, slots=True)
class Asked:
    """A query in one channel: its terms, their keys and weights."""

    names: tuple[str, ...]
    terms: Keys
    weights: Floats


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

    Document frequencies are given by the caller, who keeps the rows.
    """

    def __init__(self, recipe: Recipe, rows: int = 0, totals: Sequence[float] = (), length: float = 0.0) -> None:
        self.recipe = recipe
        self.rows = rows
        self.totals = np.array(totals) if totals else np.zeros(len(recipe.fields))
        self.length = length

    def append(self, told: Told, df: Frequencies) -> Weighed:
        """Weigh rows as if they had come one by one, and learn from each."""
        known, lengths = self._before_each(told), self._long_after_each
        weighed = self._unsized(told, known, df)
        after = lengths(weighed.lengths)
        sized = self._sized(weighed, after / (known.rows + 1))
        self.length = float(after[-1])
        self.rows += told.n
        self.totals = self.totals + told.lengths(len(self.recipe.fields)).sum(axis=0)
        return sized

    def renewed(self, told: Told, df: Frequencies) -> Weighed:
        """All rows so far, weighed by what is known now."""
        known = Known(np.full(told.n, self.rows), np.tile(self.totals, (told.n, 1)))
        weighed = self._unsized(told, known, df, at_once=True)
        self.length = float(np.cumsum(weighed.lengths)[-1])
        return self._sized(weighed, np.full(told.n, self.length / self.rows))

    def query(self, fields: Sequence[Counts], df: Frequencies) -> Asked:
        """The query's weight by term; nothing where it says nothing. Against its own text a row would score 1."""
        told = Told.of([fields], len(self.recipe.fields))
        if not len(told.terms):
            return Asked((), told.terms, told.counts)
        weighed = self._unsized(told, self._before_each(told), df)
        own = self._sized(weighed, (self.length + weighed.lengths) / (self.rows + 1))
        _rows, _terms, q = told.summed(np.array([[weight for weight, _b in self.recipe.fields]]))
        by_key = {key(name): name for counts in fields for name in counts}
        names = tuple(by_key[one] for one in own.terms.tolist())
        weights = 3 * q / (2 + q) * self._rarity(names, own.df)
        itself = float(weights @ own.weights)
        return Asked(names, own.terms, weights / itself) if itself > 0 else Asked((), own.terms[:0], weights[:0])

    def _before_each(self, told: Told) -> Known:
        lengths = told.lengths(len(self.recipe.fields))
        totals = np.cumsum(np.vstack((self.totals, lengths)), axis=0)[:-1]
        return Known(self.rows + np.arange(told.n), totals)

    def _long_after_each(self, lengths: Floats) -> Floats:
        return np.cumsum(np.concatenate(([self.length], lengths)))[1:]

    def _unsized(self, told: Told, known: Known, df: Frequencies, *, at_once: bool = False) -> Weighed:
        """Weights before they are divided; `at_once`: each row is judged by all of them, itself included."""
        recipe, rows = self.recipe, np.maximum(known.rows, 1)[:, None]
        means = np.where((known.rows[:, None] > 0) & (known.totals > 0), known.totals / rows, 1.0)
        weight, b = np.array(recipe.fields).T
        scale = weight / (1 - b + b * told.lengths(len(recipe.fields)) / means)
        of_rows, terms, x = told.summed(scale)
        weights = x * (recipe.k1 + 1) / (recipe.k1 + x)
        held = df(terms) if at_once else df(terms) + _seen_before(terms)
        squares = (weights * (1 + np.log((known.rows[of_rows] + 2) / (held + 1)))) ** 2
        lengths = np.sqrt(np.bincount(of_rows, weights=squares, minlength=told.n))
        return Weighed(of_rows, terms, weights, held, lengths)

    def _sized(self, weighed: Weighed, means: Floats) -> Weighed:
        relative = np.divide(weighed.lengths, means, out=np.ones_like(means), where=weighed.lengths > 0)
        divisors = relative**self.recipe.length
        return Weighed(weighed.rows, weighed.terms, weighed.weights / divisors[weighed.rows], weighed.df, weighed.lengths)

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
