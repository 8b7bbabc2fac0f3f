"""Which area takes which kind of record. The doors translate, the areas decide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypedDict, cast

from django.db import transaction

from genyin.base.actor import Actor
from genyin.base.errors import BadInput, GenyinError, UnknownReference, gettext_noop
from genyin.changes.history import receive_changes
from genyin.incidents import actions as incidents
from genyin.incidents import catalogue
from genyin.incidents.data import ChangeData, IncidentData, KnownErrorData, PersonData, ProblemData, Record, ServiceData
from genyin.incidents.models import Customer, Service
from genyin.knowledge.history import receive_known_errors
from genyin.people import actions as people
from genyin.people.models import Team, User
from genyin.problems.actions.history import receive_problems


@dataclass(slots=True)
class Taken:
    """What an area made of a chunk of records; `refused` holds the ones it did not want, with its reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new_services: list[str] = field(default_factory=list)
    refused: list[tuple[Record, GenyinError]] = field(default_factory=list)


Taker = Callable[[Sequence[Record], str, Actor], Taken]


def _incidents(records: Sequence[Record], source: str, by: Actor) -> Taken:
    got = incidents.receive_many(cast(Sequence[IncidentData], records), source=source, by=by)
    return Taken(got.created, got.updated, got.unchanged, got.new_services)


def _services(records: Sequence[Record], source: str, by: Actor) -> Taken:
    """Services one by one. What the file does not say stays as it is; one that an import met becomes confirmed."""
    taken = Taken()
    for record in cast(Sequence[ServiceData], records):
        service = Service.objects.filter(name=record.name).first() or Service(name=record.name, confirmed=False)
        told = catalogue_entry(service, record)
        if told is None:
            taken.unchanged += 1
            continue
        is_new = service.pk is None
        try:
            catalogue.save_service(service, **told, by=by)
        except BadInput as refusal:
            taken.refused.append((record, refusal))
        else:
            taken.created += is_new
            taken.updated += not is_new
    return taken


class Entry(TypedDict):
    """What `save_service` is told."""

    customer: str
    project: str
    team: Team | None
    default_owner: User | None
    availability_target: Decimal | None
    items: tuple[tuple[str, str], ...]


def catalogue_entry(service: Service, record: ServiceData) -> Entry | None:
    """The service with what the record adds; None when it adds nothing."""
    known = dict(service.items.values_list("name", "kind")) if service.pk else {}
    fresh = tuple((name, "") for name in record.cis if name not in known)
    target = service.availability_target
    if record.availability_target is not None:
        target = Decimal(str(record.availability_target)).quantize(Decimal("0.001"))
    entry = Entry(
        customer=record.customer or (service.customer.name if service.customer else ""),
        project=record.project or (service.project.name if service.project else ""),
        team=service.team, default_owner=service.default_owner, availability_target=target, items=fresh,
    )  # fmt: skip
    same = (
        service.confirmed
        and not fresh
        and target == service.availability_target
        and entry["customer"] == (service.customer.name if service.customer else "")
        and entry["project"] == (service.project.name if service.project else "")
    )
    return None if same else entry


def _people(records: Sequence[Record], source: str, by: Actor) -> Taken:
    """People one by one, each with the events of its verbs; a person who is there gets the roles of the file."""
    taken = Taken()
    for record in cast(Sequence[PersonData], records):
        known = User.objects.filter(username__iexact=record.external_id).first()
        try:
            if known is None:
                _add(record, by)
                taken.created += 1
            elif record.roles and set(known.grants.values_list("role", flat=True)) != set(record.roles):
                people.set_roles(known, roles=record.roles, by=by)
                taken.updated += 1
            else:
                taken.unchanged += 1
        except BadInput as refusal:
            taken.refused.append((record, refusal))
    return taken


def _add(record: PersonData, by: Actor) -> None:
    """A person with the access the file gives; a customer or service nobody knows refuses the row as a whole."""
    customer = Customer.objects.filter(name=record.customer).first() if record.customer else None
    services = list(Service.objects.filter(name__in=record.services))
    unknown = set(record.services) - {service.name for service in services}
    if record.customer and customer is None:
        unknown.add(record.customer)
    if unknown:
        raise UnknownReference(
            gettext_noop("There is no customer or service %(names)s; import the services first."),
            field="services", names=", ".join(sorted(unknown)),
        )  # fmt: skip
    with transaction.atomic():
        user = people.add_user(
            record.external_id, name=record.name, email=record.email, phone=record.phone, password=None,
            roles=record.roles, by=by,
        )  # fmt: skip
        if customer:
            catalogue.open_access(user=user, customer=customer, by=by)
        for service in services:
            catalogue.open_access(user=user, service=service, by=by)


def foresee(kind: str, records: Sequence[Record]) -> Taken:
    """What the area would make of the records, where it can tell without writing."""
    if kind != "incidents":
        return Taken()
    got = incidents.foresee(cast(Sequence[IncidentData], records))
    return Taken(got.created, got.updated, got.unchanged, got.new_services)


def _problems(records: Sequence[Record], source: str, by: Actor) -> Taken:
    got = receive_problems(cast(Sequence[ProblemData], records), source=source, by=by)
    return Taken(got.created, got.updated, got.unchanged, got.new_services, [*got.refused])


def _known_errors(records: Sequence[Record], source: str, by: Actor) -> Taken:
    got = receive_known_errors(cast(Sequence[KnownErrorData], records), source=source, by=by)
    return Taken(got.created, got.updated, got.unchanged, got.new_services, [*got.refused])


def _changes(records: Sequence[Record], source: str, by: Actor) -> Taken:
    got = receive_changes(cast(Sequence[ChangeData], records), source=source, by=by)
    return Taken(got.created, got.updated, got.unchanged, [], [*got.refused])


TAKERS: Mapping[str, Taker] = {
    "incidents": _incidents,
    "problems": _problems,
    "known_errors": _known_errors,
    "changes": _changes,
    "services": _services,
    "people": _people,
}
