"""The newest rows, in memory, still growing."""

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Floats
from genyin.sift.growing import Growing
from genyin.sift.keys import Keys
from genyin.sift.table import Columns, Entries, Found, Layout, Rows, Scratch, Table, listed


class TailTable:
    """What `Table` is, for rows that are still added. A term's column is the order in which it was first seen."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._column: dict[int, int] = {}
        self._df = Growing(np.int64)
        self._indptr = Growing(np.int64)
        self._indptr.extend([0])
        self._columns = Growing(np.int32)
        self.weights = Growing(np.float32)
        self._scratch = Scratch(0)

    @property
    def n(self) -> int:
        return len(self._indptr) - 1

    def append(self, n: int, rows: NDArray[np.int64], terms: Keys, weights: Floats) -> None:
        """Add `n` rows; entries stand row by row, rows counted from 0."""
        for term in dict.fromkeys(terms.tolist()):
            if term not in self._column:
                self._column[term] = len(self._column)
                self._df.extend([0])
        columns = self.find(terms)
        np.add.at(self._df.view, columns, 1)
        self._indptr.extend(len(self._columns) + np.cumsum(np.bincount(rows, minlength=n)))
        self._columns.extend(columns)
        self.weights.extend(weights)

    def find(self, terms: Keys) -> Columns:
        get = self._column.get
        return np.fromiter((get(term, -1) for term in terms.tolist()), dtype=np.int64, count=len(terms))

    def df(self, columns: Columns) -> NDArray[np.int64]:
        if not len(self._df):
            return np.zeros(len(columns), dtype=np.int64)
        return np.where(columns >= 0, self._df.view[columns], 0)

    def holding(self, columns: Columns, newest: NDArray[np.int64]) -> Found:
        df = np.where(newest > 0, self.df(columns), 0)
        found = self.entries(np.where(df > 0, columns, -1), None)
        order = np.argsort(found.asked, kind="stable")
        place = np.arange(len(order)) - np.repeat(np.cumsum(df) - df, df)  # among those of the term
        kept = order[place >= np.repeat(df - np.minimum(df, newest), df)]
        return Found(found.rows[kept], found.weights[kept], found.asked[kept])

    def entries(self, columns: Columns, rows: Rows | None) -> Found:
        if len(self._scratch.asked) < len(self._column):
            self._scratch = Scratch(2 * len(self._column))
        entries = Entries(self._indptr.view, self._columns.view, self.weights.view)
        return entries.picked(columns, rows, self._scratch)

    def sealed(self) -> Table:
        """The same rows as they are kept for good."""
        terms = np.fromiter(self._column, dtype=np.uint64, count=len(self._column))
        rows = np.repeat(np.arange(self.n), np.diff(self._indptr.view))
        return listed(self.n, terms, rows, self._columns.view, self.weights.view.copy(), self.layout)
