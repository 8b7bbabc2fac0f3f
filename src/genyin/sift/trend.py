"""Which series rise, and what was to be expected of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.counts import Floats, at_least, central_range, false_discovery

Counts = NDArray[np.int64]
Days = NDArray[np.int64] | int | None

_PRIOR_COUNTS = 10.0  # weight of the common weekday profile against a series' own
_WILDER = 0.9  # quantile of the clearly known dispersions that unknown ones are taken to have
_PRIOR_INFORMATION = 10.0  # weight of the common dispersion against a series' own


@dataclass(frozen=True, slots=True)
class Rises:
    """One entry per series; NaN where there is too little data to say anything.

    p, q      : p-value, and q-value after Benjamini-Hochberg over the series that were tested
    observed  : incidents in the recent days
    expected  : the same as their own past has it
    low, high : range that holds 90 % of what was to be expected
    """

    p: Floats
    q: Floats
    observed: Counts
    expected: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Expectation:
    """Per bin, of the shape of the counts: expected number and its range; NaN where the past is short."""

    expected: Floats
    low: Floats
    high: Floats


def rise(counts: Counts, *, season: int = 7, recent: int = 14, since: Days = None, until: Days = None) -> Rises:
    """Which series are higher lately than their own past allows.

    counts : (n_series, n_days) incidents per day, oldest first, UTC days
    season : length of the cycle in days
    recent : how many last days are tested together
    since  : first day with data, as a column number, one for all or (n_series,); default the first
    until  : last day with data, likewise; default the last

    Returns p-values (n_series,) of a negative-binomial predictive test with pooled dispersion,
    and q-values after Benjamini-Hochberg (1995). Lower means stronger evidence of a rise.
    Series with less than 4 seasons of data before the recent days, or without data on any of the
    recent days, get NaN: too little data, or an extraction that ended, is not "no rise".

    The mean is (B + 1/2) X_recent / X_past, where B counts the past and X sums a weekday profile
    shrunk towards the profile of all series. Its variance is m + f m² + m² / (B + 1/2) + f m² / w:
    the counts', and that of a mean estimated from w windows as long as the recent one. f is the
    dispersion of those windows (method of moments, Var = m + f m²): a series' own as far as it is
    known, else what nine in ten of the clearly known series stay below, at least the pooled value.
    Test of this form: Noufaily et al., "An improved algorithm for outbreak detection", Statistics in
    Medicine 32 (2013).
    """
    if counts.ndim != 2:
        raise ValueError(f"counts has {counts.ndim} dimensions; it must be (n_series, n_days).")
    n, days = counts.shape
    past_days = days - recent
    observed = counts[:, max(past_days, 0) :].sum(axis=1)
    if past_days < 4 * season or not n:
        nan = np.full(n, np.nan)
        return Rises(nan, nan.copy(), observed, nan.copy(), nan.copy(), nan.copy())
    seen = _seen(n, days, since, until)
    told = seen[:, past_days:].all(axis=1) & (seen[:, :past_days].sum(axis=1) >= 4 * season)
    profile = _profile(counts[:, :past_days], seen[:, :past_days], season)[:, np.arange(days) % season]
    past = np.where(seen[:, :past_days], counts[:, :past_days], 0)
    exposure = np.where(seen[:, :past_days], profile[:, :past_days], 0.0)
    total, recent_exposure = past.sum(axis=1) + 0.5, profile[:, past_days:].sum(axis=1)
    rate = np.divide(total, exposure.sum(axis=1), out=np.full(n, np.nan), where=told)
    expected = rate * recent_exposure
    dispersion, windows = _dispersion(past, exposure * rate[:, None], recent, told)
    variance = expected + expected**2 * (dispersion * (1 + 1 / windows) + 1 / total)
    p = at_least(observed.astype(np.float64), expected, variance)
    low, high = central_range(expected, variance, 0.9)
    return Rises(p, false_discovery(p), observed, expected, low, high)


def _seen(n: int, days: int, since: Days, until: Days) -> NDArray[np.bool_]:
    """(n, days) True where there is data."""
    first = np.broadcast_to(np.asarray(0 if since is None else since), (n,))
    last = np.broadcast_to(np.asarray(days - 1 if until is None else until), (n,))
    column = np.arange(days)
    return np.asarray((column >= first[:, None]) & (column <= last[:, None]))


def _profile(past: Counts, seen: NDArray[np.bool_], season: int) -> Floats:
    """(n, season) factor of each day of the cycle, about 1 on average, shrunk towards the common one."""
    phase = np.arange(past.shape[1]) % season
    at_phase = np.eye(season)[phase]
    counts = np.where(seen, past, 0) @ at_phase
    days = seen @ at_phase
    rate = counts.sum(axis=1) / np.maximum(days.sum(axis=1), 1)
    flat = (days * rate[:, None]).sum(axis=0)
    common = (counts.sum(axis=0) + 1) / (flat + 1)
    likely = days * rate[:, None] * common
    return np.asarray(common * (counts + _PRIOR_COUNTS) / (likely + _PRIOR_COUNTS))


def _dispersion(past: Counts, mean: Floats, window: int, told: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Dispersion f (n,) of Var = m + f m² over windows of the past, and how many windows (n,)."""
    usable = past.shape[1] // window
    shape = (len(past), usable, window)
    counts = past[:, past.shape[1] - usable * window :].reshape(shape).sum(axis=2)
    means = mean[:, past.shape[1] - usable * window :].reshape(shape).sum(axis=2)
    windows = np.maximum((means > 0).sum(axis=1), 1).astype(np.float64)
    free = np.maximum(windows - 1, 1)
    excess = np.where(means > 0, (counts - means) ** 2 * (windows / free)[:, None] - means, 0.0).sum(axis=1)
    squares = np.where(means > 0, means**2, 0.0).sum(axis=1)
    pooled = max(0.0, float(excess[told].sum()) / max(float(squares[told].sum()), 1e-12)) if told.any() else 0.0
    own = np.maximum(excess, 0.0) / np.maximum(squares, 1e-12)
    per_window = np.sqrt(squares / windows)
    known = free * per_window**2
    weight = known / (known + _PRIOR_INFORMATION * (1 + pooled * per_window) ** 2)
    # Where a series tells too little of its own, the common value must hold for the wilder ones too:
    # with the plain mean, the wild series alone would fill the list of rises.
    clear = own[told & (weight >= 0.5)]
    common = max(pooled, float(np.quantile(clear, _WILDER))) if len(clear) else pooled
    # A variance known from few windows may be larger by its own standard error, sqrt(2 / free) of it.
    careful = own * (1 + np.sqrt(2 / free))
    return weight * careful + (1 - weight) * common, windows


def expectation(counts: Counts, *, season: int = 7, level: float = 0.9) -> Expectation:
    """What each bin was expected to be, seen from the bins before it: the band behind a chart.

    counts : (n_bins,) or (n_series, n_bins), oldest first; days, weeks or months
    season : length of the cycle in bins (7 for days, 12 for months), 1 for none
    level  : probability that the range holds, in (0, 1)

    Bin t is predicted from bins 0 .. t-1 alone, so the band never knows the future. The mean is that
    of `rise` for one bin; the dispersion is the series' own, from its earlier one-step errors. NaN for
    the first 2 seasons, at least 6 bins.
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
