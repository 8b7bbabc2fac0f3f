"""Rows by terms that never change again: what a segment holds of one view, in memory or mapped from a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Floats
from genyin.sift.keys import Keys

Columns = NDArray[np.int64]
Rows = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]
#: (name of an array, a piece of it): pieces of one array follow each other, so that none need be whole in memory.
Pieces = Iterator[tuple[str, NDArray[Any]]]

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

    def __init__(self, n: int, arrays: Mapping[str, NDArray[Any]], layout: Layout) -> None:
        self.n, self.arrays, self.layout = n, arrays, layout
        self._terms: Keys = arrays["terms"]

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

    def entries(self, columns: Columns, rows: Rows | None) -> Found:
        """The entries that these rows (all: None) have in the columns, row by row; a row by its place in `rows`."""
        return self._entries.picked(columns, rows, self._scratch)

    @cached_property
    def _entries(self) -> "Entries":
        arrays = self.arrays
        return Entries(arrays["indptr"], arrays["columns"], arrays["weights"])

    @cached_property
    def _scratch(self) -> "Scratch":
        return Scratch(len(self._terms))


class Scratch:
    """Which columns are asked for, and at which place: kept, since a query asks for few of very many."""

    def __init__(self, width: int) -> None:
        self.asked = np.zeros(width, dtype=np.bool_)  # small enough to stay near the processor
        self.place = np.zeros(width, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Entries:
    """Compressed sparse rows."""

    indptr: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]

    def picked(self, columns: Columns, rows: Rows | None, scratch: Scratch) -> Found:
        """The entries of these rows (all: None) in some of the columns (-1: in none)."""
        known = np.flatnonzero(columns >= 0)
        wanted = columns[known]
        scratch.asked[wanted], scratch.place[wanted] = True, known
        places, ends = self._of(rows)
        held = self.columns if places is None else self.columns.take(places)
        kept = np.flatnonzero(scratch.asked.take(held))
        scratch.asked[wanted] = False
        at = np.searchsorted(ends, kept, side="right")
        weights = self.weights.take(kept if places is None else places.take(kept))
        return Found(at, weights.astype(np.float64), scratch.place.take(held.take(kept)).astype(np.int64))

    def _of(self, rows: Rows | None) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
        """(places of the entries of these rows, None for all; where each row ends among them)."""
        if rows is None:
            return None, self.indptr[1:]
        start = self.indptr.take(rows)
        many = self.indptr.take(rows + 1) - start
        ends = np.cumsum(many)
        places = np.repeat(start - ends + many, many)
        places += np.arange(len(places))
        return places, ends


def listed(
    n: int, terms: Keys, rows: Rows, columns: NDArray[Any], weights: NDArray[np.float32], layout: Layout
) -> Table:
    """A table of entries that stand row by row, columns by any order of `terms`."""
    order = np.argsort(terms)
    rank = np.empty(len(terms), dtype=np.int64)
    rank[order] = np.arange(len(terms))
    columns = rank[columns]
    start = np.concatenate(([0], np.cumsum(np.bincount(columns, minlength=len(terms)))))
    arrays: Arrays = {"terms": terms[order], "start": start}
    if layout.by_row:
        indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=n))))
        arrays |= {"indptr": indptr, "columns": columns.astype(np.int32), "weights": weights}
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


def _by_row(parts: Sequence[Mapping[str, NDArray[Any]]], place: Sequence[NDArray[np.int32]]) -> Pieces:
    yield "indptr", np.zeros(1, dtype=np.int64)
    entries = 0
    for part in parts:
        yield "indptr", part["indptr"][1:] + entries
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


def _pieces(array: NDArray[Any]) -> Iterable[NDArray[Any]]:
    """At least one, which may be empty: an array without entries is there too."""
    return (array[at : at + PIECE] for at in range(0, max(len(array), 1), PIECE))
