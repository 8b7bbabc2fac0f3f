"""Reads incidents for a run: in chunks, only the columns the engine needs, each source up to the end of its data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import cast

import numpy as np
from django.db.models import Max, Q, QuerySet
from numpy.typing import NDArray

from genyin.base import clock
from genyin.incidents.models import Environment, Incident, IncidentState
from genyin.knowledge.matching import records
from genyin.sift.records import Record
from genyin.trends import rules
from genyin.trends.models import Family

WINDOW_DAYS = 730
MOST = 200_000  # the newest ones; what lies behind keeps the family it has
CHUNK = 2_000
MOST_OF_ONE = 2_000  # of one family, when an arrival asks
BODY_CHARACTERS = 600  # as much as the engine groups by

#: A record's columns, its source, whether it was major, minutes of outage, how it was resolved
Told = tuple[records.Row, str, bool, int | None, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What a source delivered: incidents read, its first day, and the last day on which it still has data."""

    name: str
    incidents: int
    first: int
    last: int


@dataclass(slots=True)
class History:
    """Incidents as the engine sees them, and beside them, row by row, what a candidate is judged by. Days are UTC."""

    until: datetime
    records: list[Record] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    day: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    major: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    unresolved: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    outage: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    sources: dict[str, Source] = field(default_factory=dict)

    def row_of(self) -> dict[int, int]:
        """Row by incident number."""
        return {record.ref: row for row, record in enumerate(self.records)}

    @property
    def watermark(self) -> int:
        """The highest incident number read."""
        return max((record.ref for record in self.records), default=0)


def history(until: datetime) -> History:
    """Every incident of the last two years of its source that counts: production, not cancelled, not after `until`."""
    return _gathered(until, _rows(_wanted(until)))


def of(incidents: QuerySet[Incident]) -> History:
    """These incidents alone: a few of them, now."""
    return _gathered(clock.now(), _rows(_newest(incidents)))


def of_family(family: Family) -> History:
    """A family's incidents as far as they count now, the newest ones."""
    return _gathered(clock.now(), _rows(_newest(counting(clock.now()).filter(membership__family=family))[:MOST_OF_ONE]))


def _gathered(until: datetime, rows: Iterable[Told]) -> History:
    found = History(until=until)
    days, majors, outages, resolutions = [], [], [], []
    for row, source, is_major, outage, resolution in rows:
        record = records.from_row(row)
        found.records.append(record)
        found.source.append(source)
        days.append(int(record.day))
        majors.append(is_major)
        resolutions.append(resolution)
        outages.append(outage or 0)
    found.day = np.array(days, dtype=np.int64)
    found.major = np.array(majors, dtype=np.bool_)
    found.unresolved = np.array([rules.is_without_cause(one) for one in resolutions], dtype=np.bool_)
    found.outage = np.array(outages, dtype=np.int64)
    found.sources = _sources(found, int(records.day_of(until)))
    return found


def counting(until: datetime) -> QuerySet[Incident]:
    """Incidents that a trend may count: no test tickets, nothing cancelled, nothing ahead of the moment."""
    return Incident.objects.filter(environment=Environment.PRODUCTION, occurred_at__lte=until).exclude(
        state=IncidentState.CANCELED
    )


def day_of(number: int) -> date:
    """The day with this number (days since 1970-01-01 UTC)."""
    return datetime.fromtimestamp(number * 86400, UTC).date()


def _wanted(until: datetime) -> QuerySet[Incident]:
    lasts = counting(until).order_by().values("source").annotate(last=Max("occurred_at"))
    # Per source: an import of old years is analysed in its own time, not measured against today.
    windows = [Q(source=one["source"], occurred_at__gt=one["last"] - timedelta(days=WINDOW_DAYS)) for one in lasts]
    counted = counting(until).filter(_any(windows)) if windows else Incident.objects.none()
    return _newest(counted)[:MOST]


def _newest(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    return incidents.order_by("-occurred_at", "-id")


def _rows(wanted: QuerySet[Incident]) -> Iterator[Told]:
    beside = records.rows(wanted, characters=BODY_CHARACTERS)
    table = beside.values_list(*records.COLUMNS, "source", "is_major", "outage_minutes", "resolution_code")
    for *row, source, is_major, outage, resolution in table.iterator(chunk_size=CHUNK):
        yield cast(records.Row, tuple(row)), source, is_major, outage, resolution


def _any(conditions: list[Q]) -> Q:
    union = Q()
    for condition in conditions:
        union |= condition
    return union


def _sources(found: History, today: int) -> dict[str, Source]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(found.source):
        rows.setdefault(name, []).append(row)
    return {name: _source(name, found.day[np.array(of)], today) for name, of in rows.items()}


def _source(name: str, days: NDArray[np.int64], today: int) -> Source:
    first = int(days.min())
    per_day = np.bincount(days - first, minlength=max(today - first + 1, 0))
    end = rules.data_end(per_day.tolist())
    return Source(name, len(days), first, first + (end or 0))
