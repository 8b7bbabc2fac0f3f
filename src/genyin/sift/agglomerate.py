"""Average linkage over a sparse list of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.neighbours import Pairs

_PAIRS_AT_ONCE = 200_000
#: A cluster so many times as large as another hardly changes by taking it in, so it takes in all of them at once.
_LARGE = 10.0
_NOBODY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Layer:
    """One way to look at the rows: vectors (n, any) of length at most 1, and the least mean dot
    product at which two clusters may merge."""

    vectors: sparse.csr_matrix
    at_least: float


def agglomerate(layers: Sequence[Layer], sizes: NDArray[np.float64], pairs: Pairs, apart: Pairs) -> NDArray[np.int64]:
    """Cluster label (n,) of each row: one row of its cluster.

    Average linkage (UPGMA, Sokal and Michener 1958): the similarity of two clusters is the mean dot product over
    their pairs of members, members counted with their sizes. Clusters that are each other's nearest are merged
    together, round by round, which gives the same tree as merging the closest pair each time (Murtagh 1983),
    restricted to clusters that some pair of `pairs` connects. In the same round a cluster that merges takes in those
    of at most a tenth of its size that are nearest to it: one by one they would need a round each.

    layers : the first one is what "nearest" means, every one must reach its `at_least`
    sizes  : (n,) weight of each row, > 0
    pairs  : (m, 2) rows that are compared, i < j, none twice
    apart  : (m, 2) rows that must never share a cluster
    """
    label: NDArray[np.int64] = np.arange(len(sizes))
    left = _Left(layers, sizes, pairs, apart)
    while len(merging := left.merging()):
        into = np.arange(len(sizes))
        into[left.stands_for[merging[:, 1]]] = left.stands_for[merging[:, 0]]
        label = into[label]
        left.merge(merging)
    return label


class _Left:
    """The clusters that may still merge, numbered from 0, so that a round costs what is left and no more.

    stands_for : (m,) the row that names each cluster
    """

    def __init__(self, layers: Sequence[Layer], sizes: NDArray[np.float64], pairs: Pairs, apart: Pairs) -> None:
        self._sums = [(sparse.diags(sizes) @ layer.vectors).tocsr() for layer in layers]
        self._at_least = [layer.at_least for layer in layers]
        self._sizes, self._pairs, self._apart = sizes, pairs, np.sort(apart, axis=1)
        self.stands_for: NDArray[np.int64] = np.arange(len(sizes))
        self._alike = self._similarity(pairs)
        self._forget_hopeless()

    def merging(self) -> Pairs:
        """(cluster, the one it takes in) for this round; empty at the end."""
        m, nearest = len(self._sizes), self._nearest()
        if not m:
            return self._pairs
        everyone = np.arange(m)
        mutual = nearest[nearest] == everyone
        root = np.where(mutual, np.minimum(everyone, nearest), everyone)
        small = ~mutual & mutual[nearest] & (self._sizes[nearest] >= _LARGE * self._sizes)
        small &= ~self._is_held()
        root[small] = root[nearest[small]]
        taken = np.flatnonzero(root != everyone)
        return np.stack([root[taken], taken], axis=1)

    def merge(self, merging: Pairs) -> None:
        """Fold clusters together, look again at pairs with one that changed, and leave out what is finished."""
        m = len(self._sizes)
        into = np.arange(m)
        into[merging[:, 1]] = merging[:, 0]
        stays = into == np.arange(m)
        into = (np.cumsum(stays) - 1)[into]
        folding = sparse.csr_matrix((np.ones(m), (into, np.arange(m))), shape=(int(stays.sum()), m))
        self._sums = [(folding @ sums).tocsr() for sums in self._sums]
        self._sizes = folding @ self._sizes
        self.stands_for = self.stands_for[stays]
        self._apart = np.sort(into[self._apart], axis=1)
        changed = np.zeros(len(self._sizes), dtype=bool)
        changed[into[merging[:, 0]]] = True
        self._rename(into)
        stale = changed[self._pairs].any(axis=1)
        self._alike[stale] = self._similarity(self._pairs[stale])
        self._forget_hopeless()

    def _nearest(self) -> NDArray[np.int64]:
        """Each cluster's nearest; of equals the pair with the smaller numbers, so that two agree about it."""
        m = len(self._sizes)
        best = np.zeros(m)
        for end in (0, 1):
            np.maximum.at(best, self._pairs[:, end], self._alike)
        first = np.full(m, _NOBODY)
        keys = self._keys(self._pairs)
        for end in (0, 1):
            is_best = self._alike == best[self._pairs[:, end]]
            np.minimum.at(first, self._pairs[is_best, end], keys[is_best])
        low, high = np.divmod(first, max(m, 1))
        return np.where(low == np.arange(m), high, low)

    def _is_held(self) -> NDArray[np.bool_]:
        """Clusters with somebody to be kept apart from: taken in with others at once, two of them could meet."""
        held = np.zeros(len(self._sizes), dtype=bool)
        held[self._apart] = True
        return held

    def _rename(self, into: NDArray[np.int64]) -> None:
        """Pairs after a merge, each once, those inside one cluster gone."""
        pairs = np.sort(into[self._pairs], axis=1)
        between = pairs[:, 0] != pairs[:, 1]
        pairs, alike = pairs[between], self._alike[between]
        _, first = np.unique(self._keys(pairs), return_index=True)
        self._pairs, self._alike = pairs[first], alike[first]

    def _forget_hopeless(self) -> None:
        """Below its threshold now, a pair can only rise by merging with one that is above it, and then that one is on
        the list: nothing is lost with the low ones, nor with clusters that are in no pair."""
        good = self._alike > 0
        if len(self._apart):
            good &= ~np.isin(self._keys(self._pairs), self._keys(self._apart))
        pairs, self._alike = self._pairs[good], self._alike[good]
        used = np.unique(pairs)
        place = np.full(len(self._sizes), -1)
        place[used] = np.arange(len(used))
        self._pairs, apart = place[pairs], place[self._apart]
        self._apart = apart[(apart >= 0).all(axis=1)]
        self._sums = [sums[used] for sums in self._sums]
        self._sizes, self.stands_for = self._sizes[used], self.stands_for[used]

    def _similarity(self, pairs: Pairs) -> NDArray[np.float64]:
        """Mean dot product of each pair of clusters in the first layer; 0 where any layer falls short."""
        alike = self._means(0, pairs)
        good = alike >= self._at_least[0]
        for layer in range(1, len(self._sums)):
            good[good] = self._means(layer, pairs[good]) >= self._at_least[layer]
        return np.where(good, alike, 0.0)

    def _means(self, layer: int, pairs: Pairs) -> NDArray[np.float64]:
        sums, sizes, out = self._sums[layer], self._sizes, np.zeros(len(pairs))
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            left, right = pairs[start : start + _PAIRS_AT_ONCE].T
            dots = sums[left].multiply(sums[right]).sum(axis=1)
            out[start : start + _PAIRS_AT_ONCE] = np.asarray(dots).ravel() / (sizes[left] * sizes[right])
        return out

    def _keys(self, pairs: Pairs) -> NDArray[np.int64]:
        """One number per pair, in the order of the pairs."""
        return np.asarray(pairs[:, 0] * len(self._sizes) + pairs[:, 1])
