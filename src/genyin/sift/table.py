"""Rows by terms that never change again: what a segment holds of one view, in memory or mapped from a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from genyin.sift.channel import Floats
from genyin.sift.keys import Keys

Columns = NDArray[np.int64]
Rows = NDArray[np.int64]
Arrays = dict[str, NDArray[np.generic]]
#: (name of an array, a piece of it): pieces of one array follow each other, so that none need be whole in memory.
Pieces = Iterator[tuple[str, NDArray[np.generic]]]

PIECE = 1 << 22  # entries


@dataclass(frozen=True, slots=True)
class Layout:
    """How a view is kept: listed by row (to score chosen rows), by term (to find rows), or both."""

    by_row: bool
    by_term: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that hold some terms, an entry each: the row, its weight, the place of the term among those asked for."""

    rows: NDArray[np.int64]
    weights: Floats
    asked: NDArray[np.int64]


class Table:
    """Weighted terms of `n` rows.

    terms                     : (v,) keys, ascending; a term's column is its place here
    start                     : (v + 1,) how many entries have an earlier column; the next less this is the rows with it
    indptr, columns, weights  : entries row by row
    rows, row_weights         : entries column by column
    """

    def __init__(self, n: int, arrays: Mapping[str, NDArray[np.generic]], layout: Layout) -> None:
        self.n, self.arrays, self.layout = n, arrays, layout
        self._terms: Keys = arrays["terms"]  # type: ignore[assignment]
        self._dense = np.zeros(0)

    def find(self, terms: Keys) -> Columns:
        """Their columns (m,), -1 for a term that no row holds."""
        if not len(self._terms):
            return np.full(len(terms), -1)
        at = np.minimum(np.searchsorted(self._terms, terms), len(self._terms) - 1)
        return np.where(self._terms[at] == terms, at, -1)

    def df(self, columns: Columns) -> NDArray[np.int64]:
        """Rows that hold each of these columns; 0 for -1."""
        if not len(self._terms):
            return np.zeros(len(columns), dtype=np.int64)
        start = self.arrays["start"]
        return np.where(columns >= 0, start[columns + 1] - start[columns], 0)

    def holding(self, columns: Columns, newest: NDArray[np.int64]) -> Found:
        """For each column its `newest` last rows, column by column, rows ascending."""
        many = np.minimum(self.df(columns), newest)
        last = self.arrays["start"][columns + 1]
        asked = np.repeat(np.arange(len(columns)), many)
        places = np.arange(len(asked)) + np.repeat(last - np.cumsum(many), many)
        rows = self.arrays["rows"][places].astype(np.int64)
        weights = self.arrays.get("row_weights")
        return Found(rows, np.ones(len(rows)) if weights is None else weights[places].astype(np.float64), asked)

    def dot(self, columns: Columns, weights: Floats, rows: Rows | None) -> Floats:
        """Scores of these rows (all: None) against a query by column."""
        if len(self._dense) != len(self._terms):
            self._dense = np.zeros(len(self._terms))
        known = columns >= 0
        self._dense[columns[known]] = weights[known]
        scores = product(self._entries, self._dense, rows)
        self._dense[columns[known]] = 0.0
        return scores

    def entries(self, columns: Columns, rows: Rows | None) -> Found:
        """The entries that these rows (all: None) have in the columns, row by row; a row by its place in `rows`."""
        return picked(self._entries, columns, len(self._terms), rows)

    @cached_property
    def _entries(self) -> "Entries":
        return Entries(self.arrays["indptr"], self.arrays["columns"], self.arrays["weights"])


@dataclass(frozen=True, slots=True)
class Entries:
    """Compressed sparse rows."""

    indptr: NDArray[np.int32]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]

    def of(self, rows: Rows | None) -> tuple[NDArray[np.int64], NDArray[np.int64] | slice]:
        """(place of the row among `rows`, place of the entry) for each entry of these rows, row by row."""
        if rows is None:
            return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr)), slice(None)
        start = self.indptr[rows]
        many = self.indptr[rows + 1] - start
        at = np.repeat(np.arange(len(rows)), many)
        return at, np.arange(len(at)) + np.repeat(start - (np.cumsum(many) - many), many)


