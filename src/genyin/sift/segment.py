"""A run of rows in all their views: the growing tail of an index, and the segments that it becomes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Floats
from genyin.sift.growing import Growing
from genyin.sift.keys import Keys
from genyin.sift.records import Record
from genyin.sift.table import Columns, Found, Layout, Pieces, Table, merged
from genyin.sift.tail import TailTable

#: How each view is kept. "terms" are words, identifiers and coded values: rows are found by them and scored; by letters
#: rows are only scored. "names" is how a row is called, and its number.
LAYOUTS: Mapping[str, Layout] = {
    "terms": Layout(by_row=True, by_term=True),
    "letters": Layout(by_row=True, by_term=False),
    "names": Layout(by_row=False, by_term=True),
}
TOLD: Mapping[str, type[Any]] = {"refs": np.int64, "services": np.int64, "days": np.float64, "stamps": np.int64}
MOST_ROWS = 1 << 21  # in a segment: merging it, which rewrites and sorts all of its entries, must end
#: Rows, terms and weights of entries that stand row by row.
Told = tuple[NDArray[np.int64], Keys, Floats]


class View(Protocol):
    """What can be asked of a table, growing or not."""

    def find(self, terms: Keys) -> Columns: ...
    def df(self, columns: Columns) -> NDArray[np.int64]: ...
    def holding(self, columns: Columns, newest: NDArray[np.int64]) -> Found: ...
    def entries(self, columns: Columns, rows: NDArray[np.int64] | None) -> Found: ...


class Part(Protocol):
    """Rows in all their views, and what each is: (n,) numbers, services, days, stamps."""

    @property
    def n(self) -> int: ...
    @property
    def told(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def views(self) -> Mapping[str, View]: ...


class Tail:
    """Rows still added."""

    def __init__(self) -> None:
        self._told = {name: Growing(dtype) for name, dtype in TOLD.items()}
        self.tables = {name: TailTable(layout) for name, layout in LAYOUTS.items()}

    @property
    def n(self) -> int:
        return len(self._told["refs"])

    @property
    def told(self) -> Mapping[str, NDArray[Any]]:
        return {name: values.view for name, values in self._told.items()}

    @property
    def views(self) -> Mapping[str, View]:
        return self.tables

    def append(self, records: Sequence[Record], entries: Mapping[str, Told]) -> None:
        """Add rows; their entries by view, row by row."""
        for name, values in about(records).items():
            self._told[name].extend(values)
        for name, table in self.tables.items():
            table.append(len(records), *entries[name])

    def sealed(self) -> "Segment":
        told = {name: values.copy() for name, values in self.told.items()}
        return Segment(told, {name: table.sealed() for name, table in self.tables.items()})


def about(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """What each record is, as `TOLD` names it."""
    columns = ("ref", "service", "day", "stamp")
    return {
        name: np.array([getattr(record, column) for record in records], dtype=dtype)
        for (name, dtype), column in zip(TOLD.items(), columns, strict=True)
    }


class Segment:
    """Rows that never change again."""

    def __init__(self, told: Mapping[str, NDArray[Any]], tables: Mapping[str, Table]) -> None:
        self.told, self.tables = told, tables

    @property
    def n(self) -> int:
        return len(self.told["refs"])

    @property
    def views(self) -> Mapping[str, View]:
        return self.tables

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> "Segment":
        """From its arrays, as `pieces` names them."""
        told = {name: arrays[name] for name in TOLD}
        by_view: dict[str, dict[str, NDArray[Any]]] = {name: {} for name in LAYOUTS}
        for name, array in arrays.items():
            view, dot, own = name.partition(".")
            if dot:
                by_view[view][own] = array
        n = len(told["refs"])
        return cls(told, {name: Table(n, by_view[name], layout) for name, layout in LAYOUTS.items()})

    def pieces(self) -> Pieces:
        yield from self.told.items()
        for view, table in self.tables.items():
            yield from _named(view, iter(table.arrays.items()))


def to_merge(sizes: Sequence[int]) -> int:
    """How many of the last parts are to become one: each is merged into one that is not four times as large."""
    many, rows = 1, sizes[-1] if sizes else 0
    while many < len(sizes) and sizes[-many - 1] < min(4 * rows, MOST_ROWS - rows):
        rows += sizes[-many - 1]
        many += 1
    return many


def merged_pieces(segments: Sequence[Segment]) -> Pieces:
    """The arrays of one segment that holds the rows of all, in their order."""
    for name in TOLD:
        yield from ((name, segment.told[name]) for segment in segments)
    yield from chain.from_iterable(
        _named(view, merged([segment.tables[view] for segment in segments])) for view in LAYOUTS
    )


def gathered(pieces: Pieces) -> dict[str, NDArray[Any]]:
    """Pieces put together in memory."""
    found: dict[str, list[NDArray[Any]]] = {}
    for name, piece in pieces:
        found.setdefault(name, []).append(piece)
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _named(view: str, pieces: Pieces) -> Iterator[tuple[str, NDArray[Any]]]:
    return ((f"{view}.{name}", piece) for name, piece in pieces)
