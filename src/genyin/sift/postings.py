"""Append-only sparse rows that can be searched by column.

`Rows` is what every kind of feature stands in, so that scoring, sealing and growth are written once; `Postings` weighs
them by TF-IDF, `channel.Channel` by BM25F.
"""

from collections.abc import Mapping, Sequence
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


class Rows:
    """Weighted rows over columns, the first of them listed by column too, so that few are touched by a query."""

    def __init__(self) -> None:
        self.indptr = Growing(np.int64)
        self.indptr.extend([0])
        self.indices = Growing(np.int32)
        self.sealed = 0  # rows that stand in the lists
        self._start: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self._rows: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._weights: NDArray[np.floating] = np.zeros(0)

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def append(self, columns: NDArray[np.int32]) -> None:
        self.indices.extend(columns)
        self.indptr.extend([len(self.indices)])

    def span(self, row: int) -> slice:
        """Where the entries of a row stand."""
        return slice(self.indptr.view[row], self.indptr.view[row + 1])

    def of_entries(self, first: int = 0, last: int | None = None) -> NDArray[np.int64]:
        """The row of each entry, counted from row `first`."""
        pointers = self.indptr.view[first : None if last is None else last + 1]
        return np.repeat(np.arange(len(pointers) - 1), np.diff(pointers))

    def seal(self, mark: int, weights: NDArray[np.floating]) -> None:
        """List the first `mark` rows by column; `weights` of all entries."""
        self.sealed = mark
        end = self.indptr.view[mark]
        columns = self.indices.view[:end]
        by_column = np.argsort(columns, kind="stable")
        self._rows = self.of_entries(last=mark)[by_column].astype(np.int32)
        self._weights = weights[:end][by_column]
        df = np.bincount(columns, minlength=int(columns.max()) + 1 if end else 0)
        self._start = np.concatenate(([0], np.cumsum(df)))

    def dot(self, query: Mapping[int, float], weights: NDArray[np.floating], *, width: int) -> NDArray[np.float64]:
        """Scores (n_rows,) against a query by column, in double precision; `weights` of all entries, `width` columns.

        O(entries of the query's columns among the listed rows + all entries of the rows after them).
        """
        scores, dense = np.zeros(len(self)), np.zeros(width)
        for column, weight in query.items():
            dense[column] = weight
            if column < len(self._start) - 1:
                span = slice(self._start[column], self._start[column + 1])
                scores[self._rows[span]] += weight * self._weights[span].astype(np.float64)
        first = self.indptr.view[self.sealed]
        tail = dense[self.indices.view[first:]] * weights[first:]
        left = len(self) - self.sealed
        scores[self.sealed :] = np.bincount(self.of_entries(self.sealed), weights=tail, minlength=left)
        return scores


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
        self._rows = Rows()
        self._counts = Growing(np.float32)
        self._weights = Growing(np.float64)  # filled up to _weighted rows, under the idf of _mark
        self._weighted = 0
        self._mark = -1
        self._idf: NDArray[np.float64] = np.zeros(0)

    def __len__(self) -> int:
        return len(self._rows)

    def append(self, counts: dict[str, float]) -> int:
        """Add a row; its number. Counts below 1 are not allowed: 1 + ln c would turn negative."""
        columns = [self._columns.setdefault(name, len(self._columns)) for name in counts]
        self._rows.append(np.array(columns, dtype=np.int32))
        self._counts.extend(list(counts.values()))
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
        known = {self._columns[name]: weight for name, weight in query.items() if name in self._columns}
        return self._rows.dot(known, self._weights.view, width=len(self._columns))

    def shared(self, query: dict[str, float], row: int) -> dict[str, float]:
        """What each name of the query adds to the score of one row; sums to `dot(query)[row]`."""
        self._catch_up()
        span = self._rows.span(row)
        of_row = dict(zip(self._rows.indices.view[span].tolist(), self._weights.view[span].tolist(), strict=True))
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
        columns = self._rows.indices.view[: self._rows.indptr.view[mark]]
        df = np.bincount(columns, minlength=int(columns.max()) + 1 if len(columns) else 0)
        self._idf = np.log((1.0 + mark) / (1.0 + df)) + 1.0
        self._weights = Growing(np.float64)
        self._weigh(0)
        self._rows.seal(mark, self._weights.view)

    def _weigh(self, first: int) -> None:
        span = slice(self._rows.indptr.view[first], None)
        columns = self._rows.indices.view[span]
        weights = (1.0 + np.log(self._counts.view[span].astype(np.float64))) * self._idf_of(columns)
        rows = self._rows.of_entries(first)
        lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(self) - first))
        self._weights.extend(weights / lengths[rows])  # an empty row has no entry to divide
        self._weighted = len(self)
