"""The watch as a chart: incidents in steps of two weeks, with what was to be expected."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents.queries import visible_to
from genyin.problems.models import Problem
from genyin.sift.trend import expectation
from genyin.sift.watch import verdict
from genyin.trends.watch.ground import Ground, day_of, ground, like

STEP = 14


@dataclass(frozen=True, slots=True)
class Bin:
    """Two weeks from `start`: incidents, and what was to be expected with its 90 % range.

    Before the fix the expectation is what the bins before let expect; after it, what would have come had nothing
    changed. None where too little is known; `told` is False where the sources have not delivered yet.
    """

    start: date
    days: int
    count: int
    expected: float | None
    low: float | None
    high: float | None
    live: bool
    told: bool = True


def series(problem: Problem, *, seen_by: Actor) -> list[Bin]:
    """The bins of the present cycle, oldest first, of the incidents the reader may see; empty without a rollout."""
    now = clock.now()
    seen = like(problem, now).filter(id__in=visible_to(seen_by).values("id"))
    found = ground(problem, seen, now=now)
    return [*_before(found), *_after(found)] if found else []


def _before(found: Ground) -> list[Bin]:
    steps = len(found.before) // STEP
    first = len(found.before) - steps * STEP  # whole bins, counted back from the day the fix went live
    counts = found.before[first:].reshape(steps, STEP).sum(axis=1).astype(np.int64)
    band = expectation(counts, season=1)
    return [
        Bin(
            start=day_of(found.start + first + place * STEP),
            days=STEP,
            count=int(counts[place]),
            expected=_known(band.expected, place),
            low=_known(band.low, place),
            high=_known(band.high, place),
            live=False,
        )
        for place in range(steps)
    ]


def _after(found: Ground) -> list[Bin]:
    bins = []
    for first in range(0, len(found.after), STEP):
        part = slice(first, first + STEP)
        one = verdict(found.before, found.after[part], after_exposure=found.exposure[part])
        bounds = np.array([one.expected, one.low, one.high])
        bins.append(
            Bin(
                start=day_of(found.live + 1 + first), days=len(found.after[part]), count=one.observed,
                expected=_known(bounds, 0), low=_known(bounds, 1), high=_known(bounds, 2), live=True,
                told=first < found.told,
            )
        )  # fmt: skip
    return bins


def _known(values: NDArray[np.float64], place: int) -> float | None:
    return None if np.isnan(values[place]) else round(float(values[place]), 2)
