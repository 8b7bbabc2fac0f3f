"""The definitions of every figure that a report prints (procedure.md section 5).

A metric is data: code, name, formula in words, unit, direction, and one pure function from a month to a figure.
A figure keeps its numerator, its denominator and the ids of the records behind both, so that each number opens
its list. Division by zero gives no value (shown as a dash), never 0 or 100%.

T is the set of problems registered in the window, less those left out (duplicate, cancelled, out of scope, void).
Imported history counts in totals but in no figure about compliance: nobody worked it by this procedure.

Change DEFINITIONS whenever a formula changes: a frozen report names the version it was computed by.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from genyin.reports.facts import Clock, IncidentCounts, ProblemFact, Window

DEFINITIONS = "1"
RECURRENCE_DAYS = 180
DAY = 86_400


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"  # stored as a share between 0 and 1
    DAYS = "days"  # working days
    RATIO = "ratio"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


class Group(StrEnum):
    SURE = "sure"  # the four lines that every report prints first
    FLOW = "flow"
    TIME = "time"
    QUALITY = "quality"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with what it is made of. `denominator` is None for a plain count; `value` None means a dash."""

    value: Fraction | None
    numerator: Fraction
    denominator: Fraction | None = None
    records: tuple[int, ...] = ()
    of: tuple[int, ...] = ()


