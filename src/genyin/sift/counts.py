"""Overdispersed counts: the predictive distribution that trends and watches share.

Through the incomplete beta function, since `scipy.stats` alone takes longer to load than all the rest of a page.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


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


def false_discovery(p: Floats) -> Floats:
    """q-values of Benjamini and Hochberg (1995), of the shape of `p`; NaN stays NaN and is not counted."""
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
