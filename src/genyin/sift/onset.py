"""A rise explained: since when, how much more than expected, and what is more frequent in it than before.

Made for series that `rise.rises` has told; of one picked by eye because it looks high, the ratio is too large.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from genyin.sift.counts import Floats, central_range, weekly_dispersion
from genyin.sift.features import masked, words
from genyin.sift.records import NO_SERVICE, Record
from genyin.sift.surprise import PAST, SHORTEST_PAST

LONGEST = 91  # a rise that began earlier has become the past
SHORTEST = 2  # days: a rise is more often, which one day cannot be
FEWEST = 3  # incidents that a value has at least before it is called more frequent
MOST = 6
_CERTAIN = 0.01  # chance that any value is called more frequent by accident


@dataclass(frozen=True, slots=True)
class Onset:
    """since     : column of the first day of the rise
    past      : how many days before it are compared with
    observed  : incidents from then on
    expected  : how many there would be had nothing changed; low, high: range that holds 90 % of that
    ratio     : how many times as often as before, seeing how all other series went; low and high: 90 % interval.
                Without an incident before it has no upper end: ratio_high is None
    """

    since: int
    past: int
    observed: int
    expected: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float | None


@dataclass(frozen=True, slots=True)
class More:
    """A value that is more frequent in the rise.

    field  : "word", "service", or the coded field
    value  : as it is written; the number of the service
    after, of_after   : incidents of the rise that have it, of so many
    before, of_before : the same of the time before
    """

    field: str
    value: str
    after: int
    of_after: int
    before: int
    of_before: int


def onset(counts: NDArray[np.int64], others: NDArray[np.int64], *, since: int = 0) -> Onset | None:
    """The day on which a series went up, and by how much; None where the past is too short.

    counts : (n_days,) incidents of the series per day, oldest first, up to the last day with data
    others : (n_days,) the same of all other series together: what all have in common is no rise of one
    since  : first day with data

    The day is the one that a binomial likelihood ratio divides best by: of N incidents the share of the days
    after was to be d_after / (d_after + d_before) (change of a Poisson rate: Raftery and Akman, Biometrika 73
    (1986)). What was to be expected is then raised by how the others went, never lowered. The interval of the
    ratio is that of Clopper and Pearson (1934) for that share, at counts divided by the index of dispersion of
    the weeks before.
    """
    days = len(counts)
    cut = np.arange(max(since + SHORTEST_PAST, days - LONGEST), days - SHORTEST + 1)
    if not len(cut):
        return None
    first = np.maximum(cut - PAST, since)
    own = np.concatenate([[0.0], np.cumsum(counts)])
    odds = (days - cut) / (cut - first)
    best = int(np.argmax(_gain(own[cut] - own[first], own[days] - own[cut], odds / (1 + odds))))
    begun, start = int(cut[best]), int(first[best])
    level = (others[begun:].sum() + 1) / (others[start:begun].sum() * odds[best] + 1)
    return _measured(counts[start:begun], begun, int(counts[begun:].sum()), float(odds[best]) * max(float(level), 1.0))


def _gain(before: Floats, after: Floats, expected_share: Floats) -> Floats:
    """Log likelihood ratio of each cut; 0 where the time after is not above."""
    total = before + after
    share = after / np.maximum(total, 1)
    ratio = special.xlogy(after, share / expected_share) + special.xlogy(before, (1 - share) / (1 - expected_share))
    return np.asarray(np.where(share > expected_share, ratio, 0.0))


def _measured(before: NDArray[np.int64], since: int, after: int, odds: float) -> Onset:
    index = weekly_dispersion(before.astype(np.float64), np.ones(len(before))) if before.any() else 1.0
    total = float(before.sum())
    expected = (total + 0.5) * odds
    low, high = central_range(np.array([expected]), np.array([index * expected * (1 + odds)]), 0.9)
    ratio, (lowest, highest) = after / expected, _interval(after / index, total / index, odds)
    return Onset(since, len(before), after, expected, float(low[0]), float(high[0]), ratio, min(lowest, ratio), highest)


def _interval(after: float, before: float, odds: float) -> tuple[float, float | None]:
    """90 % interval of the ratio; of 0 before it has no upper end."""
    low = float(special.betaincinv(after, before + 1, 0.05)) if after else 0.0
    if not before:
        return low / (1 - low) / odds, None
    # The share of the time before, which may be very small, and not 1 less that of the time after.
    rest = float(special.betaincinv(before, after + 1, 0.05))
    return low / (1 - low) / odds, (1 - rest) / rest / odds


def more_frequent(before: Sequence[Record], after: Sequence[Record]) -> tuple[More, ...]:
    """Words, coded values and services that more of the records `after` have than of those `before`.

    The strongest first, at most six, at least three records each. Tested by the likelihood ratio of two shares
    (Dunning, Computational Linguistics 19 (1993)), with Bonferroni's correction for the values there are. Words
    are judged by the record that says them, not by how often it does. Call it with what the reader may see.
    """
    if not before or not after:
        return ()
    written: dict[tuple[str, str], str] = {}
    then, now = _holders(before, written), _holders(after, written)
    values = [value for value, n in now.items() if n >= FEWEST]
    if not values:
        return ()
    a, b = (np.array([count[value] for value in values], dtype=np.float64) for count in (now, then))
    strength = _shares_differ(a, len(after), b, len(before))
    threshold = float(special.chdtri(1, _CERTAIN / len(values)))
    order = [int(at) for at in np.argsort(-strength, kind="stable")[:MOST] if strength[at] >= threshold]
    return tuple(
        More(values[at][0], written[values[at]], int(a[at]), len(after), int(b[at]), len(before)) for at in order
    )


def _holders(records: Sequence[Record], written: dict[tuple[str, str], str]) -> Counter[tuple[str, str]]:
    """How many records have each value; `written` keeps how it is written."""
    found: Counter[tuple[str, str]] = Counter()
    for record in records:
        own = {("word", token): surface for token, surface in words(masked(record))}
        own |= {code: code[1] for code in record.codes}
        if record.service != NO_SERVICE:
            own["service", str(record.service)] = str(record.service)
        found.update(own.keys())
        written.update(own)
    return found


def _shares_differ(a: Floats, of_a: int, b: Floats, of_b: int) -> Floats:
    """2 log likelihood ratio of the shares a / of_a and b / of_b against a common one; 0 where a's is not larger."""

    def log_likelihood(n: Floats, of: int, share: Floats) -> Floats:
        return np.asarray(special.xlogy(n, share) + special.xlogy(of - n, 1 - share))

    common = (a + b) / (of_a + of_b)
    apart = log_likelihood(a, of_a, a / of_a) + log_likelihood(b, of_b, b / of_b)
    together = log_likelihood(a, of_a, common) + log_likelihood(b, of_b, common)
    return np.asarray(np.where(a / of_a > b / of_b, 2 * (apart - together), 0.0))
