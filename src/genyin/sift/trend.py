"""What was to be expected of a series, seen from its own past."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.counts import Floats, central_range

Counts = NDArray[np.int64]

_PRIOR_COUNTS = 10.0  # weight of a flat profile against a series' own


@dataclass(frozen=True, slots=True)
class Expectation:
    """Per bin, of the shape of the counts: expected number and its range; NaN where the past is short."""

    expected: Floats
    low: Floats
    high: Floats


def expectation(counts: Counts, *, season: int = 7, level: float = 0.9) -> Expectation:
    """What each bin was expected to be, seen from the bins before it: the band behind a chart.

    counts : (n_bins,) or (n_series, n_bins), oldest first; days, weeks or months
    season : length of the cycle in bins (7 for days, 12 for months), 1 for none
    level  : probability that the range holds, in (0, 1)

    Bin t is predicted from bins 0 .. t-1 alone, so the band never knows the future. The mean is
    (B + 1/2) X_t / X_before, where B counts the past and X sums a cyclic profile; the dispersion is the
    series' own, from its earlier one-step errors. NaN for the first 2 seasons, at least 6 bins.
    """
    series = np.atleast_2d(counts).astype(np.float64)
    n, bins = series.shape
    phase = np.arange(bins) % season
    at_phase = np.eye(season)[phase].T[:, None, :]  # (season, 1, bins)
    seen_counts = _before(at_phase * series[None])
    seen_bins = _before(np.broadcast_to(at_phase, (season, n, bins)))
    total, age = seen_counts.sum(axis=0), seen_bins.sum(axis=0)
    rate = total / np.maximum(age, 1)
    profile = (seen_counts + _PRIOR_COUNTS / season) / (seen_bins * rate + _PRIOR_COUNTS / season)
    exposure = np.maximum((profile * seen_bins).sum(axis=0), 1e-12)
    mean = (total + 0.5) / exposure * profile[phase, :, np.arange(bins)].T
    enough = age >= max(2 * season, 6)
    errors = np.where(enough, (series - mean) ** 2 - mean, 0.0)
    squares = np.where(enough, mean**2, 0.0)
    dispersion = np.maximum(_before(errors), 0.0) / (_before(squares) + 1.0)
    mean = np.where(enough, mean, np.nan)
    variance = mean + mean**2 * (dispersion + 1 / (total + 0.5))
    low, high = central_range(mean, variance, level)
    shape = np.shape(counts)
    return Expectation(mean.reshape(shape), low.reshape(shape), high.reshape(shape))


def _before(values: Floats) -> Floats:
    """Running sums along the last axis without the bin itself."""
    return np.asarray(np.cumsum(values, axis=-1) - values)
