"""Incidents: received one by one, listed, read, and what is like them."""

from typing import Annotated, Literal

from ninja import Path, Query, Router, Status
from pydantic import AfterValidator, BaseModel, Field

from genyin.api.fields import Asked, Body, Line, Moment, Text, Whole, storable
from genyin.api.inside import inside
from genyin.api.matching import SimilarShape, expect_ready, found
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import DOCUMENTED, answers
from genyin.api.shapes import incident as shapes
from genyin.api.signing import Request
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import actions, queries
from genyin.incidents.data import Environment, Grade, IncidentData, ServiceImpact, State
from genyin.incidents.models import Incident
from genyin.knowledge import matching
from genyin.people.models import ApiToken
from genyin.people.roles import require
from genyin.problems import queries as problems

router = Router(tags=["incidents"])
Name = Annotated[Text, Field(max_length=120)]
# A foreign number may hold slashes, hence the path converter in the addresses below.
Ref = Annotated[str, Path(max_length=161), AfterValidator(storable)]


class Receive(Body):
    """An incident as the service desk tells it. `external_id` is its number there; sending it again updates it.

    An integration writes under its own name; `source` is for people who enter incidents of a desk by hand.
    `occurred_at` is when it happened, `opened_at` when it was reported; without the second they are the same.
    """

    external_id: Annotated[Text, Field(min_length=1, max_length=120)]
    source: Annotated[Text, Field(max_length=40)] = ""
    title: Annotated[Text, Field(min_length=1, max_length=500)]
    description: Text = ""
    service: Line
    item: Line = ""
    category: Name = ""
    subcategory: Name = ""
    symptom: Name = ""
    environment: Environment | None = None
    impact: Grade | None = None
    urgency: Grade | None = None
    priority: Grade | None = None
    major: Annotated[bool, Field(strict=True)] | None = None
    state: State = State.OPEN
    occurred_at: Moment
    opened_at: Moment | None = None
    resolved_at: Moment | None = None
    closed_at: Moment | None = None
    updated_at: Moment | None = None
    outage_minutes: Annotated[Whole, Field(ge=0, le=2**31 - 1)] | None = None
    service_impact: ServiceImpact | None = None
    team: Name = ""
    reporter: Name = ""
    resolution: Text = ""
    resolution_code: Name = ""
    external_problem: Name = ""
    external_change: Name = ""
    caused_by_change: Name = ""


class Received(BaseModel):
    result: Literal["created", "updated", "unchanged"]
    incident: shapes.IncidentDetail


@router.post("/incidents", operation_id="receive_incident", response={200: Received, 201: Received, **DOCUMENTED})
def receive(request: Request, body: Receive) -> Status[Received]:
    """An incident arrives, or arrives again: the same content changes nothing."""
    by = inside(request)
    require(by, "incident.receive")
    source = _source(body.source, by)
    service = queries.service_named(body.service, seen_by=by)
    given = body.model_dump(exclude={"source", "service", "item", "team", "opened_at"})
    data = IncidentData(
        **given,
        source=source,
        service=service.name,
        customer=service.customer.name if service.customer else None,
        ci=body.item or None,
        assignment_group=body.team,
        opened_at=body.opened_at or body.occurred_at,
    )
    incident, received = actions.receive(data, by=by)
    result = "created" if received.created else "updated" if received.updated else "unchanged"
    shown = Received(result=result, incident=_detail(incident, by))
    return Status(201 if received.created else 200, shown)


@router.get("/incidents", operation_id="list_incidents", response=answers(Page[shapes.IncidentLine]))
def list_incidents(
    request: Request,
    state: Annotated[State | Literal[""], Query()] = "",
    service: Asked = "",
    source: Asked = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[shapes.IncidentLine]:
    """Incidents the caller may see, newest first."""
    wanted = {"state": state, "service__name": service, "source": source}
    rows = queries.visible_to(inside(request)).filter(**{field: value for field, value in wanted.items() if value})
    return page(rows.select_related("service"), shapes.incident_line, by="occurred_at", limit=limit, cursor=cursor)


@router.get("/incidents/{path:ref}/similar", operation_id="similar_incidents", response=answers(SimilarShape, 503))
def similar(request: Request, ref: Ref) -> SimilarShape:
    """Incidents and problems like this one and known errors that may help, each with why; 503 while matching is being
    prepared."""
    by = inside(request)
    expect_ready()
    incident = queries.get(ref, seen_by=by)
    return SimilarShape(
        incidents=[found(hit) for hit in matching.similar_incidents(incident, seen_by=by)],
        known_errors=[found(hit) for hit in matching.known_errors_for(incident, seen_by=by)],
        problems=[found(hit) for hit in matching.similar_problems(incident, service=incident.service, seen_by=by)],
    )


@router.get("/incidents/{path:ref}", operation_id="get_incident", response=answers(shapes.IncidentDetail))
def get_incident(request: Request, ref: Ref) -> shapes.IncidentDetail:
    """The incident `source:number`."""
    by = inside(request)
    return _detail(queries.get(ref, seen_by=by), by)


def _detail(incident: Incident, by: Actor) -> shapes.IncidentDetail:
    linked = problems.visible_to(by).filter(links__incident=incident).order_by("number")
    return shapes.incident_detail(incident, problems=list(linked.values_list("number", flat=True)))


def _source(said: str, by: Actor) -> str:
    """Under whose name the incident is kept: an integration's own, or what a person says."""
    if by.token_id is None:
        if not said or ":" in said:
            raise BadInput(gettext_noop("Name the system the incident comes from, without a colon."), field="source")
        return said
    own = ApiToken.objects.get(pk=by.token_id).sends_as
    if said not in ("", own):
        raise BadInput(gettext_noop("This token sends incidents as %(source)s."), field="source", source=own)
    return own
