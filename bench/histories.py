"""Daily counts of generated families, of which some rise threefold for some weeks: what `bench rise` is scored on.

Each family draws its rate, its season over the week or month, and how it is overdispersed. Shared by most
families of a history: a yearly season, growth, ten days of holidays; by all: days on which the source was
down. Some families have one storm, many incidents on one day, which is no rise.

Its bias: a rise begins and ends on a day and is threefold all the while; dispersions are of five pure kinds;
families do not pull each other along. Real ones do all of that.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

DISPERSIONS = ("poisson", "daily", "weekly", "drift", "clusters")
SEASONS = ("flat", "weak", "strong", "own", "monthly")
WEEK, MONTH, YEAR = 7, 30, 365


@dataclass(frozen=True, slots=True)
class Setting:
    """What a history is drawn from; rates are incidents a day, log-uniform between the two."""

    rates: tuple[float, float] = (0.1, 5.0)
    dispersions: tuple[str, ...] = DISPERSIONS
    seasons: tuple[str, ...] = SEASONS
    growth: tuple[float, ...] = (0.0, 0.3)  # by how much all families grow in a year: one of these
    own_year: float = 0.0  # how far a family's own yearly season goes up and down
    rising: float = 0.03  # share of the families with a rise
    factor: float = 3.0
    lasting: tuple[int, int] = (21, 56)  # days
    before: int = YEAR
    looks: int = YEAR

    def only(self, **other: object) -> "Setting":
        """The same but for what is named."""
        return replace(self, **other)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class History:
    """counts (n, days); the rise of a family is on from column `start` to before `end`, both -1 where it has none."""

    counts: Counts
    start: Counts
    end: Counts


def draw(n: int, setting: Setting, chance: np.random.Generator) -> History:
    """One history of `n` families."""
    days = setting.before + setting.looks
    kinds = chance.choice(setting.dispersions, n)
    mean = _rates(n, setting, chance)[:, None] * _seasons(n, days, setting, chance)
    mean *= _shared(n, days, setting, chance)
    for kind, spread in (("daily", _daily), ("weekly", _weekly), ("drift", _drift)):
        mean[kinds == kind] *= spread(int((kinds == kind).sum()), days, chance)
    start, end = _rises(n, setting, chance)
    column = np.arange(days)
    mean[(column >= start[:, None]) & (column < end[:, None])] *= setting.factor
    mean[:, chance.integers(0, days, 4)] = 0  # the source was down
    counts = chance.poisson(mean)
    clustered = kinds == "clusters"
    counts[clustered] = _clusters(mean[clustered], chance)
    stormy = np.flatnonzero(chance.random(n) < 0.03)
    counts[stormy, chance.integers(0, days, len(stormy))] += chance.integers(10, 40, len(stormy))
    return History(counts, start, end)


def _rates(n: int, setting: Setting, chance: np.random.Generator) -> Floats:
    low, high = np.log(setting.rates)
    return np.asarray(np.exp(chance.uniform(low, high, n)))


def _seasons(n: int, days: int, setting: Setting, chance: np.random.Generator) -> Floats:
    """(n, days) about 1: quiet weekends weak or strong, a peak on a weekday of its own, or at the end of the month."""
    which, day = chance.choice(setting.seasons, n), np.arange(days)
    week, month = np.ones((n, WEEK)), np.ones((n, MONTH))
    for season, low, high in (("weak", 0.6, 0.9), ("strong", 0.02, 0.3)):
        rows = np.flatnonzero(which == season)
        week[np.ix_(rows, np.array([5, 6]))] = chance.uniform(low, high, (len(rows), 1))
    rows = np.flatnonzero(which == "own")
    week[rows, chance.integers(0, WEEK, len(rows))] = chance.uniform(2, 6, len(rows))
    rows = np.flatnonzero(which == "monthly")
    month[np.ix_(rows, np.array([28, 29]))] = chance.uniform(2, 5, (len(rows), 1))
    week, month = (part / part.mean(axis=1, keepdims=True) for part in (week, month))
    year = 1 + setting.own_year * np.sin(2 * np.pi * (day / YEAR + chance.random((n, 1))))
    return np.asarray(week[:, day % WEEK] * month[:, day % MONTH] * year)


def _shared(n: int, days: int, setting: Setting, chance: np.random.Generator) -> Floats:
    """(n, days) growth and a yearly season of all; a fifth of the families, as of machines, do not follow."""
    day = np.arange(days)
    level = (1 + chance.choice(setting.growth)) ** (day / YEAR)
    level *= 1 + chance.uniform(0, 0.3) * np.sin(2 * np.pi * (day / YEAR + chance.random()))
    first = int(chance.integers(0, days - 14))
    level[first : first + 10] *= 0.4
    return np.where(chance.random((n, 1)) < 0.8, level, 1.0)


def _daily(n: int, days: int, chance: np.random.Generator) -> Floats:
    f = chance.uniform(0.2, 1.0, (n, 1))
    return chance.gamma(1 / f, f, (n, days))


def _weekly(n: int, days: int, chance: np.random.Generator) -> Floats:
    f = chance.uniform(0.1, 0.5, (n, 1))
    return np.repeat(chance.gamma(1 / f, f, (n, days // WEEK + 1)), WEEK, axis=1)[:, :days]


def _drift(n: int, days: int, chance: np.random.Generator) -> Floats:
    """A level that wanders and comes back within some weeks: an autoregression of first order, log-normal."""
    spread, keep = chance.uniform(0.15, 0.3, (n, 1)), np.exp(-1 / chance.uniform(10, 40, n))
    level = chance.normal(size=(n, days))
    for day in range(1, days):
        level[:, day] = keep * level[:, day - 1] + np.sqrt(1 - keep**2) * level[:, day]
    return np.asarray(np.exp(spread * level - spread**2 / 2))


def _clusters(mean: Floats, chance: np.random.Generator) -> Counts:
    """One fault brings one incident and a half on average, all on its day."""
    faults = chance.poisson(mean / 1.5)
    more = chance.negative_binomial(np.maximum(faults, 1), 2 / 3)
    return np.asarray(faults + np.where(faults > 0, more, 0))


def _rises(n: int, setting: Setting, chance: np.random.Generator) -> tuple[Counts, Counts]:
    rising = chance.random(n) < setting.rising
    start = setting.before + chance.integers(0, setting.looks - setting.lasting[1], n)
    end = start + chance.integers(setting.lasting[0], setting.lasting[1] + 1, n)
    return np.where(rising, start, -1), np.where(rising, end, -1)
