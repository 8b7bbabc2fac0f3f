"""Views of all records side by side: BM25F whose rows are weighed once, when they are added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby

import numpy as np
from numpy.typing import NDArray

from genyin.sift.growing import sums
from genyin.sift.keys import Keys, key
from genyin.sift.text import is_cjk

YOUNG = 1024  # rows

Counts = Mapping[str, float]
Fields = Mapping[str, Sequence[Counts]]  # by channel
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


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
    """What `n` rows tell each channel: entries by channel, row and term, ascending.

    groups : (n_entries,) channel · n + row
    counts : (n_entries, n_fields)
    """

    n: int
    groups: Integers
    terms: Keys
    counts: Floats

    @property
    def rows(self) -> Integers:
        return self.groups % self.n

    @property
    def channels(self) -> Integers:
        return self.groups // self.n

    @classmethod
    def joined(cls, parts: "Sequence[Told]") -> "Told":
        """The rows of all, in their order."""
        n, before = sum(part.n for part in parts), np.cumsum([0, *(part.n for part in parts)])
        moved = [part.channels * n + part.rows + first for part, first in zip(parts, before, strict=False)]
        groups = np.concatenate(moved)
        order = np.argsort(groups, kind="stable")
        terms, counts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("terms", "counts"))
        return cls(n, groups[order], terms[order], counts[order])

    @classmethod
    def sliced(cls, parts: "Sequence[Told]", rows: int) -> "list[Told]":
        """The rows of all, in their order, some `rows` of them together."""
        ends = accumulate(part.n for part in parts)
        slices = groupby(zip(parts, ends, strict=True), key=lambda one: (one[1] - 1) // rows)
        return [cls.joined([part for part, _end in some]) for _slice, some in slices]

    @cached_property
    def by_field(self) -> "list[Floats]":
        return list(self.counts.T)

    def lengths(self, groups: int) -> Floats:
        """Counts by group and field."""
        return np.stack([sums(self.groups, counts, groups) for counts in self.by_field], axis=1)


@dataclass(frozen=True, slots=True)
class Learned:
    """What channels have learned from their rows: how many, counts by channel and field, sums of lengths by channel."""

    rows: int
    totals: list[list[float]]
    lengths: list[float]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was known when a group was weighed: rows before it (n_groups,), their counts (n_groups, n_fields)."""

    rows: Integers
    totals: Floats