def product(entries: Entries, dense: Floats, rows: Rows | None) -> Floats:
    """Rows times a query that has a weight for every column."""
    if rows is None:
        shape = (len(entries.indptr) - 1, len(dense))
        scores: Floats = csr_matrix((entries.weights, entries.columns, entries.indptr), shape=shape) @ dense
        return scores
    at, places = entries.of(rows)
    return np.bincount(at, weights=dense[entries.columns[places]] * entries.weights[places], minlength=len(rows))


def picked(entries: Entries, columns: Columns, width: int, rows: Rows | None) -> Found:
    """The entries of these rows in some of the `width` columns."""
    asked_in = np.full(width, -1, dtype=np.int32)
    known = np.flatnonzero(columns >= 0)
    asked_in[columns[known]] = known
    at, places = entries.of(rows)
    asked = asked_in[entries.columns[places]]
    kept = np.flatnonzero(asked >= 0)
    return Found(at[kept], entries.weights[places][kept].astype(np.float64), asked[kept])


def listed(
    n: int, terms: Keys, rows: NDArray[np.int64], columns: Columns, weights: NDArray[np.float32], layout: Layout
) -> Table:
    """A table of entries that stand row by row, columns by any order of `terms`."""
    order = np.argsort(terms)
    rank = np.empty(len(terms), dtype=np.int32)
    rank[order] = np.arange(len(terms))
    columns = rank[columns]
    start = np.concatenate(([0], np.cumsum(np.bincount(columns, minlength=len(terms)))))
    arrays: Arrays = {"terms": terms[order], "start": start}
    if layout.by_row:
        indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=n))))
        arrays |= {"indptr": indptr.astype(np.int32), "columns": columns, "weights": weights}
    if layout.by_term:
        by_column = np.argsort(columns, kind="stable")
        arrays["rows"] = rows[by_column].astype(np.int32)
        if layout.by_row:
            arrays["row_weights"] = weights[by_column]
    return Table(n, arrays, layout)


def merged(tables: Sequence[Table]) -> Pieces:
    """The arrays of one table that holds the rows of all, in their order. Nothing is weighed anew."""
    parts = [table.arrays for table in tables]
    terms = np.unique(np.concatenate([part["terms"] for part in parts]))
    place = [np.searchsorted(terms, part["terms"]).astype(np.int32) for part in parts]
    df = np.zeros(len(terms), dtype=np.int64)
    for part, at in zip(parts, place, strict=True):
        df[at] += np.diff(part["start"])
    start = np.concatenate(([0], np.cumsum(df)))
    yield from (("terms", terms), ("start", start))
    if tables[0].layout.by_row:
        yield from _by_row(parts, place)
    if tables[0].layout.by_term:
        yield from _by_term(tables, place, start)


def _by_row(parts: Sequence[Mapping[str, NDArray[np.generic]]], place: Sequence[NDArray[np.int32]]) -> Pieces:
    yield "indptr", np.zeros(1, dtype=np.int32)
    entries = 0
    for part in parts:
        yield "indptr", (part["indptr"][1:] + np.int32(entries)).astype(np.int32)
        entries += len(part["columns"])
    for part, at in zip(parts, place, strict=True):
        yield from (("columns", at[piece]) for piece in _pieces(part["columns"]))
    for part in parts:
        yield from (("weights", piece) for piece in _pieces(part["weights"]))


def _by_term(tables: Sequence[Table], place: Sequence[NDArray[np.int32]], start: NDArray[np.int64]) -> Pieces:
    rows, free = np.empty(int(start[-1]), dtype=np.int32), start[:-1].copy()
    weighted = "row_weights" in tables[0].arrays
    weights = np.empty(len(rows) if weighted else 0, dtype=np.float32)
    before = 0
    for table, at in zip(tables, place, strict=True):
        begin = table.arrays["start"]
        own = np.diff(begin)
        to = np.repeat(free[at] - begin[:-1], own) + np.arange(int(begin[-1]))
        rows[to] = table.arrays["rows"] + np.int32(before)
        if weighted:
            weights[to] = table.arrays["row_weights"]
        free[at] += own
        before += table.n
    yield "rows", rows
    if weighted:
        yield "row_weights", weights


def _pieces(array: NDArray[np.generic]) -> Iterable[NDArray[np.generic]]:
    return (array[at : at + PIECE] for at in range(0, len(array), PIECE))
