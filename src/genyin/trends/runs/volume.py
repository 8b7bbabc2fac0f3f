"""A family week by week, with what its own past let expect: the chart on its page."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.sift.trend import expectation
from genyin.trends import analyses, queries
from genyin.trends.models import Family

WEEK = 7
SHOWN = 26
BEFORE = 26  # weeks that are read but not shown, so that the first bars have an expectation too


@dataclass(frozen=True, slots=True)
class Week:
    """Seven UTC days from `start`: incidents, and what the weeks before let expect with its 90 % range.

    None where the past is too short to expect anything.
    """

    start: date
    count: int
    expected: float | None
    low: float | None
    high: float | None

    @property
    def state(self) -> str:
        """`late` where more came than the range holds, as the chart's last column says it."""
        return "late" if self.high is not None and self.count > self.high else ""


def weekly(family: Family, *, seen_by: Actor, until: date, shown: int = SHOWN) -> list[Week]:
    """The last whole weeks up to and with the day `until`, oldest first, of the incidents the reader may see.

    Weeks before the first incident that any analysis read are left out: no data is not a quiet week.
    """
    last = min(until, clock.now().date() - timedelta(days=1))
    run = analyses.runs(seen_by).first()
    first = run.since.date() if run is not None and run.since else last
    weeks = min(shown + BEFORE, ((last - first).days + 1) // WEEK)
    if weeks < 1:
        return []
    per_day = queries.daily_counts(family, seen_by=seen_by, days=weeks * WEEK, until=last)
    counts = np.array([n for _day, n in per_day], dtype=np.int64).reshape(weeks, WEEK).sum(axis=1)
    band = expectation(counts, season=1)
    found = [
        Week(
            start=per_day[place * WEEK][0],
            count=int(counts[place]),
            expected=_known(band.expected, place),
            low=_known(band.low, place),
            high=_known(band.high, place),
        )
        for place in range(weeks)
    ]
    return found[-shown:]


def _known(values: NDArray[np.float64], place: int) -> float | None:
    return None if np.isnan(values[place]) else round(float(values[place]), 1)
