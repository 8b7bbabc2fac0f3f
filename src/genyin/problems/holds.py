"""When a problem was on hold: told by its events, as the record keeps the sum of the days alone.

A step is measured by what was on hold before it; a hold that came afterwards neither shortens it nor excuses it.
"""

from collections.abc import Iterable
from datetime import datetime

from genyin.base import events
from genyin.base.clock import Calendar
from genyin.problems.models import Problem

BEGINS = "problem.held"
#: A hold ends when it is lifted, and with the problem.
ENDS = frozenset(
    {
        "problem.resumed",
        "problem.closed",
        "problem.cancelled",
        "problem.marked_duplicate",
        "problem.risk_accepted",
        "problem.closed_without_solution",
    }
)
VERBS = frozenset({BEGINS, *ENDS})
Spans = tuple[tuple[datetime, datetime | None], ...]


def spans(told: Iterable[tuple[str, datetime]]) -> Spans:
    """From when to when, oldest first; None where it still lasts. `told`: verbs and moments of its events in order."""
    found: list[tuple[datetime, datetime | None]] = []
    for verb, at in told:
        if verb == BEGINS:
            found.append((at, None))
        elif verb in ENDS and found and found[-1][1] is None:
            found[-1] = (found[-1][0], at)
    return tuple(found)


def of(problem: Problem) -> Spans:
    """The holds of one problem; no query for one that never was on hold."""
    if not problem.held_days and problem.held_since is None:
        return ()
    return spans(events.of(problem).filter(verb__in=VERBS).order_by("seq").values_list("verb", "at"))


def days_before(moment: datetime, held: Spans, calendar: Calendar) -> float:
    """Working days on hold up to `moment`."""
    return sum(calendar.working_days(start, min(end or moment, moment)) for start, end in held)
