"""A problem as the API answers it: a line, the whole of it, or what its customers may read."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from genyin.api.shapes import work
from genyin.api.shapes.base import Person, person, pick
from genyin.api.shapes.incident import IncidentLine, incident_line
from genyin.api.shapes.timeline import EventShape, timeline
from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.changes import queries as changes
from genyin.knowledge import queries as knowledge
from genyin.people.roles import is_outside
from genyin.problems import points, queries
from genyin.problems.lifecycle import SATISFIED_BY
from genyin.problems.models import ControlPoint, PartKind, PointState, Problem

MOST = 100  # of each list within a problem; the rest is behind the list's own address


class Line(BaseModel):
    """A problem in a list."""

    number: str
    version: int
    title: str
    stage: str
    status: str
    outcome: str
    level: str
    category: str
    source: str
    flags: list[str]
    service: str
    customer: str
    owner: Person | None
    registered_at: datetime
    stage_since: datetime


class CustomerLine(BaseModel):
    """A problem in a list of the customer's side."""

    number: str
    title: str
    stage: str
    status: str


class OfferShape(BaseModel):
    """A verb that the caller may use now; with `missing` points it is refused until they are satisfied."""

    verb: str
    href: str
    missing: list[str]


class PointShape(BaseModel):
    code: str
    clause: str
    state: str
    evidence: str
    due_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    waiver_reason: str
    waiver_asked_by: str
    satisfied_by: str


class GoalShape(BaseModel):
    """The verb that leads on from here, and the points it still waits for."""

    verb: str
    open: list[str]


class ClockShape(BaseModel):
    """Working days used against the target of the procedure."""

    code: str
    used: float
    target: float
    late: float
    running: bool


class CauseShape(BaseModel):
    code: str
    text: str
    established: str
    cycle: int
    found_at: datetime
    found_by: str


class RolloutShape(BaseModel):
    kind: str
    service: str
    site: str
    live_at: datetime
    cycle: int


class Detail(Line):
    """A problem with everything that hangs on it, and what the caller may do next."""

    view: Literal["internal"] = "internal"
    cycle: int
    procedure: str
    description: str
    subcategory: str
    reason: str
    level_reason: str
    impact: str
    urgency: str
    impact_text: str
    environment: str
    environment_assumed: bool
    items: list[str]
    submitter: str
    contact: str
    send_back_reason: str
    hold_reason: str
    hold_until: date | None
    held_since: datetime | None
    workaround: str
    interim_measure: str
    reproduced: str
    reproduction: str
    solution: str
    preventive_measure: str
    solution_test: dict[str, Any]
    evaluation: dict[str, Any]
    change_needed: bool | None
    change_reason: str
    duplicate_of: str
    closing_note: str
    risk_until: date | None
    look_again_at: date | None
    planned_finish: date | None
    found_at: datetime | None
    dispatched_at: datetime | None
    accepted_at: datetime | None
    cause_found_at: datetime | None
    solution_planned_at: datetime | None
    fixed_at: datetime | None
    resolved_at: datetime | None
    archived_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    goal: GoalShape
    verbs: list[OfferShape]
    points: list[PointShape]
    clocks: list[ClockShape]
    team: list[Person]
    representatives: list[Person]
    causes: list[CauseShape]
    rollouts: list[RolloutShape]
    incidents: list[IncidentLine]
    incidents_hidden: int = Field(description="Linked incidents that the caller may not see.")
    tasks: list[work.TaskShape]
    comments: list[work.CommentShape]
    attachments: list[work.AttachmentShape]
    changes: list[work.ChangeShape]
    reviews: list[work.ReviewShape]
    known_errors: list[work.KnownErrorShape]
    timeline: list[EventShape] = Field(description="The newest events first.")


class CustomerDetail(CustomerLine):
    """What a representative of the customer reads of a problem."""

    view: Literal["customer"] = "customer"
    verbs: list[OfferShape]
    comments: list[work.CommentShape]
    reviews: list[work.CustomerReview]


def line(problem: Problem) -> Line:
    return pick(Line, problem, **_head(problem))


def customer_line(problem: Problem) -> CustomerLine:
    return pick(CustomerLine, problem)


