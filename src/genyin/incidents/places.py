"""Finds what records name: customers, projects, services, configuration items; what is not there is created.

A service met for the first time is created unconfirmed, so that no record is refused for it; a person confirms it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from genyin.incidents.models import ConfigurationItem, Customer, Project, Service


@dataclass(frozen=True, slots=True)
class Place:
    """What a record names. An empty customer, project or item is not said."""

    service: str
    customer: str = ""
    project: str = ""
    item: str = ""


@dataclass(slots=True)
class Found:
    """Services and items by what the records called them, and the names of services that were new."""

    services: dict[tuple[str, str], Service] = field(default_factory=dict)
    items: dict[tuple[int, str], int] = field(default_factory=dict)
    new_services: list[str] = field(default_factory=list)

    def service(self, place: Place) -> Service:
        return self.services[place.service, place.customer]

    def item_id(self, place: Place) -> int | None:
        return self.items.get((self.service(place).pk, place.item)) if place.item else None


def find(places: Sequence[Place]) -> Found:
    """Find or create all of them with a handful of queries. Call within the verb's transaction."""
    found = Found()
    customers = _customers({place.customer for place in places} - {""})
    _services(places, customers, found)
    _items({(found.service(place).pk, place.item) for place in places if place.item}, found)
    return found


def _customers(names: set[str]) -> dict[str, Customer]:
    known = set(Customer.objects.filter(name__in=names).values_list("name", flat=True))
    # Another import may create the same name meanwhile: the constraint decides, both then read the same row.
    Customer.objects.bulk_create((Customer(name=name) for name in sorted(names - known)), ignore_conflicts=True)
    return {customer.name: customer for customer in Customer.objects.filter(name__in=names)}


def _services(places: Iterable[Place], customers: dict[str, Customer], found: Found) -> None:
    """Two customers may call their services alike; the second one's then carries the customer's name.

    Otherwise a customer's incidents would be filed under a service that another customer may see.
    """
    wanted = {(place.service, place.customer): place.project for place in places}
    names = {name for name, _ in wanted} | {_apart(name, customer) for name, customer in wanted if customer}
    existing = {s.name: s for s in Service.objects.filter(name__in=names).select_related("customer")}
    for (called, customer), project in wanted.items():
        name = called
        if (taken := existing.get(name)) and customer and taken.customer and taken.customer.name != customer:
            name = _apart(called, customer)
        if name not in existing:
            existing[name] = _created(name, customers.get(customer), project)
            found.new_services.append(name)
        found.services[called, customer] = existing[name]


def _apart(name: str, customer: str) -> str:
    ending = f" ({customer})"
    return name[: 200 - len(ending)] + ending


def _created(name: str, customer: Customer | None, project: str) -> Service:
    owned = None
    if customer and project:
        owned, _new = Project.objects.get_or_create(customer=customer, name=project)
    service, _new = Service.objects.get_or_create(
        name=name, defaults={"customer": customer, "project": owned, "confirmed": False}
    )
    return service


def _items(wanted: set[tuple[int, str]], found: Found) -> None:
    services, names = {service for service, _ in wanted}, {name for _, name in wanted}

    def known() -> dict[tuple[int, str], int]:
        rows = ConfigurationItem.objects.filter(service_id__in=services, name__in=names)
        return {(service, name): pk for service, name, pk in rows.values_list("service_id", "name", "pk")}

    found.items = known()
    missing = sorted(wanted - found.items.keys())
    if missing:
        rows = (ConfigurationItem(service_id=service, name=name) for service, name in missing)
        ConfigurationItem.objects.bulk_create(rows, ignore_conflicts=True)
        found.items = known()
