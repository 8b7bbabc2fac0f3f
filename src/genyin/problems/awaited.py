"""What somebody waits for from others, and which clocks of the open problems are late or nearly so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.people.models import User
from genyin.people.roles import Right, held, is_outside
from genyin.problems.lifecycle import FORWARD, Stage
from genyin.problems.models import ControlPoint, PointState, Problem
from genyin.problems.queries import Clock, open_problems, running_clock
from genyin.procedure import queries as procedures

OWNERS = (Stage.ASSIGNED, Stage.INVESTIGATING, Stage.SOLVING, Stage.CHANGING, Stage.RESOLVED)
SOON = 0.2  # the last fifth of a target


@dataclass(frozen=True, slots=True)
class Awaited:
    """A step that another has to take: who (None: a lead, whoever it is), which verb, since when, how late."""

    problem: Problem
    who: User | None
    verb: str
    since: datetime
    late_days: float


@dataclass(frozen=True, slots=True)
class Ticking:
    """The clock that an open problem is measured by now."""

    problem: Problem
    clock: Clock


def ticking(actor: Actor) -> tuple[list[Ticking], int]:
    """Clocks that are late or nearly so, the latest first, and of how many open problems.

    A lead and those who see everything are shown everybody's, others those of the problems they own.
    """
    if is_outside(actor):
        return [], 0
    seen = _open(actor)
    if not (actor.sees_all or Right.LEAD in held(actor)):
        seen = seen.filter(owner_id__in=_people(actor))
    zone = procedures.site().zone
    rows = [(problem, now) for problem in seen.filter(held_since=None) if (now := _now(problem, zone))]
    due = [Ticking(problem, now) for problem, now in rows if now.late > 0 or _is_soon(now)]
    return sorted(due, key=lambda one: one.clock.target - one.clock.used), len(rows)


def awaited_by(actor: Actor) -> list[Awaited]:
    """Steps that others have to take on what this person leads, owns or has registered; the latest first."""
    if is_outside(actor):
        return []
    people, zone = _people(actor), procedures.site().zone
    found: list[Awaited] = []
    mine = _open(actor).filter(Q(owner_id__in=people) | Q(submitter_id__in=people))
    if Right.LEAD in held(actor):
        others = _open(actor).filter(stage__in=OWNERS, held_since=None).exclude(owner_id__in=people)
        found += [_awaited(p, FORWARD[Stage(p.stage)], zone, who=p.owner) for p in others]
    else:
        found += [_awaited(p, "dispatch", zone) for p in mine.filter(stage=Stage.SUBMITTED, is_sent_back=False)]
        owned = mine.filter(owner_id__in=people)
        found += [_awaited(p, "pass_review", zone) for p in owned.filter(stage=Stage.VERIFYING, held_since=None)]
        found += [_awaited(p, "grant_hold", zone, since=p.hold_asked_at) for p in owned.exclude(hold_asked_at=None)]
    found += _waivers(actor, people, zone)
    return sorted(found, key=lambda one: (-one.late_days, one.since))


def _waivers(actor: Actor, people: Iterable[int], zone: str) -> list[Awaited]:
    asked = ControlPoint.objects.filter(
        state=PointState.OPEN, waiver_asked_by_id__in=people, problem__in=open_problems(actor)
    )
    rows = asked.select_related("problem", "problem__service__customer", "problem__procedure", "problem__owner")
    return [_awaited(row.problem, "confirm_waiver", zone, since=row.waiver_asked_at) for row in rows]


def _awaited(
    problem: Problem, verb: str, zone: str, *, who: User | None = None, since: datetime | None = None
) -> Awaited:
    now = _now(problem, zone)
    return Awaited(problem, who, verb, since or problem.stage_since, now.late if now else 0.0)


def _now(problem: Problem, zone: str) -> Clock | None:
    """The first of the three clocks that still runs."""
    return running_clock(problem, now=clock.now(), zone=zone)


def _is_soon(one: Clock) -> bool:
    return one.target - one.used < SOON * one.target


def _people(actor: Actor) -> list[int]:
    return [p for p in (actor.user_id, *(d.user_id for d in actor.delegated)) if p is not None]


def _open(actor: Actor) -> QuerySet[Problem]:
    return open_problems(actor).select_related("service", "service__customer", "procedure", "owner")
