"""Control points as rows: opened by the procedure version of the problem, never deleted.

Areas above call down (`points.satisfy(...)`) within their own verb; the event is the verb's.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.problems import rules
from genyin.problems.models import ControlPoint, PointState, Problem
from genyin.procedure import queries as procedures
from genyin.procedure.content import Procedure

#: Points that follow from the record itself, and the fields that make them.
DERIVED = {"record_complete": rules.RECORD_FIELDS, "register_complete": rules.REGISTER_FIELDS}
LIVE = (PointState.OPEN, PointState.SATISFIED, PointState.WAIVED)


def live(problem: Problem) -> QuerySet[ControlPoint]:
    """The points that hold now: open, satisfied or waived."""
    return problem.points.filter(state__in=LIVE)


def open_codes(problem: Problem) -> frozenset[str]:
    """Codes of the points that still stand open."""
    return frozenset(problem.points.filter(state=PointState.OPEN).values_list("code", flat=True))


def satisfy(problem: Problem, code: str, *, evidence: object, by: Actor) -> None:
    """Put evidence to a point. A point this problem does not have is none of its level: nothing to do."""
    live(problem).filter(code=code).update(
        state=PointState.SATISFIED, evidence=str(evidence), settled_at=clock.now(), settled_by=by.name
    )


def open_again(problem: Problem, codes: Collection[str]) -> None:
    """Reopen satisfied or waived points; the rows with their old evidence stay as superseded."""
    settled = problem.points.filter(code__in=codes, state__in=(PointState.SATISFIED, PointState.WAIVED))
    procedure = procedures.read(problem.procedure)
    again = [_row(problem, point.code, point.clause, procedure) for point in settled]
    settled.update(state=PointState.SUPERSEDED)
    ControlPoint.objects.bulk_create(again)


def settle(problem: Problem, *, by: Actor) -> None:
    """Bring the points in line with level and conditions, and judge those that follow from the record itself."""
    procedure = procedures.read(problem.procedure)
    expected = {p.code: p.clause for p in procedure.points_at(problem.level, conditions=conditions(problem, procedure))}
    present = {point.code: point for point in live(problem)}
    new = [_row(problem, code, clause, procedure) for code, clause in expected.items() if code not in present]
    ControlPoint.objects.bulk_create(new)
    gone = [p.pk for code, p in present.items() if code not in expected and p.state == PointState.OPEN]
    ControlPoint.objects.filter(pk__in=gone).update(state=PointState.WITHDRAWN, settled_at=clock.now())
    told = values(problem)
    for point in (*present.values(), *new):
        if point.code in DERIVED and point.pk not in gone:
            _judge(problem, point, rules.missing(told, DERIVED[point.code]), by=by)


def conditions(problem: Problem, procedure: Procedure) -> frozenset[str]:
    """Which conditional points apply: "major", "change", "recurring"."""
    found = {"major"} if problem.is_major else set()
    if problem.change_needed:
        found.add("change")
    if interim_measure_asked(problem, procedure):
        found.add("recurring")
    return frozenset(found)


def interim_measure_asked(problem: Problem, procedure: Procedure) -> bool:
    """R49 by rule: the fault keeps happening, and one of the incidents is major or availability is missed."""
    since = clock.now() - timedelta(days=procedure.interim_days)
    recent = Incident.objects.filter(links__problem=problem, occurred_at__gte=since)
    # Asked in this order since nearly every verb ends with the first: most faults do not keep happening.
    return recent.count() >= procedure.interim_incidents and (
        recent.filter(is_major=True).exists()
        or incidents.availability_missed(problem.service, days=procedure.interim_days)
    )


def values(problem: Problem) -> dict[str, object]:
    """The record's fields by code, for the completeness rules."""
    named = {name: getattr(problem, name, None) for name in {*rules.RECORD_FIELDS, *rules.REGISTER_FIELDS}}
    return {**named, "root_cause": problem.causes.exists()}


def _judge(problem: Problem, point: ControlPoint, missing: tuple[str, ...], *, by: Actor) -> None:
    """A derived point: satisfied exactly while nothing is missing; what was waived stays waived."""
    if not missing and point.state == PointState.OPEN:
        satisfy(problem, point.code, evidence="complete", by=by)
    elif missing and point.state == PointState.SATISFIED:
        open_again(problem, [point.code])


def _row(problem: Problem, code: str, clause: str, procedure: Procedure) -> ControlPoint:
    due = None
    if code == "interim_measure":
        due = procedure.calendar(procedures.site().zone).add(clock.now(), procedure.interim_due)
    return ControlPoint(
        problem=problem, code=code, clause=clause, cycle=problem.cycle, opened_at=clock.now(), due_at=due
    )
