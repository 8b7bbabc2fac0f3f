"""Append-only sparse rows that can be searched by column.

One class for every kind of feature (words now, coded fields, later 4-grams and identifiers), so
that scoring, sealing and growth are written once.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_EXACT_UP_TO = 64

T = TypeVar("T", bound=np.generic)


def milestone(n_rows: int) -> int:
    """The number of rows whose statistics a collection of `n_rows` is judged by.

    Up to 64 rows every row counts at once; then statistics are renewed with each eighth of growth.
    It depends on nothing but the number of rows: the same rows give the same scores on every node,
    whenever it was asked.
    """
    if n_rows <= _EXACT_UP_TO:
        return n_rows
    mark = _EXACT_UP_TO
    while mark + mark // 8 <= n_rows:
        mark += mark // 8
    return mark


class Growing(Generic[T]):
    """A one-dimensional array with room at its end; `view` is what has been filled."""

    def __init__(self, dtype: type[T]) -> None:
        self._data: NDArray[T] = np.zeros(256, dtype=dtype)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    @property
    def view(self) -> NDArray[T]:
        return self._data[: self._n]

    def extend(self, values: Sequence[float] | NDArray[T]) -> None:
        end = self._n + len(values)
        if end > len(self._data):
            larger = np.zeros(max(end, 2 * len(self._data)), dtype=self._data.dtype)
            larger[: self._n] = self._data[: self._n]
            self._data = larger
        self._data[self._n : end] = values
        self._n = end


class Postings:
    """TF-IDF rows over a growing vocabulary, with cosine against all of them.

    A row holds counts c of columns. Its weights are (1 + ln c) * idf, divided by their Euclidean
    length, with idf = ln((1 + n) / (1 + df)) + 1 over the first n = milestone(rows) rows (Salton and
    Buckley 1988, "ltc"; idf smoothed as in scikit-learn's TfidfVectorizer). Nothing that was added
    after the last milestone changes a score, and nothing is ever rewritten.

    Not safe to append and ask at the same time: the owner holds a lock.
    """

    def __init__(self) -> None:
        self._columns: dict[str, int] = {}
        self._indptr = Growing(np.int64)
        self._indptr.extend([0])
        self._indices = Growing(np.int32)
        self._counts = Growing(np.float32)
        self._weights = Growing(np.float64)  # filled up to _weighted rows, under the idf of _mark
        self._weighted = 0
        self._mark = -1
        self._idf: NDArray[np.float64] = np.zeros(0)
        self._list_start: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self._list_rows: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._list_weights: NDArray[np.float64] = np.zeros(0)

    def __len__(self) -> int:
        return len(self._indptr) - 1

    def append(self, counts: dict[str, float]) -> int:
        """Add a row; its number. Counts below 1 are not allowed: 1 + ln c would turn negative."""
        self._indices.extend([self._columns.setdefault(name, len(self._columns)) for name in counts])
        self._counts.extend(list(counts.values()))
        self._indptr.extend([len(self._indices)])
        return len(self) - 1

    def idf(self, name: str) -> float:
        """Weight of a column, at least 1; the highest for a name not seen up to the milestone."""
        self._catch_up()
        return float(self._idf_of(np.array([self._columns.get(name, -1)]))[0])

    def query(self, counts: dict[str, float]) -> dict[str, float]:
        """The query's weights by name, of Euclidean length 1; {} for an empty query."""
        self._catch_up()
        if not counts:
            return {}
        known = np.array([self._columns.get(name, -1) for name in counts])
        weights = (1 + np.log(np.array(list(counts.values())))) * self._idf_of(known)
        weights /= np.sqrt(weights @ weights)
        return dict(zip(counts, weights.tolist(), strict=True))

    def dot(self, query: dict[str, float]) -> NDArray[np.float64]:
        """Scores (n_rows,) of all rows against weights from `query`; in [0, 1]."""
        self._catch_up()
        scores = np.zeros(len(self))
        dense = np.zeros(len(self._columns))
        for name, weight in query.items():
            column = self._columns.get(name)
            if column is None:
                continue
            dense[column] = weight
            if column < len(self._list_start) - 1:
                span = slice(self._list_start[column], self._list_start[column + 1])
                scores[self._list_rows[span]] += weight * self._list_weights[span]
        start = self._indptr.view[self._mark]
        tail = dense[self._indices.view[start:]] * self._weights.view[start:]
        rows = np.repeat(np.arange(len(self) - self._mark), np.diff(self._indptr.view[self._mark :]))
        scores[self._mark :] = np.bincount(rows, weights=tail, minlength=len(self) - self._mark)
        return scores

    def shared(self, query: dict[str, float], row: int) -> dict[str, float]:
        """What each name of the query adds to the score of one row; sums to `dot(query)[row]`."""
        self._catch_up()
        span = slice(self._indptr.view[row], self._indptr.view[row + 1])
        of_row = dict(zip(self._indices.view[span].tolist(), self._weights.view[span].tolist(), strict=True))
        found = {name: weight * of_row.get(self._columns.get(name, -1), 0.0) for name, weight in query.items()}
        return {name: value for name, value in found.items() if value > 0}

    def _idf_of(self, columns: NDArray[np.int64] | NDArray[np.int32]) -> NDArray[np.float64]:
        seen = (columns >= 0) & (columns < len(self._idf))
        unseen = np.log(1.0 + self._mark) + 1.0
        return np.where(seen, self._idf[np.where(seen, columns, 0)] if len(self._idf) else unseen, unseen)

    def _catch_up(self) -> None:
        mark = milestone(len(self))
        if mark != self._mark:
            self._seal(mark)
        elif self._weighted < len(self):
            self._weigh(self._weighted)

    def _seal(self, mark: int) -> None:
        """Renew the idf at a milestone, weigh every row again and list the sealed rows by column."""
        self._mark = mark
        end = self._indptr.view[mark]
        columns = self._indices.view[:end]
        df = np.bincount(columns, minlength=int(columns.max()) + 1 if end else 0)
        self._idf = np.log((1.0 + mark) / (1.0 + df)) + 1.0
        self._weights = Growing(np.float64)
        self._weigh(0)
        by_column = np.argsort(columns, kind="stable")
        rows = np.repeat(np.arange(mark, dtype=np.int32), np.diff(self._indptr.view[: mark + 1]))
        self._list_rows = rows[by_column]
        self._list_weights = self._weights.view[:end][by_column]
        self._list_start = np.concatenate(([0], np.cumsum(df)))

    def _weigh(self, first: int) -> None:
        pointers = self._indptr.view[first:]
        span = slice(pointers[0], pointers[-1])
        weights = (1.0 + np.log(self._counts.view[span].astype(np.float64))) * self._idf_of(self._indices.view[span])
        rows = np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))
        lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(pointers) - 1))
        self._weights.extend(weights / lengths[rows])  # an empty row has no entry to divide
        self._weighted = len(self)
