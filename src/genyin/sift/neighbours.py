"""Pairs of units worth comparing, without comparing all of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

Pairs = NDArray[np.int64]

Keys = NDArray[np.int64]

_ROUNDS = 2
_NEIGHBOURS = 6  # in each round
_SHARING = 60  # rows that are compared for having one feature in common
_SHARD = 50_000  # rows


@dataclass(frozen=True, slots=True)
class Shard:
    """Some of the rows, the first of them by its position, and what they are asked for."""

    first: int
    rows: sparse.csr_matrix
    at_least: float


class Spread(Protocol):
    """Does the same work on several shards, each with what they share; the answers in the order of the shards."""

    def __call__(
        self, work: Callable[[Shard, sparse.csr_matrix], Keys], shards: Sequence[Shard], shared: sparse.csr_matrix
    ) -> Iterable[Keys]: ...


def here(
    work: Callable[[Shard, sparse.csr_matrix], Keys], shards: Sequence[Shard], shared: sparse.csr_matrix
) -> Iterable[Keys]:
    """One after the other, in this process."""
    return [work(shard, shared) for shard in shards]


def candidate_pairs(
    vectors: sparse.csr_matrix, names: NDArray[np.int64], *, at_least: float, spread: Spread = here
) -> Pairs:
    """Pairs (n_pairs, 2), i < j, among the nearest neighbours of each row (n, any), rows of length 1.

    Rows are compared by the features that they share. Where more rows have a feature than can be compared, they are
    dealt into parts, and only rows of one part are compared for it: a row costs so many products a feature, however
    many rows there are. Each row draws one number between 0 and 1, and the parts of every feature are ranges of it, so
    that rows that meet for one feature mostly meet for the others too. No family is too large to be found: its members
    meet others of it in their part, and others again in the next round, for which numbers are drawn anew. The numbers
    depend on the names of the rows and on nothing else: rows that come or go leave those of the others as they were.

    names    : (n,) a number that each row keeps from run to run
    at_least : least dot product over the features for which two rows are compared, 0 to 1
    spread   : who does the work, shard by shard of the rows; the pairs are the same whoever does it
    """
    n = vectors.shape[0]
    keys: list[Keys] = [np.zeros(0, dtype=np.int64)]
    for turn in range(_ROUNDS):
        dealt = _dealt(vectors, _drawn(names, turn)).astype(np.float32)
        shards = [Shard(start, dealt[start : start + _SHARD], at_least) for start in range(0, n, _SHARD)]
        keys += spread(nearest, shards, dealt.T.tocsr())
    return np.stack(np.divmod(np.unique(np.concatenate(keys)), max(n, 1)), axis=1)


def nearest(shard: Shard, columns: sparse.csr_matrix) -> Keys:
    """i * n + j, i < j, of each row of the shard and its nearest ones; `columns` (any, n) are all rows, transposed."""
    n = columns.shape[1]
    # One more than wanted, for a row is its own nearest.
    near = sp_matmul_topn(shard.rows, columns, top_n=_NEIGHBOURS + 1, threshold=shard.at_least, n_threads=1).tocoo()
    rows, others = near.row.astype(np.int64) + shard.first, near.col.astype(np.int64)
    low, high = np.minimum(rows, others), np.maximum(rows, others)
    return np.unique(low[low < high] * n + high[low < high])


def _drawn(names: NDArray[np.int64], turn: int) -> NDArray[np.float64]:
    """A number (n,) from 0 to 1 for each name in each round, as if by chance (SplitMix64; Steele, Lea and Flood
    2014)."""
    mixed = names.astype(np.uint64) + np.uint64((turn + 1) * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))) / 2.0**64


def _dealt(vectors: sparse.csr_matrix, drawn: NDArray[np.float64]) -> sparse.csr_matrix:
    """The same rows, each column that too many have split into several, by the number (n,) that a row drew."""
    df = np.bincount(vectors.indices, minlength=vectors.shape[1])
    parts = np.maximum(-(-df // _SHARING), 1)
    first = np.concatenate(([0], np.cumsum(parts)))
    row_of = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    columns = first[vectors.indices] + (drawn[row_of] * parts[vectors.indices]).astype(np.int64)
    return sparse.csr_matrix((vectors.data, columns, vectors.indptr), shape=(vectors.shape[0], first[-1]))
