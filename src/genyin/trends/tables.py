"""Trend tables (procedure.md 7): months with 环比 and 同比, Pareto with cumulative share, the ten most frequent.

Incidents count by when they occurred, in the site's zone; production only, nothing cancelled. Everything is
filtered by what the actor may see before it is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Environment, Incident, IncidentState
from genyin.people.roles import is_outside
from genyin.procedure import queries as procedures
from genyin.trends.queries import FamilySeen, described, families

VITAL = 0.8  # "the few that make 80 %"
LONGEST = 60

#: What a Pareto can be made by: its code, and where the value lies.
DIMENSIONS = {
    "service": "service__name",
    "category": "category",
    "item": "item__name",
    "source": "source",
    "team": "team",
    "customer": "service__customer__name",
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

    def filter(self) -> Q:
        told = {
            "service__customer__name": self.customer,
            "service__project__name": self.project,
            "service__name": self.service,
            "category": self.category,
            "source": self.source,
            "team": self.team,
        }
        return Q(**{field: value for field, value in told.items() if value})


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Month:
    """Incidents of a month. 环比 `change` = (this - last) / last, 同比 `year_change` likewise against the same month a
    year ago; None where that one had none (printed "/"), or where the data do not cover it from its first day on: a
    part of a month is no yardstick. `running`: the month is not over, its changes compare a part with a whole.
    """

    month: str
    count: int
    change: float | None
    year_change: float | None
    running: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of a Pareto: count, share and cumulative share (0 to 1). `vital`: among the few that make 80 %."""

    value: str
    count: int
    share: float
    cumulative: float
    vital: bool


@dataclass(frozen=True, slots=True)
class Frequent:
    """A family among the most frequent of a period."""

    family: FamilySeen
    count: int


def months(actor: Actor, *, until: str = "", last: int = 12, scope: Scope = EVERYTHING) -> list[Month]:
    """The `last` months up to and with `until` (YYYY-MM, the present one by default), oldest first. One query."""
    zone = procedures.site().zone
    until = until or clock.month_of(clock.now(), zone)
    if not 1 <= last <= LONGEST:
        raise BadInput(gettext_noop("Choose 1 to %(most)s months."), field="months", most=LONGEST)
    _window(until, zone)
    names = _back(until, last + 12)
    windows = [_window(name, zone) for name in names]
    counted = _counting(actor, scope).aggregate(
        first=Min("occurred_at"),
        **{f"m{n}": Count("id", filter=_within(*window)) for n, window in enumerate(windows)},
    )
    counts = [int(counted[f"m{n}"]) for n in range(len(names))]
    first: datetime | None = counted["first"]
    whole = (n for n, (start, _end) in enumerate(windows) if first is not None and first < start + timedelta(days=1))
    known = next(whole, len(windows))
    return [
        Month(
            month=names[n],
            count=counts[n],
            change=_change(counts[n], counts[n - 1]) if n - 1 >= known else None,
            year_change=_change(counts[n], counts[n - 12]) if n - 12 >= known else None,
            running=windows[n][1] > clock.now(),
        )
        for n in range(12, len(names))
    ]


def pareto(
    actor: Actor, *, by: str, since: datetime, until: datetime, scope: Scope = EVERYTHING, most: int = 50
) -> list[Share]:
    """Incidents from `since` to before `until` by one dimension, the most frequent first.

    Shares are of all incidents of the period, also of those beyond the first `most` values. A value "" is one that
    the source did not give.
    """
    column = DIMENSIONS.get(by)
    if column is None:
        raise BadInput(gettext_noop("Choose one of: %(known)s."), field="by", known=", ".join(DIMENSIONS))
    counted = _counting(actor, scope).filter(_within(since, until)).order_by()
    rows = list(counted.values_list(column).annotate(n=Count("id")).order_by("-n", column))
    return shares([(value or "", n) for value, n in rows])[:most]


def shares(rows: Sequence[tuple[str, int]]) -> list[Share]:
    """Counts, the largest first, as a Pareto. The value that crosses 80 % still belongs to the few."""
    total, running, told = sum(n for _value, n in rows), 0, []
    for value, n in rows:
        vital = running < VITAL * total
        running += n
        told.append(Share(value, n, n / total, running / total, vital))
    return told


def most_frequent(
    actor: Actor, *, days: int = 30, until: datetime | None = None, k: int = 10, service: str = ""
) -> list[Frequent]:
    """The families with most incidents in the last `days` days, counted from what the actor may see."""
    if is_outside(actor):
        return []
    end = until or clock.now()
    seen = _counting(actor, Scope(service=service)).filter(_within(end - timedelta(days=days), end)).order_by()
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
    return _counting(actor, EVERYTHING).order_by("-occurred_at", "-id").values_list("occurred_at", flat=True).first()


def _counting(actor: Actor, scope: Scope) -> QuerySet[Incident]:
    seen = incidents.visible_to(actor).filter(scope.filter(), environment=Environment.PRODUCTION)
    return seen.exclude(state=IncidentState.CANCELED)


def _within(since: datetime, until: datetime) -> Q:
    return Q(occurred_at__gte=since, occurred_at__lt=until)


def _window(month: str, zone: str) -> tuple[datetime, datetime]:
    try:
        return clock.month_window(month, zone)
    except ValueError as wrong:
        raise BadInput(gettext_noop("Give a month as YYYY-MM."), field="month") from wrong


def _back(until: str, count: int) -> list[str]:
    """`count` months up to and with `until`, oldest first."""
    year, number = (int(part) for part in until.split("-"))
    last = year * 12 + number - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(last - count + 1, last + 1)]


def _change(this: int, before: int) -> float | None:
    return (this - before) / before if before else None
