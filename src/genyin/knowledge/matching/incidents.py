"""All incidents, indexed in a folder under GENYIN_HOME that the processes of a node share.

The database is the truth and the folder a cache of it. What is written there says up to which event and which
incident it goes (its mark); whoever maps it reads the rest from the database. A mark that the event log does not know
(a restore, another database) means that everything is read again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Max, QuerySet

from genyin import config
from genyin.base import events
from genyin.base.models import ChainHead, Event
from genyin.incidents.models import Incident
from genyin.knowledge.matching import records
from genyin.knowledge.matching.shelf import compare, lacking
from genyin.sift.folder import Folder
from genyin.sift.index import Index
from genyin.sift.keys import key
from genyin.sift.records import Record

MOST = 1_000_000  # the newest, where everything is read anew
AT_ONCE = 2_000
READ = 500  # numbers in one query: SQLite takes so many values
COMPARED = 50_000  # at once, so that memory stays bounded
CROSSING = 5_000  # numbers that imports running side by side may be apart
WORTH_WRITING = 256  # rows that the next process should not have to read again


@dataclass(frozen=True, slots=True)
class Mark:
    """How far something goes: the last event, its hash, the last incident."""

    seq: int
    hash: str
    incident: int

    def is_known(self) -> bool:
        """Whether the event log still holds that event."""
        return events.holds(self.seq, self.hash)

    def before_an_import(self) -> bool:
        return _imports(self.seq).exists()


def any_updated(*, since: int) -> bool:
    """Whether an import after that event changed incidents that were there; one whose content was blanked may have."""
    return any(after.get("updated", 1) for after in _imports(since).values_list("content__after", flat=True))


def _imports(since: int) -> QuerySet[Event]:
    return Event.objects.filter(seq__gt=since, verb="incidents.imported")


def mark_now() -> Mark:
    seq, last_hash = ChainHead.objects.values_list("seq", "hash").get(id=1)
    return Mark(seq, last_hash, int(Incident.objects.aggregate(last=Max("id"))["last"] or 0))


class Incidents:
    """The index of this process: segments that it shares, and what arrived since."""

    def __init__(self) -> None:
        self.index = Index()
        self.mark: Mark | None = None
        self._folder = Folder(_place(), self.index)

    def catch_up(self, now: Mark) -> None:
        """Bring it up to date: what others wrote is mapped, the rest read."""
        if self._folder.refresh():
            self.mark = Mark(**json.loads(self._folder.note))
        if self.mark is not None and not self.mark.is_known():
            self._folder.discard()
            self.mark = None
        if self.mark == now:
            return
        before = self.index.rows
        if self.mark is not None:
            self._read_what_changed(self.mark)
        self._read_what_came(self.mark.incident if self.mark else _before_the_newest(), now)
        self._note(now, flush=self.index.rows - before >= WORTH_WRITING)

    def close(self) -> None:
        """Let what is being written end: whoever begins anew writes to the same place."""
        self._folder.close()

    def _note(self, mark: Mark, *, flush: bool = False) -> None:
        self.mark = mark
        if mark.seq:  # without an event nothing could tell this database from another one
            self._folder.checkpoint(json.dumps(asdict(mark)), flush=flush)

    def _read_what_came(self, last: int, now: Mark) -> None:
        """Oldest first, and noted now and then: whoever is stopped goes on from there."""
        came = Incident.objects.filter(id__gt=last, id__lte=now.incident).order_by("id").values_list("id", "digest")
        while found := list(came.filter(id__gt=last)[:AT_ONCE]):
            compare(self.index, found, read, among=range(last + 1, found[-1][0] + 1))
            last = found[-1][0]
            self._note(Mark(now.seq, now.hash, last))

    def _read_what_changed(self, since: Mark) -> None:
        known = Incident.objects.filter(id__lte=since.incident).values_list("id", "digest")
        since_then = Event.objects.filter(seq__gt=since.seq)
        touched = since_then.filter(verb__in=("incident.updated", "incident.received"), subject_id__lte=since.incident)
        self._again(sorted({number for number in touched.values_list("subject_id", flat=True) if number is not None}))
        if any_updated(since=since.seq):
            for first in range(_before_the_newest() + 1, since.incident + 1, COMPARED):
                span = range(first, min(first + COMPARED, since.incident + 1))
                compare(self.index, list(known.filter(id__gte=first, id__lt=span.stop)), read, among=span)
        elif since.before_an_import():
            recent = known.filter(id__gt=since.incident - CROSSING).values_list("id", flat=True)
            self._again(lacking(self.index, recent))

    def _again(self, numbers: Sequence[int]) -> None:
        """Look again at these incidents."""
        for start in range(0, len(numbers), READ):
            some = numbers[start : start + READ]
            present = Incident.objects.filter(id__in=some).values_list("id", "digest")
            compare(self.index, list(present), read, among=set(some))


def read(wanted: Sequence[int]) -> Iterable[Record]:
    for start in range(0, len(wanted), READ):
        part = Incident.objects.filter(id__in=wanted[start : start + READ]).order_by("id")
        yield from map(records.from_row, records.rows(part))


def _before_the_newest() -> int:
    """The number after which the incidents begin that are indexed."""
    numbers = Incident.objects.order_by("-id").values_list("id", flat=True)
    return next(iter(numbers[MOST : MOST + 1]), 0)


def _place() -> Path:
    """A folder for each database: two that take turns would each overwrite what the other wrote."""
    told = connection.settings_dict
    database = "\n".join(str(told.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME"))
    return config.load().home / "index" / f"incidents-{key(database):016x}"
