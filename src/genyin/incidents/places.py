"""Finds what records name: customers, projects, services, configuration items; what is not there is created.

A service met for the first time is created unconfirmed, so that no record is refused for it; a person confirms it.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice

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
    """The service each record means, created where it is not there yet."""
    wanted = {(place.service, place.customer): place.project for place in places}
    names = {name for called, customer in wanted for name in islice(_names(called, customer), 2)}
    known = {s.name: s for s in Service.objects.filter(name__in=names).select_related("customer")}
    named = {key: customers.get(key[1]) for key in _in_one_order(wanted, known)}
    projects = _projects(
        (customer, wanted[called, said])
        for (called, said), customer in named.items()
        if customer and not any(known[n].customer == customer for n in islice(_names(called, said), 2) if n in known)
    )
    for (called, said), customer in named.items():
        project = projects.get((customer.pk, wanted[called, said])) if customer else None
        found.services[called, said] = _service(called, customer, project, known, found)


def _in_one_order(wanted: Iterable[tuple[str, str]], known: Container[str]) -> list[tuple[str, str]]:
    """By name, whatever the records' order: two imports that cross would wait for each other's services.

    Only who is named first with a service that is new goes first: theirs is the plain name.
    """
    first: dict[str, str] = {}
    for called, customer in wanted:
        first.setdefault(called, customer)
    return sorted(wanted, key=lambda key: (key[0], key[0] in known or first[key[0]] != key[1], key[1]))


def _projects(wanted: Iterable[tuple[Customer, str]]) -> dict[tuple[int, str], Project]:
    """The projects of services that are new, by customer and name; before the services, for the sake of the order."""
    rows = {(customer.pk, name): Project(customer=customer, name=name) for customer, name in wanted if name}
    Project.objects.bulk_create((rows[key] for key in sorted(rows)), ignore_conflicts=True)
    held = Project.objects.filter(customer_id__in={pk for pk, _ in rows}, name__in={name for _, name in rows})
    return {(project.customer_id, project.name): project for project in held}


def _service(
    called: str, customer: Customer | None, project: Project | None, known: dict[str, Service], found: Found
) -> Service:
    """A record that names a customer goes to a service of that customer, never into one that is nobody's or another's.

    Whoever sees the service would see the record; and a customer's report counts that customer's services. A record
    that names none goes where the service of that name is: whose it is, the catalogue knows.
    """
    names = _names(called, customer.name if customer else "")
    met = (known.get(name) or _created(name, customer, project, found) for name in names)
    service = next(service for service in met if customer is None or service.customer == customer)
    known[service.name] = service
    return service


def _names(called: str, customer: str) -> Iterator[str]:
    """What a customer's service may be called: plainly, else with the customer's name, else with a number too."""
    yield called
    for ending in (f" ({customer}{n})" for n in chain([""], map(" {}".format, count(2)))):
        yield called[: 200 - len(ending)] + ending


def _created(name: str, customer: Customer | None, project: Project | None, found: Found) -> Service:
    # Another import may create it meanwhile, for another customer: the caller looks whose it became.
    service, is_new = Service.objects.select_related("customer").get_or_create(
        name=name, defaults={"customer": customer, "project": project, "confirmed": False}
    )
    if is_new:
        found.new_services.append(name)
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
