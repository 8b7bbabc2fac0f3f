"""Writes what changed since the cache was written: months as they stand in the database now, in the site's zone.

What changed: a month whose count or sum of ids differs has gained or lost incidents; the event log tells which were
changed where they are. So a deleted or mended incident is not left in the cache.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from django.db.models import Count, Max, QuerySet, Sum
from numpy.typing import NDArray

from genyin.base import clock, events
from genyin.base.models import ChainHead, Event
from genyin.incidents.models import Incident
from genyin.procedure import queries as procedures
from genyin.trends.statistics import cube, monthly, store
from genyin.trends.statistics.scope import period
from genyin.trends.statistics.store import Manifest, Part

MOST_IN_A_FILE = 200_000  # a month of more is several files: memory stays bounded
CHUNK = 5_000
COLUMNS = ("id", "occurred_at", "service_id", "item__name", "category", "team", "source", "state", "environment")
CHANGES = ("incident.received", "incident.updated", "incidents.imported")
Row = tuple[int, datetime, int, str | None, str, str, str, str, str]


def refresh(*, wait: bool = True) -> Manifest | None:
    """Bring the cache up to date; None when another process is at it and `wait` is not wanted."""
    with store.writing(wait=wait) as alone:
        if not alone:
            return None
        # The mark is read first: what is written meanwhile may be counted already and is looked at again next time.
        zone, now = procedures.site().zone, mark()
        before = store.load()
        if before is not None and (before.zone != zone or not events.holds(before.seq, before.hash)):
            before = None
        parts = tuple(_parts(before, zone))
        found = Manifest(zone, *now, at=clock.now(), parts=parts)
        store.save(found)
        store.sweep(found)
    return found


def mark() -> tuple[int, str, int]:
    """Number and hash of the last event, and the last incident: the same again means that nothing has changed."""
    last = Incident.objects.aggregate(last=Max("id"))["last"] or 0
    seq, digest = ChainHead.objects.values_list("seq", "hash").get(id=1)
    return seq, digest, last


def is_current(manifest: Manifest, zone: str) -> bool:
    """Whether nothing has happened since that changes a figure. An incident deleted by hand is found by `refresh`."""
    now = mark()
    if manifest.zone != zone or manifest.last != now[2]:
        return False
    if (manifest.seq, manifest.hash) == now[:2]:
        return True
    if not events.holds(manifest.seq, manifest.hash):
        return False
    return not Event.objects.filter(verb__in=CHANGES, seq__gt=manifest.seq).exists()


def _parts(before: Manifest | None, zone: str) -> Iterator[Part]:
    """The parts that still stand, and those of months that do not, written anew."""
    held: dict[str, list[Part]] = {}
    for part in before.parts if before else ():
        held.setdefault(part.month, []).append(part)
    touched = _touched(before, zone) if before else []
    with cube.connected(store.folder()) as engine:
        for month, rows, ids in _present(zone):
            parts = held.get(month, [])
            stands = (sum(part.rows for part in parts), sum(part.ids for part in parts)) == (rows, ids)
            if stands and not any(first <= month <= last for first, last in touched):
                yield from parts
            else:
                yield from _written(engine, month, zone)


def _present(zone: str) -> Iterator[tuple[str, int, int]]:
    """Every month that has incidents, with their number and the sum of their ids: read from an index alone."""
    at = Incident.objects.order_by("occurred_at").values_list("occurred_at", flat=True).first()
    while at is not None:
        month = clock.month_of(at, zone)
        told = _within(month, zone).aggregate(rows=Count("id"), ids=Sum("id"))
        yield month, told["rows"], int(told["ids"] or 0)
        later = Incident.objects.filter(occurred_at__gte=clock.month_window(month, zone)[1]).order_by("occurred_at")
        at = later.values_list("occurred_at", flat=True).first()


def _touched(before: Manifest, zone: str) -> list[tuple[str, str]]:
    """Months, from and to, in which incidents may have been changed where they are."""
    since = Event.objects.filter(seq__gt=before.seq)
    one_by_one = Incident.objects.filter(id__in=since.filter(verb="incident.updated").values("subject_id"))
    months = {clock.month_of(at, zone) for at in one_by_one.values_list("occurred_at", flat=True)}
    imported = since.filter(verb="incidents.imported").values_list("content__after", flat=True)
    return [*((month, month) for month in months), *(_span(after, zone) for after in imported if _changed(after))]


def _changed(after: dict[str, object]) -> bool:
    return bool(after.get("updated", True))  # what new incidents change is seen by their number


def _span(after: dict[str, object], zone: str) -> tuple[str, str]:
    """The months of an import's rows; all there are where an older version, or a redacted row, does not say."""
    first, last = after.get("first"), after.get("last")
    if not isinstance(first, str) or not isinstance(last, str):
        return "", monthly.NEVER
    return clock.month_of(datetime.fromisoformat(first), zone), clock.month_of(datetime.fromisoformat(last), zone)


def _written(engine: duckdb.DuckDBPyConnection, month: str, zone: str) -> Iterator[Part]:
    rows = _within(month, zone).values_list(*COLUMNS).iterator(chunk_size=CHUNK)
    while some := list(islice(rows, MOST_IN_A_FILE)):
        path, columns = store.new_file(month), columns_of(some, month, zone)
        size = cube.write(engine, path, columns)
        yield Part(month, path.name, len(some), int(columns["id"].sum()), size)


def columns_of(rows: Sequence[Row], month: str, zone: str) -> dict[str, NDArray[np.generic]]:
    """Rows of the database as the columns of a file."""
    ids, moments, services, items, *texts = zip(*rows, strict=True)
    tz = ZoneInfo(zone)
    names = ("category", "team", "source", "state", "environment")
    return {
        "id": np.array(ids, dtype=np.int64),
        "month": np.full(len(rows), month, dtype=object),
        "day": np.array([at.astimezone(tz).day for at in moments], dtype=np.int8),
        "service": np.array(services, dtype=np.int64),
        "item": _texts(item or "" for item in items),
        **{name: _texts(column) for name, column in zip(names, texts, strict=True)},
    }


def _texts(values: Iterable[str]) -> NDArray[np.object_]:
    listed = list(values)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column


def _within(month: str, zone: str) -> QuerySet[Incident]:
    return Incident.objects.filter(period(month, month, zone))
