"""Mean rows of groups, to which further rows are added one by one."""

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.features import Floats, Table


class Means:
    """What a row scores against groups of rows.

    table    : rows (n, any) with their columns and idf
    of_row   : (n,) group of each row
    weights  : (n,) how much each counts
    n_groups : how many groups there are
    """

    def __init__(self, table: Table, of_row: NDArray[np.int64], weights: Floats, n_groups: int) -> None:
        self._table = table
        self._columns = dict(table.columns)
        folding = sparse.csr_matrix((weights, (of_row, np.arange(len(of_row)))), shape=(n_groups, len(of_row)))
        self._by_group = (folding @ table.rows).tocsr().astype(np.float32)
        self._by_column = self._by_group.tocsc()
        self._later: dict[int, tuple[array[int], array[float]]] = {}

    def weigh(self, counts: Mapping[str, float]) -> dict[int, float]:
        """A row's weights by column, of Euclidean length 1."""
        weighed = self._table.weigh(counts)
        return {self._columns.setdefault(name, len(self._columns)): weight for name, weight in weighed.items()}

    def append(self, row: Mapping[int, float], number: int) -> None:
        """Add a row; its number is for the caller to choose, ascending from 0."""
        for column, weight in row.items():
            rows, weights = self._later.setdefault(column, (array("q"), array("f")))
            rows.append(number)
            weights.append(weight)

    def sums(self, row: Mapping[int, float]) -> Floats:
        """Its dot product (n_groups,) with the weighted sum of each group's first rows, appended ones left out."""
        held, starts = self._by_column, self._by_column.indptr
        spans = [(slice(starts[c], starts[c + 1]), weight) for c, weight in row.items() if c < held.shape[1]]
        groups = [held.indices[span] for span, _ in spans]
        values = [held.data[span] * weight for span, weight in spans]
        return _added(groups, values, held.shape[0])

    def sums_of(self, groups: NDArray[np.int64], row: Mapping[int, float]) -> Floats:
        """The same for these groups alone."""
        asked = np.zeros(self._by_group.shape[1])
        known = {column: weight for column, weight in row.items() if column < len(asked)}
        asked[list(known)] = list(known.values())
        return np.asarray(self._by_group[groups] @ asked)

    def appended(self, row: Mapping[int, float], count: int) -> Floats:
        """Its dot product with each of the `count` rows that were appended."""
        held = [(*self._later[column], weight) for column, weight in row.items() if column in self._later]
        rows = [np.frombuffer(rows, dtype=np.int64) for rows, _, _ in held]
        values = [np.frombuffer(weights, dtype=np.float32) * weight for _, weights, weight in held]
        return _added(rows, values, count)


def _added(places: list[NDArray[np.int64]], values: list[NDArray[np.float32]], n: int) -> Floats:
    if not places:
        return np.zeros(n)
    return np.bincount(np.concatenate(places), weights=np.concatenate(values), minlength=n).astype(np.float64)
