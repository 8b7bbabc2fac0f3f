"""Holding a problem, waiving a control point, and judging by a newer procedure version."""

from datetime import date

from django.db import transaction

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, NotAllowed, gettext_noop
from genyin.problems import points
from genyin.problems.models import ControlPoint, PointState, Problem
from genyin.problems.writing import begin, finish, required
from genyin.procedure import queries as procedures


def request_hold(problem: Problem, *, reason: str, until: date, by: Actor) -> Problem:
    """Ask the lead to put the problem on hold (挂起) until a date."""
    reason = required(reason, "reason")
    if until <= clock.now().date():
        raise BadInput(gettext_noop("Choose a date in the future."), field="until")
    with transaction.atomic():
        step = begin(problem, "request_hold", by=by)
        return finish(
            problem,
            step,
            "problem.hold_asked",
            by=by,
            note=reason,
            hold_reason=reason,
            hold_until=until,
            hold_asked_at=clock.now(),
        )


def grant_hold(problem: Problem, *, note: str = "", by: Actor) -> Problem:
    """Grant the hold: the clocks stop from now on."""
    with transaction.atomic():
        step = begin(problem, "grant_hold", by=by)
        return finish(problem, step, "problem.held", by=by, note=note, hold_asked_at=None, held_since=clock.now())


def deny_hold(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Deny the hold; the clocks went on."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "deny_hold", by=by)
        return finish(
            problem,
            step,
            "problem.hold_denied",
            by=by,
            note=reason,
            hold_asked_at=None,
            hold_until=None,
            hold_reason="",
        )


def resume(problem: Problem, *, note: str = "", by: Actor) -> Problem:
    """Take the problem off hold; the working days on hold are taken off its clocks."""
    with transaction.atomic():
        step = begin(problem, "resume", by=by)
        held = procedures.calendar().working_days(problem.held_since or clock.now(), clock.now())
        return finish(
            problem,
            step,
            "problem.resumed",
            by=by,
            note=note,
            held_since=None,
            hold_until=None,
            hold_reason="",
            held_days=problem.held_days + held,
        )


def request_waiver(problem: Problem, *, point: str, reason: str, by: Actor) -> Problem:
    """Ask that a control point be waived (豁免); a second person confirms."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "request_waiver", by=by)
        row = _open_point(problem, point)
        if row.waiver_asked_at is not None:
            raise BadInput(gettext_noop("A waiver of this point has already been asked for."), field="point")
        _write(row, waiver_reason=reason, waiver_asked_by_id=by.user_id, waiver_asked_at=clock.now())
        return finish(problem, step, "problem.waiver_asked", by=by, note=reason, tells={"point": point})


def confirm_waiver(problem: Problem, *, point: str, note: str = "", by: Actor) -> Problem:
    """Confirm a waiver as the second person. Raises NotAllowed for the one who asked."""
    with transaction.atomic():
        step = begin(problem, "confirm_waiver", by=by)
        row = _asked_point(problem, point, by=by)
        _write(row, state=PointState.WAIVED, settled_at=clock.now(), settled_by=by.name, evidence=row.waiver_reason)
        return finish(problem, step, "problem.waiver_confirmed", by=by, note=note, tells={"point": point})


def refuse_waiver(problem: Problem, *, point: str, reason: str, by: Actor) -> Problem:
    """Refuse a waiver: the point stays open."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "refuse_waiver", by=by)
        row = _asked_point(problem, point, by=by)
        _write(row, waiver_reason="", waiver_asked_by_id=None, waiver_asked_at=None)
        return finish(problem, step, "problem.waiver_refused", by=by, note=reason, tells={"point": point})


def rebind(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Judge the problem by the newest procedure version from now on."""
    reason = required(reason, "reason")
    newest = procedures.current()
    if problem.procedure_id == newest.pk:
        raise BadInput(gettext_noop("The problem is already judged by the newest version."), field="procedure")
    with transaction.atomic():
        step = begin(problem, "rebind", by=by)
        return finish(problem, step, "problem.rebound", by=by, note=reason, procedure=newest)


def _open_point(problem: Problem, code: str) -> ControlPoint:
    point = points.live(problem).filter(code=code, state=PointState.OPEN).first()
    if point is None:
        raise BadInput(gettext_noop("This control point is not open."), field="point")
    return point


def _asked_point(problem: Problem, code: str, *, by: Actor) -> ControlPoint:
    point = _open_point(problem, code)
    if point.waiver_asked_at is None:
        raise BadInput(gettext_noop("No waiver of this point has been asked for."), field="point")
    if point.waiver_asked_by_id == by.user_id:
        raise NotAllowed(gettext_noop("A waiver is confirmed by a second person, not by the one who asked."))
    return point


def _write(point: ControlPoint, **changes: object) -> None:
    ControlPoint.objects.filter(pk=point.pk).update(**changes)
