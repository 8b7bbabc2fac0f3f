"""What is most frequent lately, and when the last incident occurred, of what the actor may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.people.roles import is_outside
from genyin.trends.queries import FamilySeen, described, families
from genyin.trends.statistics.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Frequent:
    """A family among the most frequent of a period."""

    family: FamilySeen
    count: int


def most_frequent(
    actor: Actor, *, days: int = 30, until: datetime | None = None, k: int = 10, service: str = ""
) -> list[Frequent]:
    """The families with most incidents in the last `days` days, counted from what the actor may see."""
    if is_outside(actor):
        return []
    end = until or clock.now()
    seen = Scope(service=service).counted(actor).filter(_within(end - timedelta(days=days), end)).order_by()
    rows = dict(
        seen.filter(membership__isnull=False)
        .values_list("membership__family_id")
        .annotate(n=Count("id"))
        .order_by("-n", "membership__family_id")[:k]
    )
    found = families(actor).filter(id__in=list(rows))
    told = [Frequent(one, rows[one.family.pk]) for one in described(found, seen_by=actor)]
    return sorted(told, key=lambda one: (-one.count, one.family.ref))


def latest(actor: Actor) -> datetime | None:
    """When the last incident the actor may see occurred: where a page starts that shows an import of old years."""
    return EVERYTHING.counted(actor).order_by("-occurred_at", "-id").values_list("occurred_at", flat=True).first()


def _within(since: datetime, until: datetime) -> Q:
    return Q(occurred_at__gte=since, occurred_at__lt=until)
