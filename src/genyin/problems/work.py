"""My work: what waits for me, why, and since when. Late first, then the longest wait."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.people.roles import Right, held
from genyin.problems.lifecycle import FORWARD, Outcome, Stage
from genyin.problems.models import ControlPoint, PointState, Problem, Task
from genyin.problems.queries import visible_to
from genyin.procedure import queries as procedures


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: the verb, the problem it is about, since when it waits and how late it is (working days)."""

    verb: str
    problem: Problem
    since: datetime
    late_days: float
    detail: str = ""
    due: datetime | None = None


def waiting_for(actor: Actor) -> list[Work]:
    """Everything that waits for this person. A fixed number of queries, whatever the number of problems."""
    found = [*_mine(actor), *_tasks(actor)]
    if Right.LEAD in held(actor):
        found += [*_lead(actor), *_coming_back(actor)]
    if held(actor) & {Right.LEAD, Right.SECOND}:
        found += _waivers(actor)
    return sorted(found, key=lambda work: (-work.late_days, work.since))


def _mine(actor: Actor) -> list[Work]:
    """Problems I own, or own for somebody: the next step of each stage that is the owner's."""
    people = _people(actor)
    stages = (Stage.ASSIGNED, Stage.INVESTIGATING, Stage.SOLVING, Stage.CHANGING, Stage.RESOLVED)
    owned = _open(actor).filter(owner_id__in=people, held_since=None)
    steps = [_work(FORWARD[Stage(p.stage)], p) for p in owned.filter(stage__in=stages)]
    sent_back = _open(actor).filter(is_sent_back=True, submitter_id__in=people)
    return steps + [_work("resubmit", p, detail=p.send_back_reason) for p in sent_back]


def _lead(actor: Actor) -> list[Work]:
    """What only a lead can do: dispatch, review, answer a request for a hold."""
    wait = _open(actor)
    dispatch = [_work("dispatch", p) for p in wait.filter(stage=Stage.SUBMITTED, is_sent_back=False)]
    review = wait.filter(stage=Stage.VERIFYING, held_since=None).exclude(owner_id=actor.user_id)
    holds = wait.exclude(hold_asked_at=None)
    return [
        *dispatch,
        *(_work("pass_review", p) for p in review),
        *(_work("grant_hold", p, since=p.hold_asked_at, detail=p.hold_reason) for p in holds),
    ]


def _coming_back(actor: Actor) -> list[Work]:
    """Accepted risks and unsolved problems whose date has come (looked at again, R45)."""
    today = clock.now().date()
    risks = _closed(actor).filter(outcome=Outcome.RISK_ACCEPTED, risk_until__lte=today)
    unsolved = _closed(actor).filter(look_again_at__lte=today)
    return [_work("reopen", p, since=p.closed_at, detail=p.closing_note) for p in (*risks, *unsolved)]


def _waivers(actor: Actor) -> list[Work]:
    asked = (
        ControlPoint.objects.filter(state=PointState.OPEN, problem__in=visible_to(actor))
        .exclude(waiver_asked_at=None)
        .exclude(waiver_asked_by_id=actor.user_id)
        .select_related("problem", "problem__service", "problem__procedure", "problem__owner")
    )
    return [
        _work("confirm_waiver", p.problem, since=p.waiver_asked_at, detail=f"{p.code}: {p.waiver_reason}")
        for p in asked
    ]


def _tasks(actor: Actor) -> list[Work]:
    # Within what they may see: a task is no part in a problem, and its title is the problem's customer's.
    mine = Task.objects.filter(owner_id__in=_people(actor), done_at=None, problem__in=visible_to(actor))
    mine = mine.exclude(problem__stage=Stage.CLOSED)
    return [
        _work("finish_task", task.problem, detail=task.title)
        for task in mine.select_related("problem", "problem__service", "problem__procedure", "problem__owner")
    ]


def _work(verb: str, problem: Problem, *, since: datetime | None = None, detail: str = "") -> Work:
    start = since or problem.stage_since
    target = _target(problem, verb)
    calendar = procedures.read(problem.procedure).calendar("UTC")
    late = calendar.working_days(problem.registered_at, clock.now()) - problem.held_days - target if target else 0.0
    return Work(verb=verb, problem=problem, since=start, late_days=max(0.0, late), detail=detail)


def _target(problem: Problem, verb: str) -> float:
    """Working days from registration that the step is measured against; 0 when none is."""
    code = {"dispatch": "assign", "accept": "assign", "find_cause": "cause", "fix_in_place": "solution"}.get(verb)
    return procedures.read(problem.procedure).targets[problem.level][code] if code else 0.0


def _people(actor: Actor) -> list[int]:
    return [p for p in (actor.user_id, *(d.user_id for d in actor.delegated)) if p is not None]


def _open(actor: Actor) -> QuerySet[Problem]:
    return (
        visible_to(actor)
        .exclude(stage=Stage.CLOSED)
        .select_related("service", "service__customer", "procedure", "owner")
    )


def _closed(actor: Actor) -> QuerySet[Problem]:
    closed = visible_to(actor).filter(Q(stage=Stage.CLOSED))
    return closed.select_related("service", "service__customer", "procedure", "owner")
