"""Overdispersed counts: the predictive distribution that trends and watches share.

Through the incomplete beta function, since `scipy.stats` alone takes longer to load than all the rest of a page.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

_PRIOR_WEEKS = 4.0  # weight of "no overdispersion" against what the weeks show


def negative_binomial(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """(size, probability) of the negative binomial distribution of this mean and variance.

    size = mean² / (variance - mean), probability = mean / variance. A variance not above the mean is
    raised a hair above it: the Poisson distribution is the limit.
    """
    variance = np.maximum(variance, mean * (1 + 1e-9) + 1e-12)
    return mean**2 / (variance - mean), mean / variance


def at_least(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(Y >= observed), in [0, 1]; NaN where the mean is."""
    size, probability = negative_binomial(mean, variance)
    beyond = special.betainc(np.maximum(observed, 1), size, 1 - probability)
    return np.asarray(np.where(observed <= 0, np.where(np.isnan(mean), np.nan, 1.0), beyond))


def at_most(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(Y <= observed), in [0, 1]; NaN where the mean is."""
    size, probability = negative_binomial(mean, variance)
    return np.asarray(special.betainc(size, observed + 1, probability))


def central_range(mean: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Bounds that enclose at least `level` of the probability, both inclusive; NaN where the mean is."""
    size, probability = negative_binomial(mean, variance)
    tail = (1 - level) / 2
    return _quantile(tail, size, probability), _quantile(1 - tail, size, probability)


def _quantile(q: float, size: Floats, probability: Floats) -> Floats:
    """The smallest whole k with P(Y <= k) >= q."""
    k = np.maximum(np.ceil(special.nbdtrik(q, size, probability)), 0.0)
    # The inverse is exact to rounding only: one step down where that already suffices.
    below = np.maximum(k - 1, 0.0)
    return np.asarray(np.where(special.betainc(size, below + 1, probability) >= q, below, k))


def discovery_limit(p: Floats, false_share: float, *, tested: int) -> float:
    """The largest of the p-values `p` that Benjamini and Hochberg (1995) call a discovery; -1 when none is.

    p      : those of the p-values that are at most `false_share`, or more of them
    tested : how many there are in all
    """
    smallest = np.sort(p)
    passing = np.flatnonzero(smallest <= false_share * np.arange(1, len(smallest) + 1) / max(tested, 1))
    return float(smallest[passing[-1]]) if len(passing) else -1.0


def weekly_dispersion(counts: Floats, exposure: Floats) -> float:
    """Index of dispersion (variance / mean) of the weeks of daily counts, at least 1, shrunk towards 1."""
    weeks = len(counts) // 7
    weekly = counts[len(counts) - 7 * weeks :].reshape(weeks, 7).sum(axis=1)
    shares = exposure[len(exposure) - 7 * weeks :].reshape(weeks, 7).sum(axis=1)
    mean = shares * counts.sum() / exposure.sum()
    there = mean > 0
    free = max(int(there.sum()) - 1, 1)
    index = float(((weekly - mean)[there] ** 2 / mean[there]).sum()) / free
    return max(1.0, (free * index + _PRIOR_WEEKS) / (free + _PRIOR_WEEKS))
