"""Turns problems into facts: each related table is read once for all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Min, Q, QuerySet

from genyin.base.clock import Calendar
from genyin.base.models import Event
from genyin.changes.models import Change
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems import holds, lifecycle
from genyin.problems.models import Cause, ControlPoint, IncidentLink, PointState, Problem
from genyin.problems.stages import Outcome, Stage
from genyin.procedure import queries as procedures
from genyin.reports import rules
from genyin.reports.facts import ChangeFact, Closing, FollowUpFact, ProblemFact
from genyin.reviews.models import FollowUp, Review, WatchVerdict

CLOSED_BY = ("problem.closed", "problem.risk_accepted", "problem.closed_without_solution")
REOPENED, REASSIGNED = "problem.reopened", "problem.reassigned"
# A waiver that was confirmed, also of a point that was opened anew since: its evidence is the waiver's reason.
WAIVED = Q(settled_at__isnull=False, waiver_asked_at__isnull=False, evidence=F("waiver_reason"))
FIELDS = (*rules.FROM_THE_START, "fixed_at", "resolved_at", "minutes_number", "solution")

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Related:
    """What other tables say of the problems, by problem id."""

    causes: dict[int, str]
    waiting: dict[int, list[str]]
    waived: dict[int, list[datetime]]
    changes: dict[int, list[ChangeFact]]
    follow_ups: dict[int, list[FollowUpFact]]
    reviews: dict[int, Review]
    verdicts: dict[int, str]
    known_errors: dict[int, tuple[datetime, datetime | None]]
    events: dict[int, list[tuple[str, datetime]]]
    linked: frozenset[int] = field(default_factory=frozenset)


def facts_of(chosen: QuerySet[Problem], *, zone: str, as_of: datetime) -> tuple[ProblemFact, ...]:
    """The problems as facts, by id."""
    related = read(chosen.order_by(), zone)
    whole = chosen.select_related(
        "service__customer", "service__project", "service__team", "owner", "procedure"
    ).order_by("id")
    return tuple(fact(problem, related, zone=zone, as_of=as_of) for problem in whole)


def read(chosen: QuerySet[Problem], zone: str) -> Related:
    """Everything about the chosen problems that stands in other tables."""
    mine = {"problem_id__in": chosen.values("id")}
    points = ControlPoint.objects.filter(**mine)
    events = Event.objects.filter(
        subject_type="problem",
        subject_id__in=chosen.values("id"),
        verb__in={*CLOSED_BY, REOPENED, REASSIGNED, *holds.VERBS},
    )
    errors = KnownError.objects.filter(**mine).values("problem_id")
    in_force = errors.annotate(
        since=Min("published_at"),
        until=Max("retired_at"),
        active=Count("id", filter=Q(state=KnownErrorState.ACTIVE)),
    )
    follow_ups = FollowUp.objects.filter(review__problem_id__in=chosen.values("id"), due__isnull=False)
    return Related(
        causes=dict(Cause.objects.filter(**mine).order_by("id").values_list("problem_id", "text")),
        waiting=by_problem(points.filter(state=PointState.OPEN).order_by("id"), lambda p: p.code),
        waived=by_problem(points.filter(WAIVED).order_by("id"), lambda p: p.settled_at),
        changes=by_problem(
            Change.objects.filter(**mine).order_by("id"),
            lambda c: ChangeFact(c.number, "" if c.state == "planned" else c.state, c.implemented_at),
        ),
        follow_ups=by_problem(
            follow_ups.select_related("review").order_by("id"),
            lambda f: FollowUpFact(end_of(f.due, zone), f.done_at),
            lambda f: f.review.problem_id,
        ),
        reviews={review.problem_id: review for review in Review.objects.filter(**mine).order_by("id")},
        verdicts=dict(WatchVerdict.objects.filter(**mine).order_by("at").values_list("problem_id", "code")),
        known_errors={row["problem_id"]: (row["since"], None if row["active"] else row["until"]) for row in in_force},
        events=by_problem(events.order_by("seq"), lambda e: (e.verb, e.at), lambda e: e.subject_id or 0),
        linked=frozenset(IncidentLink.objects.filter(**mine).values_list("problem_id", flat=True).distinct()),
    )


def by_problem(
    rows: Iterable[Row], value: Callable[[Any], Any], key: Callable[[Any], int] = lambda row: row.problem_id
) -> dict[int, list[Any]]:
    """The values of the rows, collected by problem."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(value(row))
    return found


