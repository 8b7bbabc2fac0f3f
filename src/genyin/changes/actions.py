"""Requests for change: raised from a problem, and the outcome that lets it go on (R29, R51)."""

from datetime import datetime

from django.db import transaction

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.changes.models import Change, ChangeState
from genyin.changes.queries import visible_to
from genyin.problems import points
from genyin.problems.lifecycle import PLAN
from genyin.problems.models import Problem
from genyin.problems.writing import begin, finish, one_of, required, text
from genyin.procedure.actions import draw_number
from genyin.procedure.numbers import keep_clear

FAILURES = (ChangeState.FAILED, ChangeState.BACKED_OUT, ChangeState.CANCELLED)


def raise_change(
    problem: Problem, *, title: str, number: str = "", planned_at: datetime | None = None, by: Actor
) -> Change:
    """Submit a request for change (R29). `number` is the change system's own; without one Genyin draws one."""
    title, number = required(title, "title", longest=200), text(number, "number", longest=60)
    with transaction.atomic():
        step = begin(problem, "raise_change", by=by)
        # Among those in sight: a number of another customer's is no hindrance, and nothing tells that it is there.
        if number and visible_to(by).filter(number=number).exists():
            raise BadInput(gettext_noop("A change of this number is already linked."), field="number")
        change = Change.objects.create(
            number=number or draw_number("change"),
            problem=problem,
            cycle=problem.cycle,
            title=title,
            planned_at=planned_at,
            raised_at=clock.now(),
            raised_by=by.name,
        )
        # A number in our own form must not be drawn a second time.
        keep_clear("change", [change.number])
        points.open_again(problem, ["change_outcome"])
        numbers = [*problem.change_numbers, change.number]
        finish(
            problem,
            step,
            "change.raised",
            by=by,
            tells={"change": change.number, "title": title},
            change_numbers=numbers,
            change_needed=True,
        )
    return change


def record_success(change: Change, *, implemented_at: datetime | None = None, result: str = "", by: Actor) -> Change:
    """The change is implemented and worked. When every change has its outcome, the fix can be put in place (R51)."""
    moment = implemented_at or clock.now()
    if moment > clock.now():
        raise BadInput(gettext_noop("A change cannot have been implemented in the future."), field="implemented_at")
    with transaction.atomic():
        step = begin(change.problem, "record_change", by=by)
        _settle(change, ChangeState.SUCCEEDED, moment, result)
        # A change left over from an earlier cycle says nothing of this one's solution.
        told = change.cycle == change.problem.cycle and not _planned(change.problem)
        done = {"change_outcome": _outcomes(change.problem)} if told else {}
        finish(
            change.problem,
            step,
            "change.succeeded",
            by=by,
            note=result,
            satisfies=done,
            tells={"change": change.number},
        )
    return change


def change_failed(change: Change, *, outcome: str, reason: str, by: Actor) -> Change:
    """The change failed, was backed out or cancelled: the problem goes back to its solution."""
    one_of(outcome, tuple(FAILURES), "outcome")
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(change.problem, "change_failed", by=by)
        _settle(change, outcome, clock.now(), reason)
        # A plan that failed is no plan: it is settled, tested and evaluated anew.
        points.open_again(change.problem, [*PLAN.split(), "change_outcome"])
        finish(
            change.problem,
            step,
            "change.failed",
            by=by,
            note=reason,
            tells={"change": change.number, "outcome": outcome},
        )
    return change


def _settle(change: Change, state: str, at: datetime, result: str) -> None:
    # Claimed by condition: an outcome is told once, whoever comes second is refused.
    waiting = Change.objects.filter(pk=change.pk, state=ChangeState.PLANNED)
    if not waiting.update(state=state, implemented_at=at, result=result):
        raise BadInput(gettext_noop("This change already has an outcome."), field="change")
    change.refresh_from_db()


def _planned(problem: Problem) -> bool:
    return problem.changes.filter(cycle=problem.cycle, state=ChangeState.PLANNED).exists()


def _outcomes(problem: Problem) -> str:
    return ", ".join(f"{c.number}: {c.state}" for c in problem.changes.filter(cycle=problem.cycle).order_by("id"))
