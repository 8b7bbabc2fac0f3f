"""Did the fix work? Incidents after it against what the time before it lets expect.

Had nothing changed, the number after is negative binomial with mean m = (B + 1/2) X_after / X_before
and variance d m (1 + m / (B + 1/2)), where B incidents fell on the exposure X_before. With d = 1 this
is the predictive distribution of a Poisson count under Jeffreys' prior (Gelman et al., Bayesian Data
Analysis, 3rd ed., section 2.6); d >= 1 is the index of dispersion of the weeks before, shrunk towards
1, because incidents come in bursts.

stopped   : none seen, and none at all would be this unlikely (<= alpha)
reduced   : so few are unlikely          worse : so many are unlikely
unchanged : neither, though a stop would have shown by now; else too_little_data

For reduced and worse alpha is halved and divided by the doublings of the first day so far, because a
watch is looked at every day and errs on two sides; a stop needs no such care: once an incident is
seen, it can never be said. A problem is often raised because of a burst, and bursts end by themselves:
hand in a time before that is longer than the burst, or a fix gets the credit for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from genyin.sift.counts import at_least, at_most, central_range, weekly_dispersion

Code = Literal["stopped", "reduced", "unchanged", "worse", "too_little_data", "not_applicable"]
Why = Literal[
    "",
    "no_incidents_before",
    "baseline_too_short",
    "no_exposure",
    "data_ended",
    "watch_too_short",
    "too_few_expected",
]
PerDay = NDArray[np.int64] | NDArray[np.float64] | Sequence[int] | Sequence[float]

LONGEST_WATCH_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said about a fix.

    code        : stopped, reduced, unchanged, worse; too_little_data; not_applicable
    why         : for the last two, the reason as a code, else ""
    observed    : incidents on the days judged
    expected    : how many there would be had nothing changed; NaN when not applicable
    low, high   : range that holds 90 % of that
    days        : days judged
    days_needed : days after which even no incident at all would prove a stop; None when not applicable
                  or longer than ten years
    p_fewer     : probability of so few or fewer incidents had nothing changed, 0 to 1
    p_more      : probability of so many or more, 0 to 1
    """

    code: Code
    why: Why
    observed: int
    expected: float
    low: float
    high: float
    days: int
    days_needed: int | None
    p_fewer: float
    p_more: float


