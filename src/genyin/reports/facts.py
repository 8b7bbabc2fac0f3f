"""What a report is computed from: plain values, taken from the database once and frozen with the report.

A fact is what was known at the moment the report was computed. Figures are computed from facts alone, so that
a frozen report gives the same figures, to the byte, whatever happens to the records afterwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from genyin.problems.stages import LEFT_OUT, Status, status_of

PROACTIVE_SOURCES = frozenset({"trend", "monitoring", "inspection"})


class Clock(StrEnum):
    """The three moments a record is timed at (procedure: planned against actual)."""

    ASSIGNMENT = "assignment"
    CAUSE = "cause"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A change that a problem raised. `outcome` is empty until it has one."""

    ref: str
    outcome: str = ""
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowUpFact:
    """An action item of a review."""

    due_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """Once closed, and when it was opened again after that."""

    at: datetime
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegisterGap:
    """A problem of the month whose register row is missing (no `missing` fields) or incomplete."""

    id: int
    ref: str
    title: str
    owner: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemFact:
    """One problem as it stood when the report was computed. Empty strings and None mean: not there (yet).

    `worked_to_*` are working seconds since registration, time on hold taken off (86,400 to a working day).
    `waiting_for` names the open control points, `missing` the fields and links a complete record still lacks.
    `left_out` problems (duplicate, cancelled, out of scope, void) are listed apart and counted nowhere else.
    """

    id: int
    ref: str
    title: str
    registered_at: datetime
    stage: str
    source: str
    category: str
    level: str
    outcome: str = ""
    team: str = ""
    service: str = ""
    customer: str = ""
    project: str = ""
    owner: str = ""
    submitter: str = ""
    reason: str = ""
    is_major: bool = False
    imported: bool = False
    assigned_at: datetime | None = None
    cause_found_at: datetime | None = None
    solution_planned_at: datetime | None = None
    fixed_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    assignment_due_at: datetime | None = None
    cause_due_at: datetime | None = None
    solution_due_at: datetime | None = None
    due_at: datetime | None = None
    worked_to_cause: int | None = None
    worked_to_fix: int | None = None
    worked_to_resolve: int | None = None
    cause: str = ""
    solution: str = ""
    held_until: datetime | None = None
    hold_reason: str = ""
    waiting_for: tuple[str, ...] = ()
    risk_until: datetime | None = None
    known_error_since: datetime | None = None
    known_error_until: datetime | None = None
    reviewed: bool = False
    has_minutes: bool = False
    verdict: str = ""
    reassignments: int = 0
    closings: tuple[Closing, ...] = ()
    waived_at: tuple[datetime, ...] = ()
    changes: tuple[ChangeFact, ...] = ()
    follow_ups: tuple[FollowUpFact, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def left_out(self) -> bool:
        """Whether the totals leave it out."""
        return self.outcome in LEFT_OUT

    @property
    def resolved(self) -> bool:
        """已解决: derived from stage and outcome, never stored."""
        return status_of(self.stage, self.outcome) is Status.RESOLVED

    @property
    def solved_at(self) -> datetime | None:
        """When it was resolved; history may know the closing alone, or neither."""
        return self.resolved_at or self.closed_at

    def solved_by(self, moment: datetime) -> bool:
        """Whether it was already resolved before `moment`. What was solved on an unknown day was."""
        return self.resolved and (self.solved_at is None or self.solved_at < moment)

    def open_at(self, moment: datetime) -> bool:
        """未解决 at `moment`: registered before it, neither resolved nor closed by then."""
        if self.registered_at >= moment or self.solved_by(moment):
            return False
        return self.closed_at is None or self.closed_at >= moment

    @property
    def on_time(self) -> bool | None:
        """Resolved by its planned finish; without one, solution found by its target. None when neither was planned."""
        if self.due_at is not None:
            return self.resolved_at is not None and self.resolved_at <= self.due_at
        if self.solution_due_at is None:
            return None
        return self.solution_planned_at is not None and self.solution_planned_at <= self.solution_due_at

    def planned(self, clock: Clock) -> datetime | None:
        """The moment the step should be reached."""
        return {
            Clock.ASSIGNMENT: self.assignment_due_at,
            Clock.CAUSE: self.cause_due_at,
            Clock.SOLUTION: self.solution_due_at,
        }[clock]

    def actual(self, clock: Clock) -> datetime | None:
        """The moment the step was reached."""
        return {
            Clock.ASSIGNMENT: self.assigned_at,
            Clock.CAUSE: self.cause_found_at,
            Clock.SOLUTION: self.solution_planned_at,
        }[clock]

    def late_at(self, clock: Clock, moment: datetime) -> bool:
        """Reached later than planned, or still not reached at `moment` although the plan says so."""
        planned = self.planned(clock)
        if planned is None:
            return False
        actual = self.actual(clock)
        if actual is None and self.closed_at is not None:
            return self.closed_at > planned
        return (actual or moment) > planned


@dataclass(frozen=True, slots=True)
class IncidentCounts:
    """How many incidents were opened, resolved and closed in one month of the site's zone.

    The ids are given for the reported month only; other months carry the counts.
    """

    month: str
    opened: int = 0
    resolved: int = 0
    closed: int = 0
    by_known_error: int = 0
    opened_ids: tuple[int, ...] = ()
    resolved_ids: tuple[int, ...] = ()
    closed_ids: tuple[int, ...] = ()
    by_known_error_ids: tuple[int, ...] = ()


class ScopeKind(StrEnum):
    ALL = "all"
    CUSTOMER = "customer"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: everybody's, one customer's, one project's; `source` keeps to the incidents of one source."""

    kind: ScopeKind = ScopeKind.ALL
    id: int | None = None
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """One month of the site's zone: from `start` up to, not including, `end`; known up to `as_of`."""

    month: str
    start: datetime
    end: datetime
    as_of: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Whether it happened within the window."""
        return moment is not None and self.start <= moment < self.end

    @property
    def last(self) -> datetime:
        """The end, or now where the window is not over: what is open "at the end" is judged here."""
        return min(self.end, self.as_of + timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one report is computed from. `windows` is oldest first and ends with the reported month.

    `register_gaps` and `unconfirmed` (owners) are what the month-end check found open (R56).
    """

    scope: Scope
    zone: str
    windows: tuple[Window, ...]
    problems: tuple[ProblemFact, ...]
    incidents: tuple[IncidentCounts, ...] = ()
    register_gaps: tuple[RegisterGap, ...] = ()
    unconfirmed: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        """The reported month."""
        return self.windows[-1]
