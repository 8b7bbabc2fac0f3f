"""One view of all records, searched: BM25F whose rows are weighed once, when they are added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.postings import Growing, Rows, milestone
from genyin.sift.text import is_cjk

YOUNG = 1024  # rows

Counts = Mapping[str, float]


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


class Channel:
    """Rows of one view in the order they were added.

    Field f of a row counts a term c times and is l long; x = Σ w·c / (1 − b + b·l / mean l), weight
    x(k1 + 1)/(k1 + x) (BM25F: Robertson, Zaragoza and Taylor 2004), divided by (length of the row / mean length) to a
    power, its length being that of tf·idf (Singhal, Buckley and Mitra 1996 divide by a pivoted length alike). Means
    and length are those of the moment the row was added: no later row changes them, and nothing is rewritten. Only
    the first 1,024 rows, which had little to be compared with, are weighed anew at each milestone up to there.

    A query weighs a term of count q with 3q/(2 + q) · (idf / greatest idf)^power, idf = 1 + ln((n + 2) / (df + 1))
    over all rows of that moment, and is divided by what it scores against itself, so that 1 means "the same text".

    Not safe to append and ask at the same time: the owner holds a lock.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._columns: dict[str, int] = {}
        self._df = Growing(np.int64)
        self._field_totals = np.zeros(len(recipe.fields))
        self._length_total = 0.0
        self._rows = Rows()
        self._weights = Growing(np.float32)
        self._counts = [Growing(np.float32) for _ in recipe.fields]  # of the young rows, by entry

    def __len__(self) -> int:
        return len(self._rows)

    def append(self, fields: Sequence[Counts]) -> None:
        """Add a row; `fields` are its counts, one mapping for each field of the recipe."""
        names, weights, length = self._weigh(fields)
        for name in names:
            if name not in self._columns:
                self._columns[name] = len(self._columns)
                self._df.extend([0])
        columns = self._find(names)
        self._rows.append(columns.astype(np.int32))
        self._weights.extend(weights.astype(np.float32))
        self._df.view[columns] += 1
        self._field_totals += [sum(counts.values()) for counts in fields]
        self._length_total += length
        if len(self) <= YOUNG:
            for held, counts in zip(self._counts, fields, strict=True):
                held.extend([counts.get(name, 0.0) for name in names])
            if milestone(len(self)) == len(self):
                self._renew()

    def query(self, fields: Sequence[Counts]) -> dict[str, float]:
        """The query's weight by term; {} where it says nothing. Against its own text `dot` would give 1."""
        names, own, _length = self._weigh(fields)
        if not names:
            return {}
        asked: dict[str, float] = {}
        for (weight, _b), counts in zip(self._recipe.fields, fields, strict=True):
            for name, count in counts.items():
                asked[name] = asked.get(name, 0.0) + weight * count
        q = np.array([asked[name] for name in names])
        weights = 3 * q / (2 + q) * self._rarity(names)
        itself = float(weights @ own)
        return dict(zip(names, (weights / itself).tolist(), strict=True)) if itself > 0 else {}

    def dot(self, query: Mapping[str, float]) -> NDArray[np.float64]:
        """Scores (n_rows,) of all rows against weights from `query`; at least 0, and about 1 for the same text."""
        if (mark := milestone(len(self))) != self._rows.sealed:
            self._rows.seal(mark, self._weights.view)
        known = {self._columns[name]: weight for name, weight in query.items() if name in self._columns}
        return self._rows.dot(known, self._weights.view, width=len(self._columns))

    def shared(self, query: Mapping[str, float], row: int) -> dict[str, float]:
        """What each term of the query adds to the score of one row; sums to `dot(query)[row]`."""
        span = self._rows.span(row)
        of_row = dict(zip(self._rows.indices.view[span].tolist(), self._weights.view[span].tolist(), strict=True))
        found = {name: weight * of_row.get(self._columns.get(name, -1), 0.0) for name, weight in query.items()}
        return {name: value for name, value in found.items() if value > 0}

    def _weigh(self, fields: Sequence[Counts]) -> tuple[list[str], NDArray[np.float64], float]:
        """(terms, their weights as a row added now would have them, that row's length)."""
        n, k1 = len(self), self._recipe.k1
        counted: dict[str, float] = {}
        for place, ((weight, b), counts) in enumerate(zip(self._recipe.fields, fields, strict=True)):
            mean = self._field_totals[place] / n if n and self._field_totals[place] else 1.0
            scale = weight / (1 - b + b * sum(counts.values()) / mean)
            for name, count in counts.items():
                counted[name] = counted.get(name, 0.0) + scale * count
        if not counted:
            return [], np.zeros(0), 0.0
        x = np.array(list(counted.values()))
        weights = x * (k1 + 1) / (k1 + x)
        length = float(np.linalg.norm(weights * self._idf(self._df_of(list(counted)))))
        mean_length = (self._length_total + length) / (n + 1)
        return list(counted), weights / (length / mean_length) ** self._recipe.length, length

    def _renew(self) -> None:
        """Weigh all rows by what is known now."""
        n, k1 = len(self), self._recipe.k1
        columns, rows = self._rows.indices.view, self._rows.of_entries()
        x = np.zeros(len(columns))
        for (weight, b), held, total in zip(self._recipe.fields, self._counts, self._field_totals, strict=True):
            counts = held.view.astype(np.float64)
            long = np.bincount(rows, weights=counts, minlength=n)
            x += weight * counts / (1 - b + b * long[rows] / (total / n if total else 1.0))
        weights = x * (k1 + 1) / (k1 + x)
        lengths = np.sqrt(np.bincount(rows, weights=(weights * self._idf(self._df.view[columns])) ** 2, minlength=n))
        self._length_total = float(lengths.sum())
        divisors = (lengths[rows] * n / self._length_total) ** self._recipe.length if len(rows) else np.ones(0)
        self._weights.view[:] = weights / divisors

    def _find(self, names: Sequence[str]) -> NDArray[np.int64]:
        return np.fromiter((self._columns.get(name, -1) for name in names), dtype=np.int64, count=len(names))

    def _df_of(self, names: Sequence[str]) -> NDArray[np.int64]:
        columns = self._find(names)
        if not len(self._df):
            return np.zeros(len(names), dtype=np.int64)
        return np.where(columns >= 0, self._df.view[columns], 0)

    def _idf(self, df: NDArray[np.int64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = 1 + np.log((len(self) + 2) / (df + 1))
        return found

    def _rarity(self, names: Sequence[str]) -> NDArray[np.float64]:
        recipe = self._recipe
        powers = np.array([recipe.cjk if is_cjk(name) else recipe.power for name in names])
        greatest = self._idf(np.zeros(1, dtype=np.int64))[0]
        rarity: NDArray[np.float64] = (self._idf(self._df_of(names)) / greatest) ** powers
        return rarity
