"""The recurrence watch: after a fix is live, are there fewer incidents of its kind? It says so when it cannot tell.

The verdict goes down to the review (`reviews.note_verdict`); a recurrence after the problem was resolved proposes to
reopen it, and a person decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isnan
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from genyin.base import clock, events, jobs
from genyin.base.actor import Actor, job
from genyin.base.errors import NotFound, gettext_noop
from genyin.base.models import Event
from genyin.incidents.queries import visible_services
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.lifecycle import SUCCESS, Stage
from genyin.problems.models import Problem
from genyin.procedure import queries as procedures
from genyin.reviews import actions as reviews
from genyin.sift.watch import Verdict, verdict
from genyin.trends import rules
from genyin.trends.models import FamilyMember, Watch
from genyin.trends.watch.chart import Bin, series
from genyin.trends.watch.ground import Ground, day_of, ground, like

__all__ = [
    "Bin", "Recurrence", "every_morning", "look", "look_again", "look_at_all", "recurrence_of", "recurrences",
    "sees_whole", "series", "start", "watch_of",
]  # fmt: skip

BY = job("watch")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A resolved problem that seems to be back: why (not_fewer, came_back, recurring), and how many were seen.

    `seen` is None for who does not see all that is counted.
    """

    watch: Watch
    problem: Problem
    why: str
    seen: int | None
    since: datetime | None


def look_at_all() -> int:
    """Look at every problem under watch; answers how many. The daily job."""
    return _look_at(_watched())


def every_morning() -> None:
    """Make sure the look is on the schedule, an hour after the nightly trend run."""
    jobs.every("trends.watch", "genyin.trends.watch.look_at_all", cron="0 20 * * *")


def start(event: Event) -> None:
    """Reaction to fix.in_place and fix.rolled_out: a fix is live, or live at one more site."""
    problem = Problem.objects.select_related("procedure").filter(pk=event.subject_id or 0).first()
    if problem is not None and problem.fixed_at is not None:
        look(problem)


def look_again(event: Event) -> None:
    """Reaction to incident.received: the watched problems that the incident's family belongs to are judged anew."""
    incident = event.subject_id or 0
    families = FamilyMember.objects.filter(incident_id=incident).values("family_id")
    touched = Q(links__incident_id=incident) | Q(links__incident__membership__family_id__in=families)
    _look_at(_watched().filter(id__in=Problem.objects.filter(touched).values("id")))


def look(problem: Problem) -> Verdict | None:
    """Judge the present cycle of a problem by what occurred up to yesterday, and tell the review.

    None where no fix is live.
    """
    now = clock.now()
    found = ground(problem, like(problem, now), now=now)
    if found is None:
        return None
    said = verdict(found.before, found.after, after_exposure=found.exposure, data_days=found.told)
    reviews.note_verdict(problem, code=said.code, text=_text(said, found), by=BY)
    with transaction.atomic():
        _keep(problem, said, found)
    return said


def watch_of(problem: Problem, *, seen_by: Actor) -> Watch | None:
    """The watch over the present cycle, for who sees the problem and is not on the customer's side."""
    if is_outside(seen_by) or not problems.visible_to(seen_by).filter(pk=problem.pk).exists():
        return None
    return Watch.objects.select_related("problem").filter(problem=problem, cycle=problem.cycle).first()


def sees_whole(problem: Problem, *, actor: Actor) -> bool:
    """Whether the actor sees every incident that the watch judges by: its figures are for nobody else."""
    if actor.sees_all:
        return True
    return not like(problem, clock.now()).exclude(service_id__in=visible_services(actor).values("id")).exists()


def recurrences(actor: Actor) -> list[Recurrence]:
    """Resolved problems that seem to be back: proposals to reopen, the latest first."""
    if is_outside(actor):
        return []
    back = Watch.objects.filter(
        _resolved("problem__"),
        recurred_at__isnull=False,
        cycle=F("problem__cycle"),
        problem__in=problems.visible_to(actor).values("id"),
    ).select_related("problem", *(f"problem__{name}" for name in ("service__customer", "procedure", "owner")))
    return [_recurrence(one, one.recurrence, actor) for one in back.order_by("-recurred_at", "-id") if one.recurrence]


