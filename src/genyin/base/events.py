"""Writes the event log and proves it.

A verb calls `record` as its last statement: the chain's head is then locked only until the commit that
follows at once. A lock taken first would hold every other writer for the whole verb.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet

from genyin.base import clock, jobs
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import gettext_noop
from genyin.base.models import ChainHead, Event, EventContent
from genyin.base.storable import canonical

BLANK = {"before": {}, "after": {}, "note": ""}
CHAINED = (
    "seq",
    "at",
    "verb",
    "subject_type",
    "subject_id",
    "subject_ref",
    "actor_kind",
    "actor_id",
    "actor_name",
    "on_behalf_of_id",
    "on_behalf_of_name",
    "digest",
    "previous",
)
#: Columns that came later: chained where they say something, so that the rows written before them still verify.
CHAINED_WHERE_SAID = ("actor_token",)


def record(
    verb: str,
    subject: models.Model | None,
    *,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    through: Delegated | None = None,
) -> Event:
    """Append one event to the chain. Must run inside the verb's transaction, as its last statement.

    `through` is the delegation that gave the right, so that the row names both people. Raises BadInput for content
    that a database could not give back as it was written: its digest would raise a false alarm.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("events.record belongs inside the verb's transaction")
    content = canonical(plain({"before": before or {}, "after": after or {}, "note": note}))
    # SQLite ignores FOR UPDATE; there BEGIN IMMEDIATE already holds the write lock.
    head = ChainHead.objects.select_for_update().get(id=1)
    event = Event(
        seq=head.seq + 1,
        at=clock.now(),
        verb=verb,
        subject_type=(subject._meta.model_name or "") if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        subject_ref=str(getattr(subject, "ref", "") or "")[:80],
        actor_kind=by.kind,
        actor_id=by.user_id if by.user_id is not None else by.token_id,
        actor_name=by.name[:150],
        on_behalf_of_id=through.user_id if through else None,
        on_behalf_of_name=through.name if through else "",
        actor_token=by.token or None,
        digest=_sha256(content),
        previous=head.hash,
    )
    event.hash = chained_hash(event)
    event.save(force_insert=True)
    EventContent.objects.create(event=event, **content)
    ChainHead.objects.filter(id=1).update(seq=event.seq, hash=event.hash)
    jobs.react(event)
    return event


def of(subject: models.Model) -> QuerySet[Event]:
    """The events of one object, oldest first, with their content."""
    return Event.objects.filter(subject_type=subject._meta.model_name, subject_id=subject.pk).select_related("content")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many rows were read, and the first that does not fit (None = intact)."""

    events: int
    first_broken: int | None
    reason: str = ""
    head: str = ""


def verify(*, kept: tuple[int, str] | None = None) -> Verdict:
    """Walk the whole chain; stop at the first row that was changed, removed or added by hand.

    `kept` is a head printed earlier and kept elsewhere. It shows what a chain cannot show of itself: a tail that was
    cut off, or computed anew to the end, together with its head.
    """
    # Read first: what others append during the walk is not missing at its end.
    stands = ChainHead.objects.filter(id=1).first()
    previous, seq = "0" * 64, 0
    for event in _rows(upto=stands.seq if stands else None):
        reason = _broken(event, seq + 1, previous) or _replaced(event, kept)
        if reason:
            return Verdict(events=seq, first_broken=event.seq, reason=reason)
        previous, seq = event.hash, event.seq
    broken, reason = _cut(seq, previous, stands, kept)
    return Verdict(events=seq, first_broken=broken, reason=reason, head=previous if broken is None else "")


def head() -> tuple[int, str]:
    """Number and hash of the last event: what an auditor keeps elsewhere."""
    row = ChainHead.objects.get(id=1)
    return row.seq, row.hash


def holds(seq: int, digest: str) -> bool:
    """Whether the log still has this event: not after a restore, nor in another database. Before the first: yes."""
    return seq == 0 or Event.objects.filter(seq=seq, hash=digest).exists()


def chained_hash(event: Event) -> str:
    """SHA-256 over the chained columns as canonical JSON, the previous row's hash among them."""
    said = [name for name in CHAINED_WHERE_SAID if getattr(event, name) is not None]
    return _sha256(plain({name: getattr(event, name) for name in (*CHAINED, *said)}))


def plain(value: Any) -> Any:
    """The value as JSON knows it; moments in UTC with microseconds, so that both databases give back the same text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (date, Decimal)):
        return str(value)
    if isinstance(value, models.Model):
        return str(getattr(value, "ref", "") or value.pk)
    return value


def _broken(event: Event, seq: int, previous: str) -> str:
    if event.seq != seq:
        return gettext_noop("a row is missing before it")
    if event.previous != previous:
        return gettext_noop("it does not follow the row before it")
    if event.hash != chained_hash(event):
        return gettext_noop("the row was changed")
    content: EventContent | None = getattr(event, "content", None)  # None: the row beside it was removed
    if content is None:
        return gettext_noop("its content was removed")
    said = {"before": content.before, "after": content.after, "note": content.note}
    whole = said == BLANK if content.redacted else event.digest == _sha256(said)
    return "" if whole else gettext_noop("its content was changed")


def _replaced(event: Event, kept: tuple[int, str] | None) -> str:
    if kept is None or event.seq != kept[0] or event.hash == kept[1]:
        return ""
    return gettext_noop("its hash is not the one that was kept")


def _cut(seq: int, last: str, stands: ChainHead | None, kept: tuple[int, str] | None) -> tuple[int | None, str]:
    """What is wrong with the end of a chain whose rows fit each other: the first row that lacks or is too many."""
    if stands is None:
        return seq + 1, gettext_noop("the head of the chain was removed")
    # One statement, so that a row and the head it moved are seen together while others write.
    beyond = Event.objects.filter(seq__gt=ChainHead.objects.filter(id=1).values("seq")).order_by("seq").first()
    if beyond is not None:
        return beyond.seq, gettext_noop("it lies behind the head of the chain")
    if seq < max(stands.seq, kept[0] if kept else 0):
        return seq + 1, gettext_noop("rows are missing at the end")
    if last != stands.hash:
        return seq, gettext_noop("the head of the chain does not name it")
    return None, ""


def _rows(*, upto: int | None) -> Iterator[Event]:
    rows = Event.objects.select_related("content").order_by("seq")
    return (rows if upto is None else rows.filter(seq__lte=upto)).iterator(chunk_size=2000)


def _sha256(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