class Month:
    """The sets of problems that the metrics of one window are made from."""

    def __init__(self, problems: Iterable[ProblemFact], window: Window, incidents: IncidentCounts) -> None:
        everything = tuple(problems)
        self.window = window
        self.incidents = incidents
        self.counted = tuple(fact for fact in everything if not fact.left_out)
        self.left_out = tuple(f for f in everything if f.left_out and window.holds(f.registered_at))

    @cached_property
    def registered(self) -> tuple[ProblemFact, ...]:
        """T."""
        return tuple(fact for fact in self.counted if self.window.holds(fact.registered_at))

    @cached_property
    def native(self) -> tuple[ProblemFact, ...]:
        """T without imported history: the base of the compliance figures."""
        return tuple(fact for fact in self.registered if not fact.imported)

    @cached_property
    def solved(self) -> tuple[ProblemFact, ...]:
        """Resolved in the window, whenever registered."""
        return tuple(fact for fact in self.counted if fact.resolved and self.window.holds(fact.solved_at))

    @cached_property
    def native_solved(self) -> tuple[ProblemFact, ...]:
        return tuple(fact for fact in self.solved if not fact.imported)

    @cached_property
    def closed(self) -> tuple[ProblemFact, ...]:
        """Closed in the window, whenever registered."""
        return tuple(fact for fact in self.counted if self.window.holds(fact.closed_at))

    @cached_property
    def open_at_start(self) -> tuple[ProblemFact, ...]:
        return tuple(fact for fact in self.counted if fact.open_at(self.window.start))

    @cached_property
    def not_closed_at_end(self) -> tuple[ProblemFact, ...]:
        """Every stage but closed: what is resolved but not filed yet counts here."""
        end = self.window.last
        return tuple(f for f in self.counted if f.registered_at < end and (f.closed_at is None or f.closed_at >= end))

    @cached_property
    def open_at_end(self) -> tuple[ProblemFact, ...]:
        return tuple(fact for fact in self.counted if fact.open_at(self.window.last))


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of the report. `name` and `formula` are marked English; surfaces render them."""

    code: str
    group: Group
    name: str
    formula: str
    unit: Unit
    direction: Direction
    compute: Callable[[Month], Figure]


def ids(facts: Iterable[ProblemFact]) -> tuple[int, ...]:
    """The record ids, ascending."""
    return tuple(sorted(fact.id for fact in facts))


def count(facts: Iterable[ProblemFact]) -> Figure:
    """How many."""
    records = ids(facts)
    return Figure(Fraction(len(records)), Fraction(len(records)), None, records)


def share(part: Iterable[ProblemFact], whole: Iterable[ProblemFact]) -> Figure:
    """Part of the whole; a dash where the whole is empty."""
    records, of = ids(part), ids(whole)
    return ratio(len(records), len(of), records=records, of=of)


def ratio(over: int, under: int, *, records: tuple[int, ...] = (), of: tuple[int, ...] = ()) -> Figure:
    """One number over another; a dash where the second is zero."""
    value = Fraction(over, under) if under else None
    return Figure(value, Fraction(over), Fraction(under), records, of)


def mean_days(timed: Iterable[tuple[ProblemFact, int | None]]) -> Figure:
    """Mean of working seconds, in working days, over the records that have the time."""
    known = [(fact, seconds) for fact, seconds in timed if seconds is not None]
    records = ids(fact for fact, _seconds in known)
    total = Fraction(sum(seconds for _fact, seconds in known), DAY)
    value = total / len(known) if known else None
    return Figure(value, total, Fraction(len(known)), records, records)


def late(month: Month, clock: Clock) -> Figure:
    """Later than planned at one clock, as a share of T."""
    return share((f for f in month.native if f.late_at(clock, month.window.as_of)), month.native)


def on_time(month: Month) -> Figure:
    """Solved on time, of the solved that had something planned."""
    return share(
        (f for f in month.native_solved if f.on_time), (f for f in month.native_solved if f.on_time is not None)
    )


def recurrence(month: Month) -> Figure:
    """Closed in the window and reopened within the period after it, of all closed in the window."""
    period = timedelta(days=RECURRENCE_DAYS)
    closings = [(fact, one) for fact in month.counted for one in fact.closings if month.window.holds(one.at)]
    back = [(fact, one) for fact, one in closings if one.reopened_at and one.reopened_at <= one.at + period]
    return ratio(len(back), len(closings), records=ids({f for f, _one in back}), of=ids({f for f, _one in closings}))


def known_errors(month: Month) -> tuple[ProblemFact, ...]:
    """Problems with a known error in force at the end of the window."""
    end = month.window.last
    return tuple(
        fact
        for fact in month.counted
        if fact.known_error_since
        and fact.known_error_since < end
        and (fact.known_error_until is None or fact.known_error_until >= end)
    )


def change_success(month: Month) -> Figure:
    """Successful changes, of the changes from problems that got their outcome in the window."""
    finished = [(f, c) for f in month.counted for c in f.changes if c.outcome and month.window.holds(c.finished_at)]
    good = [(fact, change) for fact, change in finished if change.outcome == "succeeded"]
    return ratio(
        len(good),
        len(finished),
        records=ids({fact for fact, _change in good}),
        of=ids({fact for fact, _change in finished}),
    )


def follow_ups_on_time(month: Month) -> Figure:
    """Action items done by their date, of those due in the window."""
    due = [(fact, item) for fact in month.counted for item in fact.follow_ups if month.window.holds(item.due_at)]
    met = [(fact, item) for fact, item in due if item.done_at and item.done_at <= item.due_at]
    return ratio(len(met), len(due), records=ids({f for f, _item in met}), of=ids({f for f, _item in due}))


def reassignments(month: Month) -> Figure:
    """Mean number of reassignments of the open problems."""
    records = ids(month.open_at_end)
    return ratio(sum(f.reassignments for f in month.open_at_end), len(records), records=records, of=records)


def waivers(month: Month) -> Figure:
    """Waivers confirmed in the window."""
    waived = [fact for fact in month.counted for moment in fact.waived_at if month.window.holds(moment)]
    return Figure(Fraction(len(waived)), Fraction(len(waived)), None, ids(set(waived)))


def performance_index(month: Month) -> Figure:
    """(N + R) / (O + C): 0 to 1, higher is better (ITIL 4 practice guide)."""
    new_open = [fact for fact in month.registered if fact.open_at(month.window.last)]
    over = len(new_open) + len(month.solved)
    whole = {*month.not_closed_at_end, *month.closed}
    return ratio(over, len(whole), records=ids({*new_open, *month.solved}), of=ids(whole))


def arrivals(number: int, records: tuple[int, ...]) -> Figure:
    """A count of incidents; its records are incidents, not problems."""
    return Figure(Fraction(number), Fraction(number), None, records)


def incidents_per_problem(month: Month) -> Figure:
    """Incidents opened for each problem registered."""
    return ratio(month.incidents.opened, len(month.registered), records=ids(month.registered))
