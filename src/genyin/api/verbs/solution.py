"""Solution, changes, and going live."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from genyin.api import references
from genyin.api.fields import Body, Line, Moment, Number, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.base.errors import UnknownReference, gettext_noop
from genyin.changes import actions as changes
from genyin.changes.models import Change
from genyin.problems import actions as problems
from genyin.problems.models import Problem

Kind = Literal["fix", "workaround", "preventive"]
Site = Annotated[Text, Field(max_length=120)]


class TestedBody(Body):
    """Where, with what result and by whom; or why not."""

    where: Text = ""
    result: Text = ""
    tester: Text = ""
    why_not: Text = ""


class EvaluatedBody(Body):
    effect: Text = ""
    cost: Text = ""
    risk: Text = ""
    back_out: Text = ""


class PlanSolution(VersionedBody):
    solution: Text
    preventive_measure: Text = ""
    tested: TestedBody = TestedBody()
    evaluated: EvaluatedBody = EvaluatedBody()
    change_needed: StrictBool
    change_reason: Text


class RaiseChange(VersionedBody):
    """`number` is the change system's own; without one Genyin draws one."""

    title: Line
    number: Number = ""
    planned_at: Moment | None = None


class RecordChange(VersionedBody):
    change: Number
    implemented_at: Moment | None = None
    result: Text = ""


class ChangeFailed(VersionedBody):
    change: Number
    outcome: Literal["failed", "backed_out", "cancelled"]
    reason: Text


class FixInPlace(VersionedBody):
    kind: Kind
    live_at: Moment | None = None
    service: Line | None = None
    site: Site = ""
    note: Text = ""


class AddRollout(VersionedBody):
    kind: Kind
    live_at: Moment | None = None
    service: Line | None = None
    site: Site = ""


class BackToAnalysis(VersionedBody):
    reason: Text


@verb("plan_solution", PlanSolution)
def plan_solution(problem: Problem, body: PlanSolution, by: Actor) -> None:
    """Settle the solution: tested, evaluated, and whether it needs a change"""
    problems.plan_solution(
        problem,
        solution=body.solution,
        preventive_measure=body.preventive_measure,
        tested=problems.Tested(**body.tested.model_dump()),
        evaluated=problems.Evaluated(**body.evaluated.model_dump()),
        change_needed=body.change_needed,
        change_reason=body.change_reason,
        by=by,
    )


@verb("raise_change", RaiseChange)
def raise_change(problem: Problem, body: RaiseChange, by: Actor) -> None:
    """Submit a request for change"""
    changes.raise_change(problem, title=body.title, number=body.number, planned_at=body.planned_at, by=by)


@verb("record_change", RecordChange)
def record_change(problem: Problem, body: RecordChange, by: Actor) -> None:
    """Say that a change was implemented and worked"""
    change = _change(problem, body.change)
    changes.record_success(change, implemented_at=body.implemented_at, result=body.result, by=by)


@verb("change_failed", ChangeFailed)
def change_failed(problem: Problem, body: ChangeFailed, by: Actor) -> None:
    """Say that a change failed, was backed out or cancelled"""
    changes.change_failed(_change(problem, body.change), outcome=body.outcome, reason=body.reason, by=by)


@verb("fix_in_place", FixInPlace)
def fix_in_place(problem: Problem, body: FixInPlace, by: Actor) -> None:
    """Say where and since when the fix is live"""
    service = references.service(body.service, seen_by=by)
    problems.fix_in_place(
        problem, kind=body.kind, live_at=body.live_at, service=service, site=body.site, note=body.note, by=by
    )


@verb("add_rollout", AddRollout)
def add_rollout(problem: Problem, body: AddRollout, by: Actor) -> None:
    """Add a site that got the fix later"""
    service = references.service(body.service, seen_by=by)
    problems.add_rollout(problem, kind=body.kind, live_at=body.live_at, service=service, site=body.site, by=by)


@verb("back_to_analysis", BackToAnalysis)
def back_to_analysis(problem: Problem, body: BackToAnalysis, by: Actor) -> None:
    """Go back to the search for the cause"""
    problems.back_to_analysis(problem, reason=body.reason, by=by)


def _change(problem: Problem, number: str) -> Change:
    """The problem's change of that number. Read through the problem, so that both carry the version that was read."""
    change = problem.changes.filter(number=number).first()
    if change is None:
        text = gettext_noop("This problem has no change “%(number)s”.")
        raise UnknownReference(text, field="change", number=number)
    return change
