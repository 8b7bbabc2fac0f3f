"""Incidents arrive: one by one through API and webhook, by the thousand from files. Both ways are idempotent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import Exists, OuterRef

from genyin.base import clock, events
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import Conflict, UnknownReference, gettext_noop
from genyin.incidents import places
from genyin.incidents.data import HistoryItem, IncidentData
from genyin.incidents.models import Environment, Incident, Service
from genyin.incidents.places import Found, Place
from genyin.incidents.queries import service_named, visible_services, visible_to
from genyin.people.queries import integrations
from genyin.people.roles import may, require
from genyin.procedure.actions import draw_number

#: The source of what people enter here.
ENTERED = "manual"
#: What a later arrival may change; identity and the moment of the first arrival stay.
TOLD = (
    "digest", "title", "description", "service", "item", "category", "subcategory", "symptom", "environment",
    "environment_assumed", "impact", "urgency", "priority", "is_major", "state", "occurred_at", "opened_at",
    "resolved_at", "closed_at", "updated_at", "outage_minutes", "service_impact", "team", "reporter", "resolution",
    "resolution_code", "external_problem", "external_change", "caused_by_change", "history", "extra",
)  # fmt: skip


@dataclass(slots=True)
class Received:
    """What became of the incidents that arrived: how many of each, and services met for the first time.

    `first`, `last`: when the earliest and the latest of those written occurred.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new_services: list[str] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None


def receive(data: IncidentData, *, by: Actor) -> tuple[Incident, Received]:
    """An incident arrives, or arrives again. The same content changes nothing and leaves no event."""
    through = require(by, "incident.receive")
    with transaction.atomic():
        _refuse_unseen(data, by=by)
        return _arrived(data, by=by, through=through)


def enter(said: IncidentData, *, by: Actor) -> Incident:
    """A person enters an incident that no other system has: source and number are given here, whatever `said` says."""
    through = require(by, "incident.receive")
    with transaction.atomic():
        data = replace(said, source=ENTERED, external_id=_free_number())
        _refuse_foreign(data, by=by)
        incident, _result = _arrived(data, by=by, through=through)
    return incident


def _arrived(data: IncidentData, *, by: Actor, through: Delegated | None) -> tuple[Incident, Received]:
    moment = clock.now()
    result, digests = _write([data], at=moment)
    incident = Incident.objects.select_related("service").get(source=data.source, external_id=data.external_id)
    if result.created and incident.received_at != moment:
        # Somebody's first arrival of this number was quicker, perhaps of another customer: nothing is overwritten.
        if not visible_to(by).filter(pk=incident.pk).exists():
            raise _not_yours(data)
        raise Conflict(gettext_noop("Incident %(ref)s has arrived meanwhile. Send it again."), ref=incident.ref)
    if digests:
        verb = "incident.received" if result.created else "incident.updated"
        after = {"title": data.title, "state": data.state, "service": incident.service, "digest": incident.digest}
        events.record(verb, incident, by=by, after=after, through=through)
    return incident, result


def _refuse_unseen(data: IncidentData, *, by: Actor) -> None:
    """Who sees some services only may neither write into another one, nor touch or find out what lies there.

    People give a new number only in a source that is theirs alone, so that the refusal is the same whether others have
    that number or not. The numbers of an integration's own source are its own: it learns nothing from them.
    """
    _refuse_foreign(data, by=by)
    if by.sees_all:
        return
    # Locked: it must not move to another customer's service between this look and the write.
    held = Incident.objects.select_for_update().filter(source=data.source, external_id=data.external_id).first()
    if held is not None:
        allowed = visible_to(by).filter(pk=held.pk).exists()
    else:
        allowed = by.token_id is not None or _is_theirs_alone(data.source, by=by)
    if not allowed:
        raise _not_yours(data)


def _refuse_foreign(data: IncidentData, *, by: Actor) -> None:
    if by.sees_all:
        return
    service = service_named(data.service or data.source, seen_by=by)
    # Named with another customer the incident would be filed under a service of theirs, made if need be.
    if data.customer and (service.customer is None or service.customer.name != data.customer):
        raise UnknownReference(
            gettext_noop("The service “%(service)s” belongs to another customer than the one named."),
            field="customer",
            service=service.name,
        )


def _is_theirs_alone(source: str, *, by: Actor) -> bool:
    """Whether nobody else's incidents come from there: none that the actor does not see, and no other system."""
    unseen = Service.objects.exclude(id__in=visible_services(by).values("id"))
    # Asked service by service: the first incident found settles it, however many there are.
    shared = unseen.filter(Exists(Incident.objects.filter(service=OuterRef("pk"), source=source))).exists()
    return not shared and source not in integrations()


def _not_yours(data: IncidentData) -> UnknownReference:
    return UnknownReference(
        gettext_noop("%(source)s is not yours alone: have incident %(number)s entered by somebody who sees all of it."),
        field="source",
        source=data.source,
        number=data.external_id,
    )


