"""Which incidents a figure counts: one rule, said twice, to the database here and to the cache in `cube.Wanted`.

By when they occurred, in months of the site's zone; production only unless another environment is asked for, nothing
cancelled unless that state is. Everything is filtered by what the actor may see before it is counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Environment, Incident, IncidentState, Service
from genyin.trends.statistics.cube import Wanted

#: What a figure can be made by: its code, and where the value lies. `item` is the configuration item's name, `team`
#: the group an incident is assigned to. A value "" is one that was not given.
DIMENSIONS = {
    "service": "service__name",
    "category": "category",
    "item": "item__name",
    "source": "source",
    "team": "team",
    "customer": "service__customer__name",
}
#: What the cache calls a service so that counting by it gives the dimension.
LABELS: dict[str, Callable[[Service], str]] = {
    "service": lambda service: service.name,
    "customer": lambda service: service.customer.name if service.customer else "",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which incidents; an empty value is no restriction. `source` is the system they came from."""

    customer: str = ""
    project: str = ""
    service: str = ""
    category: str = ""
    source: str = ""
    team: str = ""
    state: str = ""
    environment: str = Environment.PRODUCTION

    def services(self, actor: Actor) -> QuerySet[Service]:
        """The services in it that the actor may see."""
        told = {"customer__name": self.customer, "project__name": self.project, "name": self.service}
        return incidents.visible_services(actor).filter(**{field: value for field, value in told.items() if value})

    def counted(self, actor: Actor) -> QuerySet[Incident]:
        """The incidents in it that the actor may see, in the database."""
        said = {"category": self.category, "source": self.source, "team": self.team, "state": self.state}
        told = Q(**{field: value for field, value in said.items() if value})
        seen = incidents.visible_to(actor).filter(told, environment=self.environment)
        if self.customer or self.project or self.service:
            seen = seen.filter(service__in=self.services(actor).values("id"))
        return seen if self.state else seen.exclude(state=IncidentState.CANCELED)

    def wanted(self, actor: Actor, *, by: str) -> Wanted:
        """The same incidents, in the cache."""
        label = LABELS.get(by, LABELS["service"])
        services = self._known(actor)
        return Wanted({one.pk: label(one) for one in services}, **self._said())

    def _known(self, actor: Actor) -> list[Service]:
        """Raises BadInput where the names that were given are of no service: zeros would look like an answer."""
        found = list(self.services(actor).select_related("customer"))
        given = {name: value for name in ("service", "project", "customer") if (value := getattr(self, name))}
        if given and not found:
            name, value = next(iter(given.items()))
            raise BadInput(gettext_noop("Nothing of the name “%(value)s” that you may see."), field=name, value=value)
        return found

    def _said(self) -> dict[str, str]:
        names = ("category", "source", "team", "state", "environment")
        return {name: str(getattr(self, name)) for name in names}


EVERYTHING = Scope()


def having(by: str, value: str) -> Q:
    """The incidents whose value of the dimension this is."""
    field = DIMENSIONS[known(by)]
    if value:
        return Q(**{field: value})
    return Q(**{field: ""}) | Q(**{f"{field}__isnull": True})


def known(by: str) -> str:
    """The dimension. Raises BadInput for one that there is not."""
    if by not in DIMENSIONS:
        raise BadInput(gettext_noop("Choose one of: %(known)s."), field="by", known=", ".join(DIMENSIONS))
    return by


def period(since: str, until: str, zone: str) -> Q:
    """Incidents that occurred from one month (YYYY-MM) to another, both included."""
    start, end = clock.month_window(since, zone)[0], clock.month_window(until, zone)[1]
    return Q(occurred_at__gte=start, occurred_at__lt=end)
