"""How surprising the last days of many series are, look by look: the evidence behind a rise.

Arrays are day-major here, (days, n): a look reads whole days, and days of all series lie together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from genyin.sift.counts import Floats, at_least

Bools = NDArray[np.bool_]
Singles = NDArray[np.float32]

WINDOWS = (14, 28)  # whole weeks, so that a weekday season cancels
YEAR = 365
PAST = 364  # days before a window that it is measured against
SHORTEST_PAST = 28
DOUBLE = 2.0  # less than twice as many is no rise, however certain
FEWEST = 5  # incidents that a rise has at least

#: What a series may be like: (c, f) of Var = c m + f m². c is above 1 where one fault brings several incidents
#: at once, f above 0 where the rate itself goes up and down. How many series are like what, is learned from all.
LIKELY = np.array(
    [(1, 0.001), (1, 0.025), (1, 0.07), (1, 0.17), (1, 0.4), (1, 1.2), (2, 0.02), (3, 0.1)], dtype=np.float32
)

_OVERLAP = 2  # windows of the past that a day lies in: each tells a part of the news only
_FAR = 2.5  # standard deviations of a Poisson count: nearer ones are no rise at any dispersion
_CAP = 4.5  # standard deviations of a day; what a day brings beyond them is not counted
_LOOKS = 0.15  # share of the looks of a year that count as looks of their own, chosen on simulations
_FIRST_ROUNDS, _ROUNDS = 30, 5


@dataclass(frozen=True, slots=True)
class Window:
    """Some last days of every series (n,): what came, what was expected of them, and how well that is known.

    unsure : variance of the expectation, as a share of its square
    told   : False where data are missing in the window or the past is too short
    """

    days: int
    observed: Singles
    expected: Singles
    unsure: Singles
    told: Bools


class Past:
    """Running sums of capped counts, from which any window and its expectation are read."""

    def __init__(self, counts: Singles, seen: Bools) -> None:
        """counts, seen : (days, n)"""
        self.days, self.n = counts.shape
        self._seen = _running(seen)
        self._counts = _running(capped(counts * seen, self._seen))

    def window(self, days: int, end: int) -> tuple[Window, Singles]:
        """The `days` days up to and with column `end`, and the level (n,) of all other series in them.

        The level is how many came in all other series against what their own past had let expect: growth,
        holidays and seasons that all series share are in it, and so is the day a source was down.
        """
        stop, start = end + 1, end + 1 - days
        first = max(start - PAST, 0)
        age = self._seen[start] - self._seen[first]
        told = (self._seen[stop] - self._seen[start] == days) & (age >= SHORTEST_PAST)
        observed = np.where(told, self._counts[stop] - self._counts[start], 0.0)
        before = self._counts[start] - self._counts[first] + 0.5
        expected = np.where(told, before / np.maximum(age, 1) * days, 0.0)
        others, of_others = observed.sum() - observed, expected.sum() - expected
        level = (others + 1) / (np.maximum(of_others, 0) + 1)
        unsure = 1 / before + (of_others > 1e-3) / np.maximum(others, 1)  # alone it has no level to be unsure of
        return Window(days, observed, expected, unsure, told), level


def capped(counts: Singles, seen: Singles) -> Singles:
    """Counts (days, n) of which a day beyond `_CAP` standard deviations of the days before keeps only these.

    seen : running sums of the days with data

    A storm of thirty in an hour is one bad day. A rise is "more often": it needs many days, and a cap
    leaves a threefold one nearly whole. A family of a few a year counts at most one a day.
    """
    kept, tame = np.empty_like(counts), np.empty_like(counts)
    raw, rough, squares = (np.zeros(counts.shape[1], dtype=np.float32) for _sum in range(3))
    for day, came in enumerate(counts):
        first = max(day - PAST, 0)
        age = np.maximum(seen[day] - seen[first], np.float32(1))
        rate = raw / age
        # Roughly first, or a storm would raise the spread by which it is judged.
        tame[day] = np.minimum(came, np.ceil(rate + 6 * np.sqrt(rate) + 3))
        rate = rough / age
        spread = np.sqrt(np.clip(squares / age - rate**2, rate, rate + rate**2))
        least = np.where(age < SHORTEST_PAST, np.float32(3), np.float32(1))
        kept[day] = np.minimum(tame[day], np.maximum(np.ceil(rate + _CAP * spread), least))
        raw, rough, squares = raw + came, rough + tame[day], squares + tame[day] ** 2
        if day >= PAST:
            gone = tame[first]
            raw, rough, squares = raw - counts[first], rough - gone, squares - gone**2
    return kept


def surprises(counts: Singles, seen: Bools, *, looks: int) -> Iterator[tuple[int, Floats]]:
    """For each of the last `looks` days its column and p (n,): how often in a year of daily looks a series
    without a rise comes to show as much on any of them. NaN without data.

    counts, seen : (days, n)
    """
    past = Past(counts, seen)
    learned = [_Learned(past, days) for days in WINDOWS]
    for end in range(max(counts.shape[0] - looks, 0), counts.shape[0]):
        p = np.full(past.n, np.nan)
        for each in learned:
            p = np.fmin(p, each.look(end))
        yield end, p


class _Learned:
    """What the windows of the past teach of how wild each series is, kept up to date from look to look.

    Which of `LIKELY` a series is, Bayes' rule answers from its own windows, one a week, and from how
    common each is among all series (empirical Bayes: Robbins 1956; the common part by expectation
    maximisation: Laird 1978). A series that tells little of its own is judged as wild as its like may be.
    """

    def __init__(self, past: Past, days: int) -> None:
        self._past, self._days = past, days
        self._evidence = np.zeros((len(LIKELY), past.n))
        self._common = np.full(len(LIKELY), 1 / len(LIKELY))
        self._next = SHORTEST_PAST + days - 1
        self._rounds = _FIRST_ROUNDS
        self._posterior = np.tile(self._common[:, None], past.n)

    def look(self, end: int) -> Floats:
        """p (n,) of the window that ends on column `end`; windows that overlap it have taught nothing."""
        if end + 1 < self._days:
            return np.full(self._past.n, np.nan)
        if self._learn(end - self._days):
            self._share()
        window, level = self._past.window(self._days, end)
        # A family of machines has no holidays: where all others fall, it is held to its own past alone.
        return self._judge(window, window.expected * np.maximum(level, 1))

    def _learn(self, last: int) -> bool:
        """Take in the windows that end on column `last` or before; whether there were any."""
        start, step = self._next, self._days // _OVERLAP
        for end in range(start, last + 1, step):
            window, level = self._past.window(self._days, end)
            mean = np.maximum(window.expected * level, np.float32(1e-6))
            self._evidence += window.told / np.float32(_OVERLAP) * _log_likelihood(window.observed, mean)
            self._next = end + step
        return self._next > start

    def _share(self) -> None:
        likelihood = np.exp(self._evidence - self._evidence.max(axis=0))
        for _round in range(self._rounds):
            posterior = self._common[:, None] * likelihood
            posterior /= posterior.sum(axis=0)
            self._common = posterior.mean(axis=1)
        self._posterior, self._rounds = posterior, _ROUNDS

    def _judge(self, window: Window, expected: Singles) -> Floats:
        observed, unsure = window.observed, window.unsure
        far = observed - expected >= _FAR * np.sqrt(expected + expected**2 * unsure)
        up = np.flatnonzero(window.told & far & (observed >= np.maximum(DOUBLE * expected, FEWEST)))
        p = np.where(window.told, 1.0, np.nan)
        if not len(up):
            return p
        more, mean, unknown = (values[up].astype(np.float64) for values in (observed, expected, unsure))
        chance = np.zeros(len(up))
        for (c, f), share in zip(LIKELY, self._posterior[:, up], strict=True):
            chance += share * at_least(more, mean, c * mean + mean**2 * (f + unknown))
        p[up] = np.minimum(chance * _tries(self._days, more, mean), 1.0)
        return p


def _tries(days: int, observed: Floats, expected: Floats) -> Floats:
    """How many looks of their own a year of looks at a sliding window amounts to.

    A window comes to hold k where it held k - 1 before, YEAR/days (k - m) times as often as it holds k on a
    given day (Alm 1983, on scan statistics); one look a day sees part of them.
    """
    return _LOOKS * np.minimum(YEAR, 1 + YEAR / days * (observed - expected))


def _log_likelihood(observed: Singles, mean: Singles) -> Singles:
    """Of each of `LIKELY` (8, n), but for what is the same for all of them."""
    told = np.empty((len(LIKELY), len(mean)), dtype=np.float32)
    whole, some = observed.astype(np.int64), np.flatnonzero(observed)
    steps = np.arange(int(observed.max(initial=0)) + 1)
    for place, (c, f) in enumerate(LIKELY):
        if c > 1:
            odds = f * mean + (c - 1)  # mean / size
            size = mean[some] / odds[some]
            grown = np.zeros(len(mean), dtype=np.float32)
            grown[some] = special.gammaln(observed[some] + size) - special.gammaln(size)
        else:
            # Counts are small whole numbers: the gamma function is looked up, not computed a million times.
            odds = f * mean
            grown = (special.gammaln(steps + 1 / f) - special.gammaln(1 / f)).astype(np.float32)[whole]
        told[place] = grown + observed * np.log(odds / mean) - (mean / odds + observed) * np.log1p(odds)
    return told


def _running(values: NDArray[np.generic]) -> Singles:
    """Sums over the days before each column (days + 1, n); whole numbers, exact up to 16 million."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1]), dtype=np.float32)
    for day, value in enumerate(values):  # several times as fast as np.cumsum over the first axis
        np.add(sums[day], value, out=sums[day + 1])
    return sums
