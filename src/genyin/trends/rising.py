"""Reads around a rise: which services rise, and which changes went in just before. Each starts from what the actor
may see: a service's rise is made of its own incidents alone, so who sees the service sees all of it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Value, When

from genyin.base.actor import Actor
from genyin.changes import queries as changes
from genyin.changes.models import Change, ChangeState
from genyin.incidents import queries as incidents
from genyin.trends.models import Run

DAYS_BEFORE = 14
MOST_CHANGES = 5
NOT_IN = (ChangeState.PLANNED, ChangeState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ServiceRise:
    """A service that rises, or one category of it (`category` not empty); `rise` as in `runs.rising`."""

    service: str
    category: str
    since: date
    rise: dict[str, Any]


def services(run: Run, *, seen_by: Actor, most: int = 10) -> list[ServiceRise]:
    """Services and categories that rose at an analysis from `analyses.runs`, the steepest first."""
    if not run.risen:
        return []
    names = dict(incidents.visible_services(seen_by).values_list("id", "name"))
    seen = [one for one in run.risen if one["service_id"] in names]
    return [
        ServiceRise(names[one["service_id"]], one["category"], date.fromisoformat(one["from"]), one)
        for one in seen[:most]
    ]


def changes_before(began: date, service_id: int, *, seen_by: Actor) -> list[Change]:
    """Changes carried out in the two weeks up to and with the day a rise began, also those that failed or were backed
    out: first those raised for the same service, then the nearest in time. At most five.
    """
    day = datetime.combine(began, time(), UTC)
    lately = changes.visible_to(seen_by).filter(
        implemented_at__gte=day - timedelta(days=DAYS_BEFORE), implemented_at__lt=day + timedelta(days=1)
    )
    same = Case(
        When(problem__service_id=service_id, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    found = lately.exclude(state__in=NOT_IN).annotate(same_service=same)
    return list(found.order_by("-same_service", "-implemented_at", "-id")[:MOST_CHANGES])
