"""The indexes of this process over what the database holds, brought up to date whenever one is asked.

The database is the truth. What changed is found by the event log: nothing happened since means nothing changed, and
a log that no longer holds the event we knew (a restore, another database) means that everything is read again.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from genyin.base.aside import Aside
from genyin.incidents.models import Incident
from genyin.knowledge.matching import records
from genyin.knowledge.matching.incidents import AT_ONCE, Incidents, Mark, mark_now
from genyin.knowledge.matching.shelf import compare
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems.models import Problem
from genyin.sift.index import Index
from genyin.sift.records import Record

MANY = 50_000  # incidents, too many to compare while somebody waits
PATIENCE = 1.0  # seconds that somebody waits for another one to catch up


@dataclass
class Shelf:
    index: Index = field(default_factory=Index)


@dataclass
class Shelves:
    incidents: Incidents = field(default_factory=Incidents)
    known_errors: Shelf = field(default_factory=Shelf)
    problems: Shelf = field(default_factory=Shelf)
    mark: Mark | None = None


_shelves: Shelves | None = None
_lock = threading.RLock()


def ready() -> bool:
    """Whether matching answers at once. When not, it is being prepared in the background: say so and ask again."""
    # Whoever reads everything holds the lock for minutes; who only catches up, for a moment.
    if _preparing.is_on or not _lock.acquire(timeout=PATIENCE):
        return False
    try:
        if not _is_far_behind():
            return True
    finally:
        _lock.release()
    _preparing.start()
    return False


def is_failing() -> bool:
    """Whether preparing it ended with an error the last time; whoever asks `ready` has it begun anew."""
    return _preparing.failed


def fresh() -> Shelves:
    """The indexes, up to date. The first call of a process maps what was written of the incidents and reads the rest:
    ask `ready` first where a person waits."""
    global _shelves
    with _lock:
        now = mark_now()
        if _shelves is not None and _shelves.mark == now:
            return _shelves
        if _shelves is None or _shelves.mark is None or not _shelves.mark.is_known():
            forget()
            _shelves = Shelves()
        _shelves.incidents.catch_up(now)
        compare(_shelves.known_errors.index, list(_active().values_list("id", "updated_at")), _known_error_records)
        compare(_shelves.problems.index, list(Problem.objects.values_list("id", "updated_at")), _problem_records)
        _shelves.mark = now
        return _shelves


def forget() -> None:
    """Start anew, as a new process does."""
    global _shelves
    with _lock:
        if _shelves is not None:
            _shelves.incidents.close()
        _shelves = None


_preparing = Aside("matching", fresh)


def _is_far_behind() -> bool:
    known = _shelves.mark if _shelves else None
    if known is not None and known.is_known():
        now = mark_now()
        return now.incident - known.incident > AT_ONCE or (now.incident > MANY and known.before_an_import())
    return bool(Incident.objects.count() > AT_ONCE)


def _active() -> QuerySet[KnownError]:
    return KnownError.objects.filter(state=KnownErrorState.ACTIVE)


def _known_error_records(wanted: Sequence[int]) -> Iterable[Record]:
    for known in KnownError.objects.filter(id__in=wanted).order_by("id"):
        body = "\n".join((known.symptom, known.keywords, known.cause))
        day = records.day_of(known.published_at)
        yield Record(known.pk, known.title, body, known.service_id, (), day, known.ref)


def _problem_records(wanted: Sequence[int]) -> Iterable[Record]:
    for start in range(0, len(wanted), 500):
        for problem in Problem.objects.filter(id__in=wanted[start : start + 500]).order_by("id"):
            day = records.day_of(problem.registered_at)
            yield Record(problem.pk, problem.title, problem.description, problem.service_id, (), day, problem.ref)
