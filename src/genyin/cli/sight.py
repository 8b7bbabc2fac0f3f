"""`--customer` and `--service`: what somebody, or another system, is to see."""

from collections.abc import Sequence
from dataclasses import dataclass

from genyin.base.errors import UnknownReference, gettext_noop
from genyin.cli.operator import operator
from genyin.incidents import catalogue
from genyin.incidents.models import Customer, Service
from genyin.people.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Sight:
    """Customers and services that were named; found before anything is written."""

    customers: tuple[Customer, ...]
    services: tuple[Service, ...]

    def open_to(self, user: User) -> None:
        for customer in self.customers:
            catalogue.open_access(user=user, customer=customer, by=operator())
        for service in self.services:
            catalogue.open_access(user=user, service=service, by=operator())

    def open_to_token(self, token: ApiToken) -> None:
        for customer in self.customers:
            catalogue.open_token_access(token=token, customer=customer, by=operator())
        for service in self.services:
            catalogue.open_token_access(token=token, service=service, by=operator())


def named(customers: Sequence[str], services: Sequence[str]) -> Sight:
    """What these names stand for. Raises UnknownReference for the first that nobody knows."""
    return Sight(tuple(_customer(name) for name in customers), tuple(_service(name) for name in services))


def _customer(name: str) -> Customer:
    found = Customer.objects.filter(name=name).first()
    if found is None:
        raise UnknownReference(gettext_noop("There is no customer “%(name)s”."), field="customer", name=name)
    return found


def _service(name: str) -> Service:
    found = Service.objects.filter(name=name).first()
    if found is None:
        raise UnknownReference(gettext_noop("There is no service “%(name)s”."), field="service", name=name)
    return found