def detail(problem: Problem, *, seen_by: Actor) -> Detail | CustomerDetail:
    """The whole problem, as far as the reader may see it."""
    if is_outside(seen_by):
        return pick(
            CustomerDetail,
            problem,
            view="customer",
            verbs=_offers(problem, seen_by),
            comments=[work.comment(c) for c in queries.comments(problem, seen_by=seen_by)[:MOST]],
            reviews=[work.customer_review(r) for r in problem.reviews.select_related("problem").order_by("-id")],
        )
    return pick(
        Detail,
        problem,
        **_head(problem),
        **_record(problem, seen_by),
        **_progress(problem, seen_by),
        **_hanging(problem, seen_by),
    )


def _head(problem: Problem) -> dict[str, Any]:
    customer = problem.service.customer
    return {
        "flags": sorted(problem.flags),
        "service": problem.service.name,
        "customer": customer.name if customer else "",
        "owner": person(problem.owner),
    }


def _record(problem: Problem, seen_by: Actor) -> dict[str, Any]:
    original = problem.duplicate_of
    seen = original and queries.visible_to(seen_by).filter(pk=original.pk).exists()
    parts = list(problem.parts.select_related("user").order_by("id"))
    return {
        "view": "internal",
        "procedure": problem.procedure.ref,
        "submitter": problem.submitter_name,
        "items": [item.name for item in problem.items.order_by("name")],
        "duplicate_of": original.number if original and seen else "",
        "team": [person(part.user) for part in parts if part.kind == PartKind.TEAM],
        "representatives": [person(part.user) for part in parts if part.kind == PartKind.REPRESENTATIVE],
    }


def _progress(problem: Problem, seen_by: Actor) -> dict[str, Any]:
    goal = queries.goal(problem)
    return {
        "goal": GoalShape(verb=goal.verb, open=[point.code for point in goal.open]),
        "verbs": _offers(problem, seen_by),
        "points": [_point(p) for p in points.live(problem).select_related("waiver_asked_by")],
        "clocks": [
            ClockShape(code=c.code, used=c.used, target=c.target, late=c.late, running=c.running)
            for c in queries.clocks(problem, now=clock.now())
        ],
    }


def _hanging(problem: Problem, seen_by: Actor) -> dict[str, Any]:
    seen, hidden = queries.linked_incidents(problem, seen_by=seen_by)
    reviews = problem.reviews.select_related("problem").order_by("-id")
    return {
        "causes": [pick(CauseShape, row) for row in problem.causes.order_by("id")],
        "rollouts": [
            pick(RolloutShape, row, service=row.service.name if row.service else "")
            for row in problem.rollouts.select_related("service").order_by("id")
        ],
        "incidents": [incident_line(incident) for incident in seen[:MOST]],
        "incidents_hidden": hidden,
        "tasks": [work.task(t) for t in problem.tasks.select_related("owner", "problem").order_by("id")[:MOST]],
        "comments": [work.comment(c) for c in queries.comments(problem, seen_by=seen_by)[:MOST]],
        "attachments": [work.attachment(a, problem=problem.number) for a in problem.attachments.order_by("id")[:MOST]],
        "changes": [work.change(c) for c in changes.visible_to(seen_by).filter(problem=problem)[:MOST]],
        "reviews": [work.review(r) for r in reviews],
        "known_errors": [work.known_error(k) for k in knowledge.visible_to(seen_by).filter(problem=problem)],
        "timeline": timeline(events.of(problem).order_by("-seq")[:MOST], seen_by=seen_by),
    }


def _offers(problem: Problem, seen_by: Actor) -> list[OfferShape]:
    return [
        OfferShape(verb=o.verb, href=f"/api/problems/{problem.number}/{o.verb}", missing=list(o.missing))
        for o in queries.offers(problem, to=seen_by)
    ]


def _point(row: ControlPoint) -> PointShape:
    asked = row.waiver_asked_by if row.state == PointState.OPEN else None
    return pick(
        PointShape, row, waiver_asked_by=asked.name if asked else "", satisfied_by=SATISFIED_BY.get(row.code, "")
    )
