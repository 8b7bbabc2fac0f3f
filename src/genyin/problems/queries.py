"""Reads of problems; each starts from what the actor may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.roles import Right, held, is_outside
from genyin.problems import holds, lifecycle, points
from genyin.problems.lifecycle import Offer, Stage
from genyin.problems.models import Comment, ControlPoint, Part, PartKind, PointState, Problem, Visibility
from genyin.problems.standing import flags_of, standing
from genyin.problems.writing import stale
from genyin.procedure import queries as procedures


def visible_to(actor: Actor) -> QuerySet[Problem]:
    """Problems of the services the actor may see, or in which they have a part.

    Those on the customer's side see only problems they were invited to, while these are their customer's: a service's
    problems hold internal text.
    """
    if actor.sees_all:
        return Problem.objects.all()
    people = [p for p in (actor.user_id, *(d.user_id for d in actor.delegated)) if p is not None]
    taken = Part.objects.filter(user_id__in=people)
    theirs = Exists(incidents.representing(OuterRef("user_id"), OuterRef("problem__service_id")))
    invited = Q(id__in=taken.filter(theirs, kind=PartKind.REPRESENTATIVE).values("problem_id"))
    if is_outside(actor):
        return Problem.objects.filter(invited)
    part = invited | Q(id__in=taken.filter(kind=PartKind.TEAM).values("problem_id"))
    part |= Q(owner_id__in=people) | Q(submitter_id__in=people)
    if actor.token_id is not None:
        part |= Q(submitter_token_id=actor.token_id)
    services = incidents.visible_services(actor).values("id")
    return Problem.objects.filter(Q(service_id__in=services) | part)


def get(ref: str, *, seen_by: Actor, version: int | None = None) -> Problem:
    """The problem of that number. Raises NotFound, and Conflict when `version` is no longer the present one."""
    problem = (
        visible_to(seen_by)
        .select_related(
            "service", "service__customer", "service__project", "owner", "submitter", "procedure", "duplicate_of"
        )
        .filter(number=ref)
        .first()
    )
    if problem is None:
        raise NotFound(gettext_noop("There is no problem %(ref)s that you may see."), ref=ref)
    if version is not None and version != problem.version:
        raise stale()
    return problem


def open_problems(actor: Actor) -> QuerySet[Problem]:
    """Problems not closed yet."""
    return visible_to(actor).exclude(stage=Stage.CLOSED)


def linked_incidents(problem: Problem, *, seen_by: Actor) -> tuple[QuerySet[Incident], int]:
    """The linked incidents the actor may see, newest first, and how many others there are: a count, never a word."""
    seen = (
        incidents.visible_to(seen_by)
        .filter(links__problem=problem)
        .select_related("service")
        .order_by("-occurred_at", "-id")
    )
    return seen, problem.links.count() - seen.count()


def comments(problem: Problem, *, seen_by: Actor) -> QuerySet[Comment]:
    """Remarks, newest first; those on the customer's side see what is meant for customers."""
    written = problem.comments.order_by("-written_at", "-id")
    return written.filter(visibility=Visibility.CUSTOMER) if is_outside(seen_by) else written


def offers(problem: Problem, *, to: Actor) -> tuple[Offer, ...]:
    """The verbs the actor may use now, each with the points it still waits for."""
    part = standing(to, problem)
    return lifecycle.offers(
        stage=Stage(problem.stage),
        rights=part.rights,
        own=part.personal,
        flags=flags_of(problem),
        open_points=points.open_codes(problem),
    )


def check(problem: Problem, verb: str, *, by: Actor) -> None:
    """Raise what the verb would refuse now, before anybody fills in its form."""
    part = standing(by, problem)
    lifecycle.check(
        verb,
        stage=Stage(problem.stage),
        rights=part.rights,
        own=part.personal,
        flags=flags_of(problem),
        open_points=points.open_codes(problem),
    )


@dataclass(frozen=True, slots=True)
class Goal:
    """What stands between a problem and its next stage: the verb that leads on, its open points, the settled."""

    verb: str
    open: tuple[ControlPoint, ...]
    later: tuple[ControlPoint, ...]
    settled: tuple[ControlPoint, ...]
    waived: int


def goal(problem: Problem) -> Goal:
    """The open control points of the next step first, then the later ones, then what is settled."""
    verb, codes = lifecycle.goal(Stage(problem.stage))
    rows = list(points.live(problem))
    still = [row for row in rows if row.state == PointState.OPEN]
    return Goal(
        verb=verb,
        open=tuple(sorted((r for r in still if r.code in codes), key=lambda r: codes.index(r.code))),
        later=tuple(r for r in still if r.code not in codes),
        settled=tuple(r for r in rows if r.state != PointState.OPEN),
        waived=sum(r.state == PointState.WAIVED for r in rows),
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """Working days used against a target; `running` until the moment it measures has come."""

    code: str
    used: float
    target: float
    running: bool

    @property
    def late(self) -> float:
        """Working days beyond the target, 0 when on time."""
        return max(0.0, self.used - self.target)


def clocks(problem: Problem, *, now: datetime, zone: str = "") -> tuple[Clock, ...]:
    """The three clocks (assignment, cause, solution) in working days, time on hold before the step taken off."""
    calendar = procedures.read(problem.procedure).calendar(zone or procedures.site().zone)
    held = holds.of(problem)
    until = {code: moment or problem.closed_at or now for code, moment in _reached(problem).items()}
    return tuple(
        _clock(problem, code, calendar.working_days(problem.registered_at, at) - holds.days_before(at, held, calendar))
        for code, at in until.items()
    )


def running_clock(problem: Problem, *, now: datetime, zone: str) -> Clock | None:
    """The first of the three that still runs and has a target. For lists: no query, as all holds lie before now."""
    calendar = procedures.read(problem.procedure).calendar(zone)
    held = problem.held_days + (calendar.working_days(problem.held_since, now) if problem.held_since else 0.0)
    used = calendar.working_days(problem.registered_at, now) - held
    every = (_clock(problem, code, used) for code, moment in _reached(problem).items() if moment is None)
    return next((one for one in every if one.running and one.target), None)


def _reached(problem: Problem) -> dict[str, datetime | None]:
    return {
        "assign": problem.dispatched_at,
        "cause": problem.cause_found_at,
        "solution": problem.solution_planned_at,
    }


def _clock(problem: Problem, code: str, used: float) -> Clock:
    running = _reached(problem)[code] is None and problem.stage != Stage.CLOSED
    target = procedures.read(problem.procedure).targets[problem.level][code]
    return Clock(code=code, used=max(0.0, used), target=target, running=running)


def may_lead(actor: Actor) -> bool:
    """Whether the actor holds the lead's right, itself or by delegation."""
    return Right.LEAD in held(actor)


def named(ref: str, *, field: str, seen_by: Actor) -> Problem:
    """The problem that somebody typed the number of. Raises UnknownReference naming the field."""
    problem = visible_to(seen_by).filter(number=ref).first()
    if problem is None:
        raise UnknownReference(
            gettext_noop("There is no problem %(ref)s that you may see. Check the number."), field=field, ref=ref
        )
    return problem
