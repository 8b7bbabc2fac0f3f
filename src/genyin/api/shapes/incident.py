"""Incidents and services as the API answers them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from genyin.api.shapes.base import pick
from genyin.incidents.models import Incident, Service


class IncidentLine(BaseModel):
    ref: str
    source: str
    external_id: str
    title: str
    service: str
    state: str
    is_major: bool
    occurred_at: datetime
    opened_at: datetime


class IncidentDetail(IncidentLine):
    description: str
    item: str
    category: str
    subcategory: str
    symptom: str
    environment: str
    environment_assumed: bool
    impact: str
    urgency: str
    priority: str
    resolved_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime | None
    received_at: datetime
    outage_minutes: int | None
    service_impact: str
    team: str
    reporter: str
    resolution: str
    resolution_code: str
    external_problem: str
    external_change: str
    caused_by_change: str
    history: list[dict[str, Any]]
    extra: dict[str, Any]
    problems: list[str]


class ServiceLine(BaseModel):
    """A service; `availability_target` in percent of a calendar month."""

    name: str
    customer: str
    project: str
    availability_target: float | None
    confirmed: bool
    items: list[str]


def incident_line(incident: Incident) -> IncidentLine:
    return pick(IncidentLine, incident, service=incident.service.name)


def incident_detail(incident: Incident, *, problems: list[str]) -> IncidentDetail:
    """`problems`: numbers of the linked problems that the reader may see."""
    item = incident.item.name if incident.item else ""
    return pick(IncidentDetail, incident, service=incident.service.name, item=item, problems=problems)


def service_line(service: Service) -> ServiceLine:
    return pick(
        ServiceLine,
        service,
        customer=service.customer.name if service.customer else "",
        project=service.project.name if service.project else "",
        availability_target=None if service.availability_target is None else float(service.availability_target),
        items=[item.name for item in service.items.all()],
    )