def fact(problem: Problem, related: Related, *, zone: str, as_of: datetime) -> ProblemFact:
    """One problem as a fact."""
    key = problem.pk
    review = related.reviews.get(key)
    passed = review is not None and review.passed is True and review.cycle == problem.cycle
    since, until = related.known_errors.get(key, (None, None))
    events = related.events.get(key, [])
    return ProblemFact(
        id=key,
        ref=problem.number,
        title=problem.title,
        registered_at=problem.registered_at,
        stage=problem.stage,
        source=problem.source,
        category=problem.category,
        level=problem.level,
        outcome=problem.outcome,
        submitter=problem.submitter_name,
        reason=problem.reason,
        is_major=problem.is_major,
        imported=problem.is_imported,
        cause=related.causes.get(key, ""),
        solution=problem.solution or problem.interim_measure or problem.workaround,
        risk_until=end_of(problem.risk_until, zone) if problem.outcome == Outcome.RISK_ACCEPTED else None,
        known_error_since=since,
        known_error_until=until,
        reviewed=passed,
        has_minutes=passed and bool(problem.minutes_number),
        verdict=related.verdicts.get(key, "") or (review.effect if review else ""),
        reassignments=sum(verb == REASSIGNED for verb, _at in events),
        closings=closings(problem, events),
        waiting_for=waiting(problem, related.waiting.get(key, [])),
        waived_at=tuple(related.waived.get(key, ())),
        changes=tuple(related.changes.get(key, ())),
        follow_ups=tuple(related.follow_ups.get(key, ())),
        missing=rules.record_gaps(values(problem, related), stage=problem.stage, outcome=problem.outcome),
        **whose(problem),
        **moments(problem, holds.spans(events), zone=zone, as_of=as_of),
    )


def values(problem: Problem, related: Related) -> dict[str, Any]:
    """The fields of the record, for the rule of what it lacks."""
    return {name: getattr(problem, name) for name in FIELDS if name != "service"} | {
        "service": problem.service.name,
        "owner": problem.owner_id,
        "root_cause": related.causes.get(problem.pk, ""),
        "incidents": problem.pk in related.linked,
    }


def whose(problem: Problem) -> dict[str, Any]:
    """Names of team, service, customer, project and owner; empty where there is none."""
    service = problem.service
    named = {
        "team": service.team,
        "customer": service.customer,
        "project": service.project,
        "owner": problem.owner,
    }
    return {"service": service.name} | {key: one.name if one else "" for key, one in named.items()}


def moments(problem: Problem, held: holds.Spans, *, zone: str, as_of: datetime) -> dict[str, Any]:
    """When each step was reached and planned, and how much working time it took."""
    procedure = procedures.read(problem.procedure)
    calendar = procedure.calendar(zone)
    reached = {
        "assign": problem.dispatched_at, "cause": problem.cause_found_at, "solution": problem.solution_planned_at,
    }  # fmt: skip
    targets = {} if problem.is_imported else procedure.targets[problem.level]
    # Each plan moves by what was on hold before its step: a later hold does not make good what was late.
    planned = {
        code: calendar.add(problem.registered_at, days + holds.days_before(reached[code] or as_of, held, calendar))
        for code, days in targets.items()
    }
    on_hold = problem.held_since is not None
    return {
        "assigned_at": problem.dispatched_at,
        "cause_found_at": problem.cause_found_at,
        "solution_planned_at": problem.solution_planned_at,
        "fixed_at": problem.fixed_at,
        "resolved_at": problem.resolved_at,
        "closed_at": problem.closed_at,
        "assignment_due_at": planned.get("assign"),
        "cause_due_at": planned.get("cause"),
        "solution_due_at": planned.get("solution"),
        "due_at": end_of(problem.planned_finish, zone),
        "worked_to_cause": worked(calendar, problem, problem.cause_found_at, held),
        "worked_to_fix": worked(calendar, problem, problem.fixed_at, held),
        "worked_to_resolve": worked(calendar, problem, problem.resolved_at, held),
        "held_until": end_of(problem.hold_until, zone) if on_hold else None,
        "hold_reason": problem.hold_reason if on_hold else "",
    }


def worked(calendar: Calendar, problem: Problem, moment: datetime | None, held: holds.Spans) -> int | None:
    """Working seconds from registration, time on hold until then taken off: whole ones, so that the fact is exact."""
    if moment is None:
        return None
    on_hold = holds.days_before(moment, held, calendar)
    return max(0, round((calendar.working_days(problem.registered_at, moment) - on_hold) * 86_400))


def waiting(problem: Problem, open_points: list[str]) -> tuple[str, ...]:
    """The open points of the step that leads on."""
    _verb, codes = lifecycle.goal(Stage(problem.stage))
    return tuple(code for code in codes if code in open_points)


def closings(problem: Problem, events: list[tuple[str, datetime]]) -> tuple[Closing, ...]:
    """Each time it was closed, with the reopening that followed. History that was imported has its date alone."""
    found: list[Closing] = []
    for verb, at in events:
        if verb in CLOSED_BY:
            found.append(Closing(at))
        elif verb == REOPENED and found and found[-1].reopened_at is None:
            found[-1] = Closing(found[-1].at, at)
    if not found and problem.closed_at is not None:
        found.append(Closing(problem.closed_at))
    return tuple(found)


def end_of(day: date | None, zone: str) -> Any:
    """The last moment of a calendar day in the zone."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)) if day else None
