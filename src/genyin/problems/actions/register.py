"""Registering a problem, sending it back and resubmitting it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import ConfigurationItem, Environment, Incident, Service
from genyin.problems import lifecycle, points, rules
from genyin.problems.models import IncidentLink, Problem, RegisterEntry
from genyin.problems.standing import standing
from genyin.problems.writing import begin, finish, one_of, required, text
from genyin.procedure import queries as procedures
from genyin.procedure.actions import draw_number
from genyin.procedure.content import LEVELS


class Said(TypedDict, total=False):
    """What the problem record form says at registration; codes are those of the procedure version."""

    title: Required[str]
    category: Required[str]
    level: Required[str]
    source: Required[str]
    reason: Required[str]
    description: str
    subcategory: str
    level_reason: str
    impact: str
    urgency: str
    impact_text: str
    environment: str
    contact: str
    found_at: datetime | None


def register(
    *,
    service: Service,
    items: Iterable[ConfigurationItem] = (),
    incidents_linked: Iterable[Incident] = (),
    origin: Incident | None = None,
    by: Actor,
    **said: Unpack[Said],
) -> Problem:
    """Register and classify a problem (R42), from an incident (R8, R41), a candidate (R10, R39), monitoring,
    inspection (R40), after-sales (R9), or by hand. Raises BadInput with the field; nothing is half written.
    """
    held = standing(by, None)
    row = lifecycle.check("register", stage=None, rights=held.rights)
    linked = list(dict.fromkeys([*([origin] if origin else []), *incidents_linked]))
    parts = list(items)
    _in_sight(service, linked, parts, by=by)
    problem = _draft(said, service, origin, by=by)
    problem.is_major = _major_by_rule(service, problem.level, linked)
    with transaction.atomic():
        problem.number = draw_number("problem")
        problem.save(force_insert=True)
        problem.items.set(parts)
        _link(problem, linked, origin, by=by)
        RegisterEntry.objects.create(problem=problem, entered_at=clock.now())
        points.settle(problem, by=by)
        for code, evidence in _registered(problem).items():
            points.satisfy(problem, code, evidence=evidence, by=by)
        after = {name: getattr(problem, name) for name in ("title", "level", "category", "source", "reason", "service")}
        after["incidents"] = [incident.ref for incident in linked]
        events.record("problem.registered", problem, by=by, after=after, through=held.through(row))
    return problem


def _draft(said: Said, service: Service, origin: Incident | None, *, by: Actor) -> Problem:
    """The record as it was said, every value checked against the procedure version that will judge it."""
    version, now = procedures.current(), clock.now()
    procedure = procedures.read(version)
    problem = Problem(
        procedure=version,
        title=required(said["title"], "title", longest=200),
        description=text(said.get("description", ""), "description"),
        category=one_of(said["category"], procedure.categories, "category"),
        subcategory=text(said.get("subcategory", ""), "subcategory", longest=80),
        source=one_of(said["source"], procedure.sources, "source"),
        reason=one_of(said["reason"], procedure.reasons, "reason"),
        level=one_of(said["level"], LEVELS, "level"),
        level_reason=text(said.get("level_reason", ""), "level_reason"),
        impact=one_of(said.get("impact", ""), ("", *LEVELS), "impact"),
        urgency=one_of(said.get("urgency", ""), ("", *LEVELS), "urgency"),
        impact_text=text(said.get("impact_text", ""), "impact_text"),
        contact=text(said.get("contact", ""), "contact", longest=120),
        found_at=said.get("found_at"),
        service=service,
        **_environment(said.get("environment", ""), origin),
        **_submitted(by, now),
    )
    _check_level(problem)
    return problem


def _submitted(by: Actor, now: datetime) -> dict[str, Any]:
    moments = {"registered_at": now, "stage_since": now, "updated_at": now}
    return {"submitter_id": by.user_id, "submitter_token_id": by.token_id, "submitter_name": by.name, **moments}


def _environment(said: str, origin: Incident | None) -> dict[str, Any]:
    """As it was said, else the incident's it comes from, else production, marked assumed (R15)."""
    assumed = not said and (origin is None or origin.environment_assumed)
    environment = said or (origin.environment if origin else Environment.PRODUCTION)
    if not rules.in_scope(one_of(environment, tuple(Environment.values), "environment")):
        raise BadInput(
            gettext_noop(
                "Development and test environments are out of scope (R15). Only production problems are registered."
            ),
            field="environment",
        )
    return {"environment": environment, "environment_assumed": assumed}


def send_back(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Send an incomplete problem back to its submitter (退回)."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "send_back", by=by)
        return finish(
            problem, step, "problem.sent_back", by=by, note=reason, is_sent_back=True, send_back_reason=reason
        )


def resubmit(problem: Problem, *, title: str = "", description: str = "", note: str = "", by: Actor) -> Problem:
    """Submit a problem again that was sent back, with what was asked for."""
    changes: dict[str, Any] = {"title": required(title, "title", longest=200)} if title else {}
    changes |= {"description": text(description, "description")} if description else {}
    with transaction.atomic():
        step = begin(problem, "resubmit", by=by)
        return finish(
            problem, step, "problem.resubmitted", by=by, note=note, is_sent_back=False, send_back_reason="", **changes
        )


def _in_sight(service: Service, linked: list[Incident], parts: list[ConfigurationItem], *, by: Actor) -> None:
    # Refused here as well as on the surface: a verb must not link what its actor could not open.
    if not incidents.visible_services(by).filter(pk=service.pk).exists():
        raise BadInput(gettext_noop("There is no such service that you may see."), field="service")
    seen = set(incidents.visible_to(by).filter(pk__in=[i.pk for i in linked]).values_list("pk", flat=True))
    if any(incident.pk not in seen for incident in linked):
        raise BadInput(gettext_noop("An incident is not known, or you may not see it."), field="incidents")
    if any(part.service_id != service.pk for part in parts):
        raise BadInput(gettext_noop("A configuration item belongs to another service."), field="items")


def _check_level(problem: Problem) -> None:
    procedure = procedures.read(problem.procedure)
    if problem.impact and problem.urgency:
        suggested = procedure.suggested_level(problem.impact, problem.urgency)
        if suggested != problem.level and not problem.level_reason:
            raise BadInput(
                gettext_noop("Impact and urgency suggest level %(suggested)s. Say why it is another."),
                field="level_reason",
                suggested=suggested,
            )


def _major_by_rule(service: Service, level: str, linked: list[Incident]) -> bool:
    return rules.is_major(
        level,
        major_incident=any(incident.is_major for incident in linked),
        availability_missed=bool(linked) and incidents.availability_missed(service, days=30),
    )


def _link(problem: Problem, linked: list[Incident], origin: Incident | None, *, by: Actor) -> None:
    IncidentLink.objects.bulk_create(
        IncidentLink(problem=problem, incident=i, origin=i == origin, linked_at=clock.now(), linked_by=by.name)
        for i in linked
    )


def _registered(problem: Problem) -> dict[str, str]:
    scope = "production, assumed" if problem.environment_assumed else "production"
    return {
        "scope": scope,
        "category": problem.category,
        "level": problem.level,
        "source": problem.source,
        "reason": problem.reason,
        "service": problem.service.name,
    }
