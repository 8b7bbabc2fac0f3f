"""One index per process over what the database holds, brought up to date whenever it is asked.

The database is the truth. What changed is found by the event log: nothing happened since means nothing changed, and
a log that no longer holds the event we knew (a restore, another database) means that everything is read again.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max, QuerySet

from genyin.base.models import ChainHead, Event
from genyin.incidents.models import Incident
from genyin.knowledge.matching import records
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems.models import Problem
from genyin.sift.index import Index
from genyin.sift.records import Record

MOST_INCIDENTS = 50_000
AT_ONCE = 2_000  # so many are indexed while somebody waits; more is done in the background
CHANGING = ("incident.updated", "incidents.imported")

Mark = tuple[int, str, int]  # last event, its hash, last incident


@dataclass
class Shelf:
    """An index with what it holds: a stamp per number, so that only what differs is read again."""

    index: Index = field(default_factory=Index)
    stamps: dict[int, Hashable] = field(default_factory=dict)

    def differing(self, present: Mapping[int, Hashable]) -> list[int]:
        """Numbers to read again; those no longer present are retired at once."""
        for gone in self.stamps.keys() - present.keys():
            self.index.retire(gone)
            del self.stamps[gone]
        return [ref for ref, stamp in present.items() if self.stamps.get(ref) != stamp]

    def take(self, found: Iterable[Record], present: Mapping[int, Hashable]) -> None:
        for record in found:
            self.index.add(record)
            self.stamps[record.ref] = present[record.ref]


@dataclass
class Shelves:
    incidents: Shelf = field(default_factory=Shelf)
    known_errors: Shelf = field(default_factory=Shelf)
    problems: Shelf = field(default_factory=Shelf)
    mark: Mark | None = None


_shelves = Shelves()
_lock = threading.RLock()
_working: threading.Thread | None = None


def ready() -> bool:
    """Whether matching answers at once. When not, it is being prepared in the background: say so and ask again."""
    with _lock:
        if not _is_far_behind():
            return True
    _prepare_in_background()
    return False


def fresh() -> Shelves:
    """The indexes, up to date. The first call of a process reads the newest 50,000 incidents: ask `ready` first
    where a person waits."""
    with _lock:
        _refresh()
        return _shelves


def forget() -> None:
    """Start anew, as a new process does."""
    global _shelves
    with _lock:
        _shelves = Shelves()


def _prepare_in_background() -> None:
    global _working
    if _working is None or not _working.is_alive():
        _working = threading.Thread(target=_prepare, name="matching", daemon=True)
        _working.start()


def _prepare() -> None:
    try:
        fresh()
    finally:
        connection.close()  # a thread has a connection of its own


def _is_far_behind() -> bool:
    known = _shelves.mark
    if known is not None and _same_history(known):
        return bool(_last_incident() - known[2] > AT_ONCE)
    return bool(Incident.objects.count() > AT_ONCE)


def _refresh() -> None:
    head = ChainHead.objects.values_list("seq", "hash").get(id=1)
    mark: Mark = (*head, _last_incident())
    known = _shelves.mark
    if mark == known:
        return
    if known is None or not _same_history(known):
        forget()
    if known is not None and _shelves.mark is not None and not _changed(known):
        _append(known[2])
    else:
        _compare(_shelves.incidents, _newest().values_list("id", "digest"), _incident_records)
    _compare(_shelves.known_errors, _active().values_list("id", "updated_at"), _known_error_records)
    _compare(_shelves.problems, Problem.objects.values_list("id", "updated_at"), _problem_records)
    _shelves.mark = mark


def _same_history(known: Mark) -> bool:
    return known[0] == 0 or Event.objects.filter(seq=known[0], hash=known[1]).exists()


def _changed(known: Mark) -> bool:
    return Event.objects.filter(verb__in=CHANGING, seq__gt=known[0]).exists()


def _last_incident() -> int:
    return int(Incident.objects.aggregate(last=Max("id"))["last"] or 0)


def _newest() -> QuerySet[Incident]:
    return Incident.objects.order_by("-occurred_at", "-id")[:MOST_INCIDENTS]


def _active() -> QuerySet[KnownError]:
    return KnownError.objects.filter(state=KnownErrorState.ACTIVE)


def _append(last: int) -> None:
    new = Incident.objects.filter(id__gt=last)
    present: dict[int, Hashable] = dict(new.values_list("id", "digest"))
    _shelves.incidents.take(_incident_records(list(present)), present)


def _compare(
    shelf: Shelf, stamped: Iterable[tuple[int, Hashable]], read: Callable[[list[int]], Iterable[Record]]
) -> None:
    present = dict(stamped)
    # Oldest numbers first: the index's statistics then grow the same way on every node.
    shelf.take(read(sorted(shelf.differing(present))), present)


def _incident_records(wanted: list[int]) -> Iterable[Record]:
    for start in range(0, len(wanted), 500):  # SQLite takes so many values in one query
        part = Incident.objects.filter(id__in=wanted[start : start + 500]).order_by("id")
        yield from map(records.from_row, records.rows(part))


def _known_error_records(wanted: list[int]) -> Iterable[Record]:
    for known in KnownError.objects.filter(id__in=wanted).order_by("id"):
        body = "\n".join((known.symptom, known.keywords, known.cause))
        day = records.day_of(known.published_at)
        yield Record(known.pk, known.title, body, known.service_id, (), day, known.ref)


def _problem_records(wanted: list[int]) -> Iterable[Record]:
    for start in range(0, len(wanted), 500):
        for problem in Problem.objects.filter(id__in=wanted[start : start + 500]).order_by("id"):
            day = records.day_of(problem.registered_at)
            yield Record(problem.pk, problem.title, problem.description, problem.service_id, (), day, problem.ref)
