"""Average linkage over a sparse list of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.neighbours import Pairs

_PAIRS_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class Layer:
    """One way to look at the rows: vectors (n, any) of length at most 1, and the least mean dot
    product at which two clusters may merge."""

    vectors: sparse.csr_matrix
    at_least: float


def agglomerate(layers: Sequence[Layer], sizes: NDArray[np.float64], pairs: Pairs, apart: Pairs) -> NDArray[np.int64]:
    """Cluster label (n,) of each row: its cluster's smallest row.

    Average linkage (UPGMA, Sokal and Michener 1958): the similarity of two clusters is the mean dot
    product over their pairs of members, members counted with their sizes. Clusters that are each
    other's nearest are merged together, round by round, which gives the same tree as merging the
    closest pair each time (Murtagh 1983), restricted to clusters that some pair of `pairs` connects.

    layers : the first one is what "nearest" means, every one must reach its `at_least`
    sizes  : (n,) weight of each row, > 0
    apart  : (m, 2) rows that must never share a cluster
    """
    n = len(sizes)
    label: NDArray[np.int64] = np.arange(n)
    layers = [Layer((sparse.diags(sizes) @ layer.vectors).tocsr(), layer.at_least) for layer in layers]
    alike = _similarity(layers, sizes, pairs)
    while True:
        # Below the threshold now, a pair can only rise by merging with one that is above it, and
        # then that one is on the list: dropping the low ones loses nothing.
        good = (alike > 0) & ~_forbidden(pairs, label[apart], n)
        pairs, alike = pairs[good], alike[good]
        merging = _mutual(pairs, alike, n)
        if not len(merging):
            return label
        into = np.arange(n)
        into[merging[:, 1]] = merging[:, 0]
        label = into[label]
        layers = [Layer(_merged(layer.vectors, into, n), layer.at_least) for layer in layers]
        sizes = np.bincount(into, weights=sizes, minlength=n).astype(np.float64)
        changed = np.zeros(n, dtype=bool)
        changed[merging[:, 0]] = True
        pairs, alike = _renamed(into[pairs], alike, n)
        stale = changed[pairs[:, 0]] | changed[pairs[:, 1]]
        alike[stale] = _similarity(layers, sizes, pairs[stale])


def _keys(pairs: Pairs, n: int) -> NDArray[np.int64]:
    """One number per pair of rows below `n`, in the order of the pairs."""
    return np.asarray(pairs[:, 0] * n + pairs[:, 1])


def _similarity(layers: Sequence[Layer], sizes: NDArray[np.float64], pairs: Pairs) -> NDArray[np.float64]:
    """Mean dot product of each pair of clusters in the first layer; 0 where any layer falls short."""
    alike = _means(layers[0].vectors, sizes, pairs)
    good = alike >= layers[0].at_least
    for layer in layers[1:]:
        good[good] = _means(layer.vectors, sizes, pairs[good]) >= layer.at_least
    return np.where(good, alike, 0.0)


def _means(sums: sparse.csr_matrix, sizes: NDArray[np.float64], pairs: Pairs) -> NDArray[np.float64]:
    out = np.zeros(len(pairs))
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        left, right = pairs[start : start + _PAIRS_AT_ONCE].T
        dots = sums[left].multiply(sums[right]).sum(axis=1)
        out[start : start + _PAIRS_AT_ONCE] = np.asarray(dots).ravel() / (sizes[left] * sizes[right])
    return out


def _mutual(pairs: Pairs, alike: NDArray[np.float64], n: int) -> Pairs:
    """Pairs that are each other's nearest; of equals the one with the smaller numbers."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    values = np.concatenate([alike, alike])
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.lexsort((high, low, -values, ends[:, 0]))
    first = np.ones(len(order), dtype=bool)
    first[1:] = ends[order[1:], 0] != ends[order[:-1], 0]
    best = np.full(n, -1)
    best[ends[order[first], 0]] = ends[order[first], 1]
    mutual = (best[pairs[:, 0]] == pairs[:, 1]) & (best[pairs[:, 1]] == pairs[:, 0])
    return np.asarray(pairs[mutual])


def _merged(sums: sparse.csr_matrix, into: NDArray[np.int64], n: int) -> sparse.csr_matrix:
    folding = sparse.csr_matrix((np.ones(n), (into, np.arange(n))), shape=(n, n))
    return (folding @ sums).tocsr()


def _renamed(pairs: Pairs, alike: NDArray[np.float64], n: int) -> tuple[Pairs, NDArray[np.float64]]:
    """Pairs of clusters after a merge, each once, those inside one cluster gone."""
    pairs = np.sort(pairs, axis=1)
    kept = pairs[:, 0] != pairs[:, 1]
    pairs, alike = pairs[kept], alike[kept]
    _, first = np.unique(_keys(pairs, n), return_index=True)
    return pairs[first], alike[first]


def _forbidden(pairs: Pairs, apart: Pairs, n: int) -> NDArray[np.bool_]:
    if not len(apart):
        return np.zeros(len(pairs), dtype=bool)
    return np.isin(_keys(pairs, n), _keys(np.sort(apart, axis=1), n))
