"""Overdispersed counts: the predictive distribution that trends and watches share."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

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
    return np.asarray(stats.nbinom.sf(observed - 1, *negative_binomial(mean, variance)))


def at_most(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(Y <= observed), in [0, 1]; NaN where the mean is."""
    return np.asarray(stats.nbinom.cdf(observed, *negative_binomial(mean, variance)))


def central_range(mean: Floats, variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Bounds that enclose at least `level` of the probability, both inclusive; NaN where the mean is."""
    distribution = negative_binomial(mean, variance)
    tail = (1 - level) / 2
    return np.asarray(stats.nbinom.ppf(tail, *distribution)), np.asarray(stats.nbinom.ppf(1 - tail, *distribution))


def false_discovery(p: Floats) -> Floats:
    """q-values of Benjamini and Hochberg (1995), of the shape of `p`; NaN stays NaN and is not counted."""
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
