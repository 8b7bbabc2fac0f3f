"""Mean rows of groups, to which further rows are added one by one."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.features import Floats, Vectors, shares

_UNKNOWN = ""  # the feature that records share which lack codes; no word and no code is empty

#: Length of the words left out where all groups are asked: a common word says little, and stands nearly everywhere.
_LEFT_OUT = 0.3


@dataclass(frozen=True, slots=True)
class Row:
    """Weights by column, as `vectors` puts words and codes side by side; all together no longer than 1."""

    words: dict[int, float]
    codes: dict[int, float]

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return chain(self.words.items(), self.codes.items())


class Means:
    """What a row scores against groups of rows.

    units      : rows of words and codes, with how rare each is
    coded_part : the share of codes with which they were made
    of_row     : (n,) group of each row
    weights    : (n,) how much each counts
    n_groups   : how many groups there are
    """

    def __init__(
        self, units: Vectors, of_row: NDArray[np.int64], weights: Floats, n_groups: int, *, coded_part: float
    ) -> None:
        self._words, self._codes, self._coded_part = units.words, units.codes, coded_part
        n_words = units.words.rows.shape[1]
        coded = {name: n_words + column for name, column in units.codes.columns.items()}
        self._columns: dict[str, int] = {**units.words.columns, **coded, _UNKNOWN: units.both.shape[1]}
        self._free: Iterator[int] = count(units.both.shape[1] + 1)  # a table without a name has a column too
        folding = sparse.csr_matrix((weights, (of_row, np.arange(len(of_row)))), shape=(n_groups, len(of_row)))
        rows = sparse.hstack([units.both, units.unknown], format="csr")
        self._by_group = (folding @ rows).tocsr().astype(np.float32)
        by_column = self._by_group.tocsc()
        # Of the types in which they are added up: a cast would cost more than the sum.
        self._starts, self._places = by_column.indptr, by_column.indices.astype(np.int64)
        self._values = by_column.data.astype(np.float64)
        self._later: dict[int, tuple[array[int], array[float]]] = {}

    def weigh(self, words: Mapping[str, float], codes: Mapping[str, float]) -> Row:
        """A further row."""
        is_told, count = np.array([len(words) > 0]), np.array([float(len(codes))])
        spoken, coded, unknown = (float(np.sqrt(part[0])) for part in shares(is_told, count, self._coded_part))
        weighed = {name: spoken * weight for name, weight in self._words.weigh(words).items()}
        rest = {name: coded * weight for name, weight in self._codes.weigh(codes).items()}
        return Row(self._placed(weighed), self._placed({**rest, _UNKNOWN: unknown}))

    def _placed(self, weighed: Mapping[str, float]) -> dict[int, float]:
        return {self._column(name): weight for name, weight in weighed.items() if weight}

    def _column(self, name: str) -> int:
        if name not in self._columns:
            self._columns[name] = next(self._free)
        return self._columns[name]

    def append(self, row: Row, number: int) -> None:
        """Add a row; its number is for the caller to choose, ascending from 0."""
        for column, weight in row:
            rows, weights = self._later.setdefault(column, (array("q"), array("d")))
            rows.append(number)
            weights.append(weight)

    def nearly(self, row: Row) -> tuple[Floats, float]:
        """Its dot product (n_groups,) with the weighted sum of each group's first rows, appended ones and its
        commonest words left out, and how much at most those words add to it where the weights of a group add up to
        1."""
        words, left_out = self._rare(row.words)
        held = [
            (self._starts[c], self._starts[c + 1], w) for c, w in chain(words, row.codes.items()) if self._is_held(c)
        ]
        places = [self._places[start:end] for start, end, _ in held]
        values = [self._values[start:end] * weight for start, end, weight in held]
        return _added(places, values, self._by_group.shape[0]), left_out

    def _rare(self, words: Mapping[int, float]) -> tuple[list[tuple[int, float]], float]:
        """The words but for the commonest ones, and the most that those add. The words of a mean are no longer than
        their share of a row, so what is left out adds no more than its length times that (Cauchy and Schwarz)."""
        rarest_last = sorted(words.items(), key=lambda one: self._count(one[0]), reverse=True)
        lengths = np.sqrt(np.cumsum([weight**2 for _, weight in rarest_last]))
        out = int(np.searchsorted(lengths, _LEFT_OUT, side="right"))
        return rarest_last[out:], float(lengths[out - 1] * np.sqrt(1 - self._coded_part)) if out else 0.0

    def _count(self, column: int) -> int:
        return int(self._starts[column + 1] - self._starts[column]) if self._is_held(column) else 0

    def _is_held(self, column: int) -> bool:
        return column < len(self._starts) - 1

    def sums_of(self, groups: NDArray[np.int64], part: Mapping[int, float]) -> Floats:
        """The dot product of a part of a row with the weighted sum of the first rows of these groups."""
        asked = np.zeros(self._by_group.shape[1])
        known = {column: weight for column, weight in part.items() if self._is_held(column)}
        asked[list(known)] = list(known.values())
        return np.asarray(self._by_group[groups] @ asked)

    def appended(self, part: Mapping[int, float], many: int) -> Floats:
        """The dot product of a part of a row with each of the `many` rows that were appended."""
        held = [(*self._later[column], weight) for column, weight in part.items() if column in self._later]
        rows = [np.frombuffer(rows, dtype=np.int64) for rows, _, _ in held]
        values = [np.frombuffer(weights) * weight for _, weights, weight in held]
        return _added(rows, values, many)


def _added(places: list[NDArray[np.int64]], values: list[Floats], n: int) -> Floats:
    if not places:
        return np.zeros(n)
    return np.asarray(np.bincount(np.concatenate(places), weights=np.concatenate(values), minlength=n))
