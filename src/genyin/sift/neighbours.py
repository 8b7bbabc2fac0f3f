"""Pairs of units worth comparing, without comparing all of them."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

Pairs = NDArray[np.int64]

_ROUNDS = 2
_NEIGHBOURS = 6  # in each round
_SHARING = 60  # rows that are compared for having one feature in common


def candidate_pairs(vectors: sparse.csr_matrix, *, at_least: float) -> Pairs:
    """Pairs (n_pairs, 2), i < j, among the nearest neighbours of each row (n, any), rows of length 1.

    Rows are compared by the features that they share. Where more rows have a feature than can be compared, they are
    dealt into parts, and only rows of one part are compared for it: a row costs so many products a feature, however
    many rows there are. Each row draws one number between 0 and 1, and the parts of every feature are ranges of it, so
    that rows that meet for one feature mostly meet for the others too. No family is too large to be found: its members
    meet others of it in their part, and others again in the next round, for which numbers are drawn anew. The numbers
    depend on the position of the rows and on nothing else.

    at_least : least dot product over the features for which two rows are compared, 0 to 1
    """
    n, chance = vectors.shape[0], np.random.default_rng(0)
    keys = [_nearest(_dealt(vectors, chance.random(n)), at_least) for _round in range(_ROUNDS)]
    found = np.unique(np.concatenate(keys))
    return np.stack(np.divmod(found, max(n, 1)), axis=1)


def _nearest(dealt: sparse.csr_matrix, at_least: float) -> NDArray[np.int64]:
    """i * n + j of each row and its nearest ones."""
    narrow = dealt.astype(np.float32)
    # One more than wanted, for a row is its own nearest.
    near = sp_matmul_topn(narrow, narrow.T.tocsr(), top_n=_NEIGHBOURS + 1, threshold=at_least, n_threads=1).tocoo()
    low, high = np.minimum(near.row, near.col).astype(np.int64), np.maximum(near.row, near.col).astype(np.int64)
    return np.unique(low[low < high] * dealt.shape[0] + high[low < high])


def _dealt(vectors: sparse.csr_matrix, drawn: NDArray[np.float64]) -> sparse.csr_matrix:
    """The same rows, each column that too many have split into several, by the number (n,) that a row drew."""
    df = np.bincount(vectors.indices, minlength=vectors.shape[1])
    parts = np.maximum(-(-df // _SHARING), 1)
    first = np.concatenate(([0], np.cumsum(parts)))
    row_of = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    columns = first[vectors.indices] + (drawn[row_of] * parts[vectors.indices]).astype(np.int64)
    return sparse.csr_matrix((vectors.data, columns, vectors.indptr), shape=(vectors.shape[0], first[-1]))
