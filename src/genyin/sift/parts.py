"""Segments and a tail as one run of rows: no answer depends on where one ends and the next begins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.keys import Keys
from genyin.sift.segment import Part, View
from genyin.sift.table import Columns, Found


@dataclass(frozen=True, slots=True)
class Located:
    """Terms of one view, looked up: their columns in each part, and how many rows hold each."""

    view: str
    columns: tuple[Columns, ...]
    df: NDArray[np.int64]


class Parts:
    """Parts in the order of their rows; row numbers run through all of them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self._before = np.cumsum([0, *(part.n for part in self.parts)])

    def locate(self, view: str, terms: Keys) -> Located:
        columns = tuple(part.views[view].find(terms) for part in self.parts)
        df = np.zeros(len(terms), dtype=np.int64)
        for part, own in zip(self.parts, columns, strict=True):
            df += part.views[view].df(own)
        return Located(view, columns, df)

    def df(self, view: str, terms: Keys) -> NDArray[np.int64]:
        return self.locate(view, terms).df

    def holding(self, located: Located, newest: NDArray[np.int64]) -> Found:
        """Of each term its `newest` last rows of all parts."""
        left, found = newest.copy(), []
        for part, columns, before in reversed(list(zip(self.parts, located.columns, self._before, strict=False))):
            view = part.views[located.view]
            wanted = np.minimum(view.df(columns), left)
            if wanted.any():
                one = view.holding(columns, wanted)
                found.append(Found(one.rows + before, one.weights, one.asked))
                left -= wanted
        return joined(found)

    def entries(self, located: Located, rows: NDArray[np.int64] | None) -> Found:
        """What `rows` (ascending; None: all) have of the located terms; a row by its place in `rows`."""
        found = [(at, view.entries(columns, own)) for view, columns, own, at in self._among(located, rows)]
        return joined([Found(one.rows + at, one.weights, one.asked) for at, one in found])

    def _among(
        self, located: Located, rows: NDArray[np.int64] | None
    ) -> Iterator[tuple[View, Columns, NDArray[np.int64] | None, int]]:
        """(view, columns, its own rows, place of the first) of each part that has any."""
        ends = self._before if rows is None else np.searchsorted(rows, self._before)
        for number, (part, columns) in enumerate(zip(self.parts, located.columns, strict=True)):
            first, last = int(ends[number]), int(ends[number + 1])
            if first < last:
                own = None if rows is None else rows[first:last] - self._before[number]
                yield part.views[located.view], columns, own, first


def joined(found: Sequence[Found]) -> Found:
    if not found:
        return Found(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64))
    rows, weights, asked = zip(*((one.rows, one.weights, one.asked) for one in found), strict=True)
    return Found(np.concatenate(rows), np.concatenate(weights), np.concatenate(asked))
