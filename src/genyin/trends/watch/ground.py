"""What a watch judges by: incidents like those of the problem, by the day they occurred, where the fix is live.

A unit is a service, or one site of it. Days before the first unit went live are the baseline; of the days after it,
each unit counts from the first whole day with the fix. In between a unit belongs to neither side.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from genyin.incidents.models import Incident
from genyin.problems.models import Problem
from genyin.trends import rules
from genyin.trends.models import FamilyMember
from genyin.trends.runs.reading import counting

BASELINE_DAYS = 365
LOOK_BACK_DAYS = 120  # enough to tell a source that has ended from one that is quiet
MAIN_SHARE = 0.2  # a source with less of the incidents than this does not decide until when there is data

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a fix is live: before `first` it nowhere was, after `live` it everywhere is. Days since 1970-01-01 UTC."""

    service_id: int
    site: str
    first: int
    live: int


@dataclass(frozen=True, slots=True)
class Span:
    """First day of a source's data, and the last one on which it still told something."""

    first: int
    last: int


@dataclass(slots=True)
class Ground:
    """Counts and exposure per day: `before` from day `start` on, `after` from the day after `live` on.

    Exposure is the share of the units that have the fix, each weighing what it had before; 1 on every day before.
    `told` is how many of the days after the sources have delivered.
    """

    start: int
    live: int
    end: int
    told: int
    before: Floats
    after: Floats
    exposure: Floats
    units: tuple[Unit, ...] = ()
    latest: int | None = None
    days: list[int] = field(default_factory=list)  # of the incidents after, where the fix is live


def like(problem: Problem, until: datetime) -> QuerySet[Incident]:
    """Incidents linked to the problem, and all of their families, that a trend may count."""
    families = FamilyMember.objects.filter(incident__links__problem=problem).values("family_id")
    linked = problem.links.values("incident_id")
    return counting(until).filter(Q(id__in=linked) | Q(membership__family_id__in=families))


def ground(problem: Problem, incidents: QuerySet[Incident], *, now: datetime) -> Ground | None:
    """What there is to judge the present cycle by; None where no rollout says that a fix is live."""
    rows = list(incidents.values_list("occurred_at", "service_id", "extra", "item__name", "source"))
    names = [_names(extra, item) for _at, _service, extra, item, _source in rows]
    units = _units(problem, set().union(*names) if names else set())
    if not units:
        return None
    today = _day(now)
    live = min(unit.live for unit in units)
    first = min(unit.first for unit in units)
    placed = [
        (_day(at), place)
        for (at, service, *_rest), own in zip(rows, names, strict=True)
        if (place := _place(units, service, own)) is not None
    ]
    known = spans({source for *_rest, source in rows}, now=now)
    main = _main(known, [source for *_rest, source in rows])
    start = max([first - BASELINE_DAYS, *(span.first for span in main)])
    end = today - 1
    told = min([end, *(span.last for span in main)])
    return _counted(units, placed, start=min(start, first), first=first, live=live, end=end, told=told)


def spans(names: Iterable[str], *, now: datetime) -> dict[str, Span]:
    """First and last day with data of each source."""
    today, wanted = _day(now), sorted(names)
    every = counting(now).filter(source__in=wanted).order_by()
    firsts = dict(every.values_list("source").annotate(first=Min("occurred_at")))
    lately = every.filter(occurred_at__gte=now - timedelta(days=LOOK_BACK_DAYS))
    per_day: dict[str, Counter[int]] = {}
    for source, day, n in lately.values_list("source", TruncDate("occurred_at", tzinfo=UTC)).annotate(n=Count("id")):
        per_day.setdefault(source, Counter())[_number(day)] = n
    return {
        source: Span(_day(first), _last(per_day.get(source), _day(first), today)) for source, first in firsts.items()
    }


def _last(per_day: Mapping[int, int] | None, first: int, today: int) -> int:
    if not per_day:
        return max(first, today - LOOK_BACK_DAYS)
    start = min(per_day)
    end = rules.data_end([per_day.get(day, 0) for day in range(start, today + 1)])
    return start + (end or 0)


def _units(problem: Problem, sites_told: set[str]) -> tuple[Unit, ...]:
    """One unit for each service, or for each of its sites where incidents say at which site they occurred."""
    by_service: dict[int, dict[str, int]] = {}
    for rollout in problem.rollouts.filter(cycle=problem.cycle).order_by("live_at"):
        sites = by_service.setdefault(rollout.service_id or problem.service_id, {})
        sites.setdefault(rollout.site.strip().casefold(), _day(rollout.live_at))
    units = []
    for service, sites in by_service.items():
        if sites.keys() & sites_told:
            units += [Unit(service, site, day, day) for site, day in sites.items()]
        else:
            # Incidents name no site: the service as a whole, from when its last site has the fix.
            units.append(Unit(service, "", min(sites.values()), max(sites.values())))
    return tuple(units)


def _names(extra: Mapping[str, object], item: str | None) -> set[str]:
    """What an incident says about where it occurred: its site, its location, its configuration item."""
    told = (extra.get("site"), extra.get("location"), item)
    return {str(name).strip().casefold() for name in told if name}


def _place(units: tuple[Unit, ...], service: int, names: set[str]) -> int | None:
    """Which unit an incident belongs to; a unit without a site takes what no named site does."""
    fitting = [place for place, unit in enumerate(units) if unit.service_id == service]
    named = next((place for place in fitting if units[place].site in names), None)
    return named if named is not None else next((place for place in fitting if not units[place].site), None)


def _main(known: Mapping[str, Span], sources: list[str]) -> list[Span]:
    """The spans of the sources that bring the incidents; a marginal one must not cut the period short."""
    counts = Counter(sources)
    return [known[source] for source, n in counts.items() if n >= MAIN_SHARE * len(sources) and source in known]


def _counted(
    units: tuple[Unit, ...], placed: list[tuple[int, int]], *, start: int, first: int, live: int, end: int, told: int
) -> Ground:
    before, after = np.zeros(max(first - start, 0)), np.zeros(max(end - live, 0))
    had = np.full(len(units), 0.5)  # half an incident: a unit that had none still weighs something
    days = []
    for day, place in placed:
        if start <= day < first:
            before[day - start] += 1
            had[place] += 1
        elif units[place].live < day <= end:
            after[day - live - 1] += 1
            days.append(day)
    share = had / had.sum()
    column = np.arange(live + 1, live + 1 + len(after))
    exposure = sum((share[n] * (column > unit.live) for n, unit in enumerate(units)), np.zeros(len(after)))
    return Ground(
        start=start, live=live, end=end, told=int(np.clip(told - live, 0, len(after))), before=before, after=after,
        exposure=exposure, units=units, latest=max(days, default=None), days=days,
    )  # fmt: skip


def day_of(number: int) -> date:
    """The day with this number (days since 1970-01-01 UTC)."""
    return datetime.fromtimestamp(number * 86400, UTC).date()


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // 86400)


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
