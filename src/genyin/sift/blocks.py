"""Units that a person tied together, compared as one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.features import Units
from genyin.sift.links import Pair, Union
from genyin.sift.records import Record

OPEN = -1  # behind no wall


@dataclass(frozen=True, slots=True)
class Blocks:
    """Units that a person tied together are compared as one; what is rare, and how alike others are, stays as it is.

    of_unit  : (m,) block of each unit
    has_text : (k,) whether any of its records says a word
    behind   : (k,) wall that it is behind
    """

    of_unit: NDArray[np.int64]
    has_text: NDArray[np.bool_]
    behind: NDArray[np.int64]

    @classmethod
    def of(cls, found: Units, records: Sequence[Record], together: Iterable[Pair], walls: Mapping[int, int]) -> Self:
        """`walls` : by number of a service what its records are kept in"""
        same = Union()
        for a, b in together:
            same.join(int(found.of_row[a]), int(found.of_row[b]))
        roots = np.array([same.find(unit) for unit in range(len(found.sizes))], dtype=np.int64)
        first, of_unit = np.unique(roots, return_inverse=True)
        firsts = [records[row] for row in found.first[first].tolist()]
        return cls(
            of_unit,
            np.bincount(of_unit, weights=found.has_text, minlength=len(first)) > 0,
            np.array([walls.get(record.service, OPEN) for record in firsts], dtype=np.int64),
        )

    def mean(self, vectors: sparse.csr_matrix, sizes: NDArray[np.float64]) -> sparse.csr_matrix:
        """Rows (k, any): the mean of each block's units."""
        if len(self.behind) == len(self.of_unit):
            return vectors
        weights = sizes / self.size(sizes)[self.of_unit]
        shape = (len(self.behind), len(sizes))
        return (sparse.csr_matrix((weights, (self.of_unit, np.arange(len(sizes)))), shape=shape) @ vectors).tocsr()

    def size(self, sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self.of_unit, weights=sizes, minlength=len(self.behind)).astype(np.float64)

    def comparable(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Pairs (any, 2) of units as pairs of blocks behind the same wall, i < j, none twice."""
        many = len(self.behind)
        if many < len(self.of_unit):
            pairs = np.sort(self.of_unit[pairs], axis=1)
            pairs = pairs[pairs[:, 0] < pairs[:, 1]]
            pairs = np.stack(np.divmod(np.unique(pairs[:, 0] * many + pairs[:, 1]), many), axis=1)
        open_to: NDArray[np.bool_] = self.behind[pairs[:, 0]] == self.behind[pairs[:, 1]]
        return pairs[open_to]
