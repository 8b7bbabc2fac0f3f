"""Pairs of units worth comparing, without comparing all of them."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Pairs = NDArray[np.int64]

_NEIGHBOURS = 30
_POSTINGS_PER_ROW = 4_000
_RAREST_ALWAYS = 3
_PRODUCTS_PER_CHUNK = 8_000_000


def candidate_pairs(vectors: sparse.csr_matrix, *, at_least: float) -> Pairs:
    """Pairs (n_pairs, 2), i < j, among the nearest neighbours of each row.

    A row asks with its rarest features until their postings reach a budget, but always with its
    three rarest, so that no limit hides a large family; the rows it asks keep all of theirs. Cost
    is bounded per row, so it grows about linearly with the number of rows.

    at_least : least part of the dot product that the asking features alone must reach
    """
    asking, cost = _rarest(vectors)
    transposed = vectors.T.tocsr()
    found: list[Pairs] = []
    start, n = 0, vectors.shape[0]
    total = np.cumsum(cost)
    while start < n:
        spent = total[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(total, spent + _PRODUCTS_PER_CHUNK, side="right")))
        found.append(_nearest(asking[start:end] @ transposed, start, at_least))
        start = end
    if not found:
        return np.zeros((0, 2), dtype=np.int64)
    pairs = np.sort(np.concatenate(found), axis=1)
    _, first = np.unique(pairs[:, 0] * n + pairs[:, 1], return_index=True)
    return pairs[first]


def _rarest(vectors: sparse.csr_matrix) -> tuple[sparse.csr_matrix, NDArray[np.int64]]:
    """Each row's rarest features within the budget, and how many postings they open."""
    n = vectors.shape[0]
    df = np.bincount(vectors.indices, minlength=vectors.shape[1])
    rows = np.repeat(np.arange(n), np.diff(vectors.indptr))
    opens = df[vectors.indices]
    order = np.lexsort((opens, rows))
    rank = np.arange(len(order)) - vectors.indptr[:-1][rows[order]]
    running = np.cumsum(opens[order])
    before = np.concatenate(([0], running))[vectors.indptr[:-1]]
    kept = (running - before[rows[order]] <= _POSTINGS_PER_ROW) | (rank < _RAREST_ALWAYS)
    chosen = np.sort(order[kept])
    asking = sparse.csr_matrix((vectors.data[chosen], (rows[chosen], vectors.indices[chosen])), shape=vectors.shape)
    return asking, np.bincount(rows[chosen], weights=opens[chosen], minlength=n).astype(np.int64)


def _nearest(products: sparse.csr_matrix, first_row: int, at_least: float) -> Pairs:
    """The best neighbours of each row of a block of products, the row itself left out."""
    rows = np.repeat(np.arange(products.shape[0]), np.diff(products.indptr)) + first_row
    columns = products.indices.astype(np.int64)
    good = (products.data >= at_least) & (columns != rows)
    rows, columns, values = rows[good], columns[good], products.data[good]
    # Equal neighbours are taken at random, but the same ones each time: were it always the first
    # ones, a thousand equal rows would all hang on thirty of them and merge one by one.
    shuffled = (columns * 2_654_435_761 + rows * 40_503) & 0xFFFF
    order = np.lexsort((shuffled, -values, rows))
    starts = np.searchsorted(rows[order], rows[order], side="left")
    near = order[np.arange(len(order)) - starts < _NEIGHBOURS]
    return np.stack([rows[near], columns[near]], axis=1)