@dataclass(frozen=True, slots=True)
class _Baseline:
    """Incidents, their exposure and their index of dispersion before the fix."""

    incidents: float
    exposure: float
    days: int
    dispersion: float

    def predict(self, exposure: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and variance of the incidents on an exposure, had nothing changed."""
        mean = (self.incidents + 0.5) * exposure / self.exposure
        return mean, self.dispersion * mean * (1 + mean / (self.incidents + 0.5))


def verdict(
    before: PerDay,
    after: PerDay,
    *,
    before_exposure: PerDay | None = None,
    after_exposure: PerDay | None = None,
    data_days: int | None = None,
    slack_days: int = 2,
    alpha: float = 0.05,
    shortest_baseline: int = 28,
    shortest_watch: int = 14,
) -> Verdict:
    """Compare the days after a fix with the days before it; the module says how.

    before, after : incidents per day, oldest first, by the day they *occurred*; `after` begins on the
        first whole day with the fix and runs to the day of judgement
    before_exposure, after_exposure : how much there was to fail on each day, in any one unit: sites,
        servers, transactions; default 1. Where a site has no fix yet a day after belongs to neither
        side: leave its incidents out and do not count it in the exposure
    data_days : how many of the days `after` the source has delivered; default all. When more than
        `slack_days` are missing the answer is too_little_data: silence of the source is not silence
        of the fault
    alpha : one-sided error allowed, over all looks at a growing `after` together
    shortest_baseline, shortest_watch : fewer days before give too_little_data; on fewer days after
        only "worse" is said, for a quiet week proves nothing
    """
    counts_after = np.asarray(after, dtype=np.float64)
    delivered = len(counts_after) if data_days is None else min(max(data_days, 0), len(counts_after))
    units = _exposure(after_exposure, counts_after)[:delivered]
    observed = int(counts_after[:delivered].sum())
    baseline = _baseline(np.asarray(before, dtype=np.float64), before_exposure, shortest_baseline)
    if not isinstance(baseline, _Baseline):
        return _cannot_tell(*baseline, observed, delivered)
    code, why, figures = _judge(baseline, units, observed, alpha)
    if len(counts_after) - delivered > slack_days:
        code, why = "too_little_data", "data_ended"
    elif delivered < shortest_watch and code != "worse":
        code, why = "too_little_data", "watch_too_short"
    needed = _days_needed(baseline, units, alpha, shortest_watch)
    return Verdict(code, why, observed, *figures[:3], delivered, needed, *figures[3:])


def _baseline(counts: NDArray[np.float64], exposure: PerDay | None, shortest: int) -> _Baseline | tuple[Code, Why]:
    """What the time before the fix tells, or why it tells nothing."""
    units = _exposure(exposure, counts)
    if not counts.sum():
        return "not_applicable", "no_incidents_before"
    if not units.sum():
        return "not_applicable", "no_exposure"
    if np.count_nonzero(units) < shortest:
        return "too_little_data", "baseline_too_short"
    return _Baseline(counts.sum(), units.sum(), len(counts), weekly_dispersion(counts, units))


def _exposure(units: PerDay | None, counts: NDArray[np.float64]) -> NDArray[np.float64]:
    if units is None:
        return np.ones(len(counts))
    given = np.asarray(units, dtype=np.float64)
    if given.shape != counts.shape:
        raise ValueError(f"Exposure has {len(given)} days, the counts have {len(counts)}; they must be the same days.")
    return given


def _cannot_tell(code: Code, why: Why, observed: int, days: int) -> Verdict:
    nan = float("nan")
    return Verdict(code, why, observed, nan, nan, nan, days, None, nan, nan)


def _judge(
    baseline: _Baseline, units: NDArray[np.float64], observed: int, alpha: float
) -> tuple[Code, Why, tuple[float, float, float, float, float]]:
    """The verdict, and expected, low, high, p_fewer, p_more."""
    if not units.sum():
        return "too_little_data", "no_exposure", (0.0, 0.0, 0.0, 1.0, 1.0)
    mean, variance = baseline.predict(np.array([units.sum()]))
    low, high = central_range(mean, variance, 0.9)
    fewer, more = at_most(np.array([observed]), mean, variance), at_least(np.array([observed]), mean, variance)
    figures = float(mean[0]), float(low[0]), float(high[0]), float(fewer[0]), float(more[0])
    strict = alpha / (2 * (1 + float(np.log2(len(units)))))
    none_at_all = float(at_most(np.zeros(1), mean, variance)[0])
    if figures[4] <= strict:
        return "worse", "", figures
    if not observed and none_at_all <= alpha:
        return "stopped", "", figures
    if figures[3] <= strict:
        return "reduced", "", figures
    if none_at_all <= alpha:
        return "unchanged", "", figures
    return "too_little_data", "too_few_expected", figures


def _days_needed(baseline: _Baseline, units: NDArray[np.float64], alpha: float, shortest: int) -> int | None:
    """First day on which no incident at all would prove a stop; the last known exposure goes on."""
    last = units[-1] if len(units) and units[-1] else baseline.exposure / baseline.days
    to_come = np.concatenate([units, np.full(max(0, LONGEST_WATCH_DAYS - len(units)), last)])
    mean, variance = baseline.predict(np.maximum(np.cumsum(to_come), 1e-9))
    proof = np.flatnonzero(at_most(np.zeros(len(mean)), mean, variance) <= alpha)
    return max(int(proof[0]) + 1, shortest) if len(proof) else None
