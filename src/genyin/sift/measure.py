"""How good a ranking or a grouping is, against a known truth. All results lie in [0, 1], higher is
better, except the adjusted Rand index, which may fall below 0."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Labels = Sequence[int] | NDArray[np.int64]


def recall_at(positions: Sequence[int | None], k: int) -> float:
    """Share of queries whose right answer stands at position <= k.

    positions : one per query, counted from 1; None for a query whose answer was not found. It stays
                in the denominator (RecallRate@k of Zhang et al., TOSEM 2022, arXiv 2212.00548)
    """
    hits = sum(1 for position in positions if position is not None and position <= k)
    return hits / len(positions) if positions else 0.0


def mean_reciprocal_rank(positions: Sequence[int | None]) -> float:
    """Mean of 1 / position, 0 for a query without an answer (Voorhees 1999)."""
    total = sum(1 / position for position in positions if position is not None)
    return total / len(positions) if positions else 0.0


def auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Chance that one of `right` is higher than one of `wrong`, ties by half; 1 when either is empty.

    Area under the ROC curve as the statistic of Mann and Whitney (Hanley and McNeil 1982).
    """
    if not len(right) or not len(wrong):
        return 1.0
    lower, high = np.sort(wrong), np.asarray(right)
    below, not_above = np.searchsorted(lower, high, side="left"), np.searchsorted(lower, high, side="right")
    return float((below + not_above).mean() / (2 * len(lower)))


def grouping_accuracy(truth: Labels, found: Labels) -> float:
    """Share of items whose found group has exactly the members of their true group.

    As defined for log parsing (Zhu et al., "Tools and Benchmarks for Automated Log Parsing", 2019).
    -1 in either labelling is an item on its own.
    """
    true_labels, found_labels = _single_out(truth), _single_out(found)
    true_size, found_size = Counter(true_labels), Counter(found_labels)
    both = Counter(zip(true_labels, found_labels, strict=True))
    right = sum(n for (t, f), n in both.items() if n == true_size[t] == found_size[f])
    return right / len(true_labels) if true_labels else 1.0


def pairwise(truth: Labels, found: Labels) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of items that share a group; -1 is an item on its own.

    Precision is 1 when no pair was found, recall is 1 when there is none to find.
    """
    together, in_truth, in_found, _ = _pairs(truth, found)
    precision = together / in_found if in_found else 1.0
    recall = together / in_truth if in_truth else 1.0
    f1 = 2 * together / (in_found + in_truth) if in_found + in_truth else 1.0
    return precision, recall, f1


def adjusted_rand(truth: Labels, found: Labels) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): 1 the same partition, 0 as by chance, may be
    negative. -1 is an item on its own."""
    together, in_truth, in_found, of_all = _pairs(truth, found)
    if not of_all:
        return 1.0
    expected = in_truth * in_found / of_all
    most = (in_truth + in_found) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def _single_out(labels: Labels) -> list[int]:
    """Give every -1 a label of its own."""
    return [int(label) if label != -1 else -2 - i for i, label in enumerate(labels)]


def _pairs(truth: Labels, found: Labels) -> tuple[int, int, int, int]:
    """Pairs together in both, in the truth, in the finding, and all pairs there are."""
    if len(truth) != len(found):
        raise ValueError(f"{len(truth)} true labels, {len(found)} found ones: they must be of the same items")
    true_labels, found_labels = _single_out(truth), _single_out(found)
    both = Counter(zip(true_labels, found_labels, strict=True))

    def within(sizes: Counter[int] | Counter[tuple[int, int]]) -> int:
        return sum(n * (n - 1) // 2 for n in sizes.values())

    n = len(true_labels)
    return within(both), within(Counter(true_labels)), within(Counter(found_labels)), n * (n - 1) // 2