def recurrence_of(ref: str, *, seen_by: Actor) -> Watch:
    """The watch that proposes to reopen this problem. Raises NotFound."""
    found = next((one.watch for one in recurrences(seen_by) if one.problem.ref == ref), None)
    if found is None:
        raise NotFound(gettext_noop("Nothing proposes to reopen problem %(ref)s."), ref=ref)
    return found


def _recurrence(held: Watch, told: dict[str, Any], actor: Actor) -> Recurrence:
    seen = told["seen"] if sees_whole(held.problem, actor=actor) else None
    return Recurrence(held, held.problem, told["why"], seen, held.recurred_at)


def _look_at(watched: QuerySet[Problem]) -> int:
    running = [problem for problem in watched if clock.now() <= _ends_at(problem)]
    for problem in running:
        look(problem)
    return len(running)


def _watched() -> QuerySet[Problem]:
    running = Q(stage=Stage.VERIFYING) | _resolved("")
    return Problem.objects.filter(running, fixed_at__isnull=False).select_related("procedure", "service")


def _resolved(prefix: str) -> Q:
    closed = Q(**{f"{prefix}stage": Stage.CLOSED, f"{prefix}outcome__in": sorted(SUCCESS)})
    return Q(**{f"{prefix}stage": Stage.RESOLVED}) | closed


def _ends_at(problem: Problem) -> datetime:
    return (problem.fixed_at or clock.now()) + timedelta(days=procedures.read(problem.procedure).watch_days)


def _keep(problem: Problem, said: Verdict, found: Ground) -> None:
    """Keep the watch's state, and propose to reopen when a resolved problem seems to be back: once, by one worker."""
    now, cycle = clock.now(), problem.cycle
    # Locked and read anew: a verb may have moved the problem since. Of a cycle that is over nothing is kept.
    problem = Problem.objects.select_for_update().get(pk=problem.pk)
    if problem.cycle != cycle:
        return
    kept, _made = Watch.objects.get_or_create(
        problem=problem,
        cycle=problem.cycle,
        defaults={"started_at": now, "ends_at": _ends_at(problem), "looked_at": now, "code": said.code},
    )
    held = Watch.objects.select_for_update().get(pk=kept.pk)
    held.looked_at, held.code, held.ends_at = now, said.code, _ends_at(problem)
    if said.code == "stopped":
        held.stopped_at = held.stopped_at or now
    why = _why_back(problem, held, said, found)
    proposed = held.recurred_at is None and bool(why)
    held.recurrence = {"why": why, "seen": said.observed, "latest": _latest(found)} if why else None
    held.recurred_at = (held.recurred_at or now) if why else None
    held.save()
    if proposed:
        events.record("recurrence.proposed", problem, by=BY, after=held.recurrence)


def _why_back(problem: Problem, held: Watch, said: Verdict, found: Ground) -> str:
    is_resolved = problem.stage == Stage.RESOLVED or (problem.stage == Stage.CLOSED and problem.outcome in SUCCESS)
    answered = held.left_at is not None and said.observed < rules.GROWN * max(held.left_seen, 1)
    if not is_resolved or answered:
        return ""
    procedure = procedures.read(problem.procedure)
    recent = sum(day > found.end - procedure.interim_days for day in found.days)
    return rules.recurrence(
        said.code, had_stopped=held.stopped_at is not None, observed=said.observed, recent=recent,
        at_least=procedure.interim_incidents,
    )  # fmt: skip


def _text(said: Verdict, found: Ground) -> dict[str, Any]:
    """The verdict as it is stored: counts, days, what was expected with its range, and why it cannot tell."""
    return {
        "why": said.why,
        "observed": said.observed,
        "expected": _number(said.expected),
        "low": _number(said.low),
        "high": _number(said.high),
        "days": said.days,
        "days_needed": said.days_needed,
        "before": int(found.before.sum()),
        "before_days": len(found.before),
        "live": day_of(found.live).isoformat(),
        "until": day_of(found.live + said.days).isoformat(),
        "latest": _latest(found),
        "p_fewer": _number(said.p_fewer),
        "p_more": _number(said.p_more),
    }


def _latest(found: Ground) -> str | None:
    return day_of(found.latest).isoformat() if found.latest is not None else None


def _number(value: float) -> float | None:
    return None if isnan(value) else float(f"{value:.4g}")
