"""When incidents of a family happen: counts for each day and moments within the day, in the site's zone."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from genyin.demo.families import Family

DAYS = 365

#: All weekly rates of the families are taken times this: some 6,000 incidents a year with the one-offs.
BUSY = 0.88

Draw = np.random.Generator


def _hours(**spans: float) -> NDArray[np.float64]:
    """Weights of the 24 hours from spans such as h08_12=3.0 (hours 8 to 11 weigh 3.0); the rest weighs little."""
    weights = np.full(24, 0.02)
    for span, weight in spans.items():
        first, last = span[1:].split("_")
        weights[int(first) : int(last)] = weight
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


HOURS = {
    "any": _hours(h00_07=0.6, h07_22=1.0, h22_24=0.7),
    "office": _hours(h08_12=3.0, h12_14=1.2, h14_18=2.6),
    "morning": _hours(h07_08=1.5, h08_11=4.0, h11_12=2.0, h14_17=0.7),
    "early": _hours(h07_08=2.0, h08_10=5.0, h10_11=0.8),
    "rounds": _hours(h07_08=1.0, h08_10=5.0, h10_12=1.2, h14_17=1.6),
    "afternoon": _hours(h13_18=4.0, h18_20=1.0),
    "evening": _hours(h17_19=2.0, h19_23=3.5),
    "night": _hours(h00_06=3.0, h22_24=2.0),
    "shift": _hours(h06_08=1.0, h08_12=3.0, h13_18=3.0, h19_24=1.8, h00_03=0.8),
    "meeting": _hours(h09_12=4.0, h14_17=3.0),
}

#: Monday to Sunday.
WEEK = {
    "any": (1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9),
    "night": (1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9),
    "rounds": (1.1, 1.1, 1.1, 1.0, 1.0, 0.8, 0.7),
    "shift": (1.2, 1.1, 1.1, 1.1, 1.2, 0.8, 0.4),
    "evening": (1.1, 1.0, 1.0, 1.0, 1.1, 0.4, 0.3),
    "office": (1.5, 1.3, 1.3, 1.3, 1.2, 0.25, 0.15),
    "morning": (1.5, 1.3, 1.3, 1.3, 1.2, 0.25, 0.15),
    "early": (1.7, 1.4, 1.3, 1.3, 1.2, 0.08, 0.02),
    "afternoon": (1.4, 1.3, 1.3, 1.3, 1.4, 0.2, 0.1),
    "meeting": (1.6, 1.3, 1.4, 1.3, 1.2, 0.15, 0.05),
}

#: Days on which hardly anybody works; one each month and day, good enough for a demo.
QUIET_DAYS = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3), (10, 4), (10, 5)}


def month_turns(day: date) -> bool:
    """Whether books are closed about this day: the last two days of a month and the first of the next."""
    return (day + timedelta(days=2)).month != day.month or day.day == 1


def _shape(family: Family) -> NDArray[np.float64]:
    """The factor of each day of the year, oldest first, that the family's history puts on its rate."""
    ago = np.arange(DAYS, 0, -1)
    factor = np.geomspace(family.drift**-0.5, family.drift**0.5, DAYS)
    if family.stops is not None:
        factor[ago <= family.stops] = 0.0
    if family.starts is not None:
        factor[ago > family.starts] = 0.0
    if family.gap is not None:
        factor[(ago <= family.gap[0]) & (ago > family.gap[1])] = 0.0
    if family.rises is not None:
        factor[ago <= family.rises[0]] *= family.rises[1]
    return factor


def rates(family: Family, today: date) -> NDArray[np.float64]:
    """Expected incidents of each of the last 365 days, yesterday last."""
    days = [today - timedelta(days=int(ago)) for ago in range(DAYS, 0, -1)]
    week = WEEK[family.hours]
    rate = np.array([week[day.weekday()] for day in days])
    rate *= BUSY * family.week / sum(week)
    if family.days == "monday":
        rate *= np.array([2.2 if day.weekday() == 0 else 0.75 for day in days])
    if family.month_end > 1:
        rate *= np.array([family.month_end if month_turns(day) else 0.35 for day in days])
    if family.hours != "night":
        rate *= np.array([0.4 if (day.month, day.day) in QUIET_DAYS else 1.0 for day in days])
    return rate * _shape(family)


def counts(family: Family, today: date, draw: Draw) -> NDArray[np.int64]:
    """Incidents of each of the last 365 days. Bursts keep the mean and widen the spread."""
    rate = rates(family, today)
    arrivals = draw.poisson(rate / family.burst)
    if family.burst > 1:
        arrivals = np.array([int(draw.geometric(1 / family.burst, size=n).sum()) for n in arrivals])
    if family.event is not None:
        ago, number = family.event
        arrivals[DAYS - ago] += number
    return arrivals.astype(np.int64)


def minute_of_day(hours: str, draw: Draw, *, around: int | None = None) -> int:
    """A minute of the day (0 to 1439); `around` keeps a burst together within the hours after it."""
    if around is not None:
        return int(min(1439, around + draw.exponential(35)))
    return int(draw.choice(24, p=HOURS[hours])) * 60 + int(draw.integers(60))
