"""Problems: lists, one of them, registering one, and what hangs on it. The verbs have their own modules."""

from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query, Router, Status
from pydantic import Field

from genyin.api import references
from genyin.api.fields import Asked, Body, Code, IncidentRef, Line, Moment, PathRef, Text
from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers, created
from genyin.api.shapes import problem as shapes
from genyin.api.shapes import work
from genyin.api.shapes.incident import IncidentLine, incident_line
from genyin.api.shapes.problem import CustomerDetail, CustomerLine, Detail
from genyin.api.shapes.timeline import EventShape, timeline
from genyin.api.signing import Request
from genyin.api.verbs.analysis import Level
from genyin.api.verbs.registry import shown
from genyin.base import events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import queries as incidents
from genyin.people.models import ApiToken
from genyin.people.roles import is_outside
from genyin.problems import actions, lifecycle, queries
from genyin.problems.models import Problem
from genyin.problems.stages import Stage
from genyin.problems.standing import standing

router = Router(tags=["problems"])
Grade = Literal["", "high", "medium", "low"]


class Register(Body):
    """`source` may be left out by a token that has one. `incident` is the one it is raised from.

    `category`, `source` and `reason` are codes of the procedure (GET /api/procedure).
    """

    title: Line
    service: Line
    category: Code
    level: Level
    source: Code = ""
    reason: Code
    description: Text = ""
    subcategory: Annotated[Text, Field(max_length=80)] = ""
    level_reason: Text = ""
    impact: Grade = ""
    urgency: Grade = ""
    impact_text: Text = ""
    environment: Literal["", "production", "test", "development"] = ""
    contact: Annotated[Text, Field(max_length=120)] = ""
    found_at: Moment | None = None
    items: Annotated[list[Line], Field(max_length=50)] = []
    incident: IncidentRef | None = None
    incidents: Annotated[list[IncidentRef], Field(max_length=200)] = []


@router.get("/problems", operation_id="list_problems", response=answers(Page[shapes.Line] | Page[CustomerLine]))
def list_problems(
    request: Request,
    stage: Annotated[Stage | Literal[""], Query()] = "",
    is_open: Annotated[Literal["", "true", "false"], Query(alias="open")] = "",
    level: Annotated[Grade, Query()] = "",
    service: Asked = "",
    owner: Asked = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[shapes.Line] | Page[CustomerLine]:
    """Problems the caller may see, newest first."""
    rows = queries.visible_to(request.auth)
    if stage:
        rows = rows.filter(stage=stage)
    if is_open:
        rows = rows.exclude(stage=Stage.CLOSED) if is_open == "true" else rows.filter(stage=Stage.CLOSED)
    if is_outside(request.auth):
        return page(rows, shapes.customer_line, by="registered_at", limit=limit, cursor=cursor)
    found = _narrowed(rows, level, service, owner).select_related("service", "service__customer", "owner")
    return page(found, shapes.line, by="registered_at", limit=limit, cursor=cursor)


@router.post("/problems", operation_id="register_problem", response=created(Detail | CustomerDetail))
def register_problem(request: Request, body: Register) -> Status[Detail | CustomerDetail]:
    """Register and classify a problem: by hand, from an incident, or by an integration with its coded source."""
    by = inside(request)
    # Asked first: whoever may not register learns nothing of which services there are.
    lifecycle.check("register", stage=None, rights=standing(by, None).rights)
    service = incidents.service_named(body.service, seen_by=by)
    origin = references.incident(body.incident, field="incident", seen_by=by) if body.incident else None
    given = body.model_dump(exclude={"service", "source", "items", "incident", "incidents"})
    problem = actions.register(
        **given,
        service=service,
        source=_source(body.source, by),
        items=references.items(body.items, of=service, field="items"),
        incidents_linked=references.linked(body.incidents, field="incidents", seen_by=by),
        origin=origin,
        by=by,
    )
    return Status(201, shown(problem, to=by))


@router.get("/problems/{ref}", operation_id="get_problem", response=answers(Detail | CustomerDetail))
def get_problem(request: Request, ref: PathRef) -> Detail | CustomerDetail:
    """A problem with its control points, its timeline, and the verbs the caller may use now."""
    return shapes.detail(queries.get(ref, seen_by=request.auth), seen_by=request.auth)


@router.get("/problems/{ref}/timeline", operation_id="problem_timeline", response=answers(Page[EventShape]))
def problem_timeline(request: Request, ref: PathRef, limit: Limit = 50, cursor: Cursor = "") -> Page[EventShape]:
    """Everything that happened to a problem, newest first."""
    by = inside(request)
    rows = events.of(queries.get(ref, seen_by=by))
    found = page(rows, lambda event: event, by="pk", limit=limit, cursor=cursor)
    return Page(items=timeline(found.items, seen_by=by), next=found.next)


@router.get("/problems/{ref}/incidents", operation_id="problem_incidents", response=answers(Page[IncidentLine]))
def problem_incidents(request: Request, ref: PathRef, limit: Limit = 50, cursor: Cursor = "") -> Page[IncidentLine]:
    """The linked incidents the caller may see."""
    by = inside(request)
    seen, _hidden = queries.linked_incidents(queries.get(ref, seen_by=by), seen_by=by)
    return page(seen, incident_line, by="occurred_at", limit=limit, cursor=cursor)


@router.get("/problems/{ref}/comments", operation_id="problem_comments", response=answers(Page[work.CommentShape]))
def problem_comments(request: Request, ref: PathRef, limit: Limit = 50, cursor: Cursor = "") -> Page[work.CommentShape]:
    """Remarks, newest first; the customer's side reads those meant for it."""
    problem = queries.get(ref, seen_by=request.auth)
    rows = queries.comments(problem, seen_by=request.auth)
    return page(rows, work.comment, by="written_at", limit=limit, cursor=cursor)


@router.get("/problems/{ref}/tasks", operation_id="problem_tasks", response=answers(Page[work.TaskShape]))
def problem_tasks(request: Request, ref: PathRef, limit: Limit = 50, cursor: Cursor = "") -> Page[work.TaskShape]:
    """Pieces of work within the problem, newest first."""
    rows = queries.get(ref, seen_by=inside(request)).tasks.select_related("owner", "problem")
    return page(rows, work.task, by="pk", limit=limit, cursor=cursor)


def _narrowed(rows: QuerySet[Problem], level: str, service: str, owner: str) -> QuerySet[Problem]:
    wanted = {"level": level, "service__name": service, "owner__username": owner}
    return rows.filter(**{field: value for field, value in wanted.items() if value})


def _source(said: str, by: Actor) -> str:
    """The coded source: what the request says, or what the token was given. Raises BadInput when they differ."""
    token = ApiToken.objects.filter(pk=by.token_id).first() if by.token_id else None
    coded = token.source if token else ""
    if coded and said not in ("", coded):
        raise BadInput(gettext_noop("This token registers with the source %(source)s."), field="source", source=coded)
    return coded or said