class Channels:
    """What the rows were like so far: enough to weigh the next row and a query.

    Field f of a row counts a term c times and is l long; x = Σ w·c / (1 − b + b·l / mean l), weight
    x(k1 + 1)/(k1 + x) (BM25F: Robertson, Zaragoza and Taylor 2004), divided by (length of the row / mean length) to a
    power, its length being that of tf·idf (Singhal, Buckley and Mitra 1996 divide by a pivoted length alike). Means
    and length are those of the moment the row was added: no later row changes them, and nothing is rewritten. Only
    the first 1,024 rows, which had little to be compared with, are weighed anew at each milestone up to there.

    A query weighs a term of count q with 3q/(2 + q) · (idf / greatest idf)^power, idf = 1 + ln((n + 2) / (df + 1))
    over all rows of that moment, and is divided by what it scores against itself, so that 1 means "the same text".

    Channels are weighed together, each by its own recipe: one record is little work, and most of it would be calls.
    Document frequencies, (n_entries,) rows that hold the term, are given by the caller, who keeps the rows.
    """

    def __init__(self, recipes: Mapping[str, Recipe], learned: Learned | None = None) -> None:
        self.recipes, many = dict(recipes), len(recipes)
        width = max(len(recipe.fields) for recipe in recipes.values())
        fields = [(*recipe.fields, *[(0.0, 0.0)] * (width - len(recipe.fields))) for recipe in recipes.values()]
        self._weight, self._b = np.moveaxis(np.array(fields, dtype=np.float64), 2, 0)
        told = [(one.k1, one.power, one.cjk, one.length) for one in recipes.values()]
        self._k1, self._power, self._cjk, self._exponent = np.array(told, dtype=np.float64).T
        self._salt = np.array([key(f"channel {name}") for name in recipes], dtype=np.uint64)
        known = learned or Learned(0, [[0.0] * width] * many, [0.0] * many)
        self.rows, self._totals, self._lengths = known.rows, np.array(known.totals), np.array(known.lengths)

    @property
    def learned(self) -> Learned:
        return Learned(self.rows, self._totals.tolist(), self._lengths.tolist())

    def told(self, rows: Sequence[Fields]) -> Told:
        """What rows tell; the terms of one channel are kept apart from those of another."""
        flat = [(at * len(rows) + row, field, counts)
                for at, name in enumerate(self.recipes)
                for row, fields in enumerate(rows)
                for field, counts in enumerate(fields[name])]  # fmt: skip
        many = [len(counts) for _group, _field, counts in flat]
        group = np.repeat([one for one, _field, _counts in flat], many)
        field = np.repeat([one for _group, one, _counts in flat], many)
        terms = np.fromiter((key(term) for *_place, counts in flat for term in counts), np.uint64, count=len(group))
        values = np.fromiter((count for *_place, counts in flat for count in counts.values()), float, count=len(group))
        terms ^= self._salt[group // len(rows)]
        order = np.lexsort((terms, group))
        group, terms = group[order], terms[order]
        first = np.ones(len(group), dtype=np.bool_)
        first[1:] = (terms[1:] != terms[:-1]) | (group[1:] != group[:-1])
        counts = np.zeros((int(first.sum()), self._weight.shape[1]))
        counts[np.cumsum(first) - 1, field[order]] = values[order]
        return Told(len(rows), group[first], terms[first], counts)

    def spelled(self, fields: Fields, told: Told) -> list[str]:
        """The terms that the entries of one row stand for."""
        salts = zip(self.recipes, self._salt.tolist(), strict=True)
        by_key = {key(term) ^ salt: term for name, salt in salts for counts in fields[name] for term in counts}
        return [by_key[term] for term in told.terms.tolist()]

    def append(self, told: Told, df: Integers) -> Floats:
        """Weigh rows as if they had come one by one, and learn from each; `df` is that before all of them."""
        many = len(self.recipes)
        own = told.lengths(many * told.n).reshape(many, told.n, -1)
        totals = np.cumsum(np.concatenate((self._totals[:, None], own), axis=1), axis=1)
        known = _Known(np.tile(self.rows + np.arange(told.n), many), totals[:, :-1].reshape(many * told.n, -1))
        weights, lengths = self._unsized(told, known, df + _seen_before(told.terms))
        after = np.cumsum(np.concatenate((self._lengths[:, None], lengths.reshape(many, -1)), axis=1), axis=1)
        self.rows, self._totals, self._lengths = self.rows + told.n, totals[:, -1], after[:, -1]
        return self._sized(told, weights, lengths, after[:, 1:].ravel() / (known.rows + 1))

    def renewed(self, parts: Sequence[Told], df: Callable[[Told], Integers]) -> list[Floats]:
        """All rows so far, weighed by what is known now."""
        many, found = len(self.recipes), list[tuple[Floats, Floats]]()
        for told in parts:
            known = _Known(np.full(many * told.n, self.rows), np.repeat(self._totals, told.n, axis=0))
            found.append(self._unsized(told, known, df(told)))
        lengths = np.concatenate([lengths.reshape(many, -1) for _weights, lengths in found], axis=1)
        self._lengths = np.cumsum(lengths, axis=1)[:, -1]
        return [
            self._sized(told, weights, lengths, np.repeat(self._lengths / self.rows, told.n))
            for told, (weights, lengths) in zip(parts, found, strict=True)
        ]

    def query(self, told: Told, names: Sequence[str], df: Integers) -> Floats:
        """The weights of a query's terms, whose `names` stand as its entries do; zeros where a channel says nothing.

        Against its own text a row would score 1.
        """
        channel, many = told.channels, len(self.recipes)
        weights, lengths = self._unsized(told, _Known(np.full(many, self.rows), self._totals), df)
        own = self._sized(told, weights, lengths, (self._lengths + lengths) / (self.rows + 1))
        q = (told.counts * self._weight[channel]).sum(axis=1)
        asked = 3 * q / (2 + q) * self._rarity(names, channel, df)
        itself = sums(channel, asked * own, many)[channel]
        found: Floats = np.divide(asked, itself, out=np.zeros_like(asked), where=itself > 0)
        return found

    def _unsized(self, told: Told, known: _Known, df: Integers) -> tuple[Floats, Floats]:
        """(weights before they are divided, length of each group)."""
        groups, rows = len(known.rows), known.rows[:, None]
        means = np.divide(known.totals, rows, out=np.ones_like(known.totals), where=(known.totals > 0) & (rows > 0))
        of = np.repeat(np.arange(len(self.recipes)), told.n)  # the channel of each group
        scale = self._weight[of] / (1 - self._b[of] + self._b[of] * told.lengths(groups) / means)
        x, k1 = (scale[told.groups] * told.counts).sum(axis=1), self._k1[told.channels]
        weights = x * (k1 + 1) / (k1 + x)
        squares = (weights * (1 + np.log((known.rows[told.groups] + 2) / (df + 1)))) ** 2
        return weights, np.sqrt(sums(told.groups, squares, groups))

    def _sized(self, told: Told, weights: Floats, lengths: Floats, means: Floats) -> Floats:
        relative = np.divide(lengths, means, out=np.ones_like(means), where=lengths > 0)
        sized: Floats = weights / (relative ** np.repeat(self._exponent, told.n))[told.groups]
        return sized

    def _rarity(self, names: Sequence[str], channel: Integers, df: Integers) -> Floats:
        powers = np.where([is_cjk(name) for name in names], self._cjk[channel], self._power[channel])
        idf = 1 + np.log((self.rows + 2) / (df + 1))
        rarity: Floats = (idf / (1 + np.log(self.rows + 2))) ** powers
        return rarity


def _seen_before(terms: Keys) -> Integers:
    """How often each of `terms` (n,) stands before its place."""
    order = np.argsort(terms, kind="stable")
    first = np.ones(len(terms), dtype=np.bool_)
    first[1:] = terms[order][1:] != terms[order][:-1]
    places = np.arange(len(terms))
    found = np.zeros(len(terms), dtype=np.int64)
    found[order] = places - np.maximum.accumulate(np.where(first, places, 0))
    return found