def _free_number() -> str:
    """A number of ours that no incident has. Another program may have sent some that look like ours."""
    drawn = (draw_number("incident") for _ in count())
    return next(n for n in drawn if not Incident.objects.filter(source=ENTERED, external_id=n).exists())


def receive_many(rows: Sequence[IncidentData], *, source: str, by: Actor) -> Received:
    """Many incidents of one source arrive: one transaction and one event, whose digest covers every row written.

    Give at most 1,000 at a time, so that others can write in between. Where a number stands twice the last one counts.
    """
    through = None if may(by, "incident.receive") else require(by, "import.run")
    if strangers := {row.source for row in rows} - {source}:
        raise ValueError(f"rows of other sources: {sorted(strangers)}")
    with transaction.atomic():
        result, digests = _write(list({row.external_id: row for row in rows}.values()), at=clock.now())
        if digests:
            after = {
                "source": source, "created": result.created, "updated": result.updated, "unchanged": result.unchanged,
                "new_services": result.new_services, "first": result.first, "last": result.last,
                "digest": _digest_of(digests),
            }  # fmt: skip
            events.record("incidents.imported", None, by=by, after=after, through=through)
    return result


def foresee(rows: Sequence[IncidentData]) -> Received:
    """What `receive_many` would make of these rows now; reads only."""
    result, news = _compared(list({row.external_id: row for row in rows}.values()))
    named = {_place(row).service for row, _ in news}
    result.new_services = sorted(named - set(Service.objects.filter(name__in=named).values_list("name", flat=True)))
    return result


def _write(rows: list[IncidentData], *, at: datetime) -> tuple[Received, list[str]]:
    """Write what is new or newer; also a "number digest" line for each row written."""
    result, news = _compared(rows)
    # In one order whatever the file's: two imports that cross would wait for each other's rows.
    news.sort(key=lambda told: (told[0].source, told[0].external_id))
    if news:
        found = places.find([_place(row) for row, _ in news])
        result.new_services = found.new_services
        moments = [row.occurred_at for row, _ in news]
        result.first, result.last = min(moments), max(moments)
        Incident.objects.bulk_create(
            [_incident(row, digest, found, at) for row, digest in news],
            update_conflicts=True, unique_fields=("source", "external_id"), update_fields=TOLD,
        )  # fmt: skip
    return result, [f"{row.external_id} {digest}" for row, digest in news]


def _compared(rows: list[IncidentData]) -> tuple[Received, list[tuple[IncidentData, str]]]:
    """How many rows are new, changed and known already; and the ones to write, with their digests."""
    held = {
        (source, number): (digest, updated)
        for source in {row.source for row in rows}
        for number, digest, updated in Incident.objects.filter(
            source=source, external_id__in=[row.external_id for row in rows if row.source == source]
        ).values_list("external_id", "digest", "updated_at")
    }
    result, news = Received(), []
    for row in rows:
        digest = row.digest()
        before, updated = held.get((row.source, row.external_id), ("", None))
        # Exports and webhooks may overtake each other: what the source wrote earlier does not undo what came later.
        is_older = updated is not None and row.updated_at is not None and row.updated_at < updated
        if before == digest or is_older:
            result.unchanged += 1
        else:
            is_known = (row.source, row.external_id) in held
            result.updated += is_known
            result.created += not is_known
            news.append((row, digest))
    return result, news


def _place(row: IncidentData) -> Place:
    """An incident whose service nobody says belongs to one named like its source, until a person sorts it."""
    return Place(row.service or row.source, row.customer or "", row.project or "", row.ci or "")


def _incident(row: IncidentData, digest: str, found: Found, at: datetime) -> Incident:
    place = _place(row)
    return Incident(
        source=row.source, external_id=row.external_id, digest=digest, title=row.title, description=row.description,
        service=found.service(place), item_id=found.item_id(place), category=row.category,
        subcategory=row.subcategory, symptom=row.symptom, environment=row.environment or Environment.PRODUCTION,
        environment_assumed=row.environment is None, impact=row.impact or "", urgency=row.urgency or "",
        priority=row.priority or "", is_major=bool(row.major), state=row.state, occurred_at=row.occurred_at,
        opened_at=row.opened_at, resolved_at=row.resolved_at, closed_at=row.closed_at, updated_at=row.updated_at,
        received_at=at, outage_minutes=row.outage_minutes, service_impact=row.service_impact or "",
        team=row.assignment_group, reporter=row.reporter, resolution=row.resolution,
        resolution_code=row.resolution_code, external_problem=row.external_problem,
        external_change=row.external_change, caused_by_change=row.caused_by_change,
        history=events.plain([_item(item) for item in row.history]), extra=dict(row.extra),
    )  # fmt: skip


def _item(item: HistoryItem) -> dict[str, object]:
    return {"at": item.at, "field": item.field, "before": item.before, "after": item.after, "by": item.by}


def _digest_of(lines: list[str]) -> str:
    """SHA-256 over the sorted lines: the same rows give the same digest whatever their order."""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
