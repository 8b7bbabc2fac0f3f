"""Families as they stand, held by the process that gives arrivals theirs.

The database is the truth: what is held was read from it, is brought up to the arrival that asks, and is read anew when
an analysis or a decision changed families.
"""

import threading
from collections.abc import Collection, Hashable
from dataclasses import dataclass

from genyin.base import clock
from genyin.incidents.models import Incident, Service
from genyin.knowledge.matching import records
from genyin.sift.assign import Assigner, Place
from genyin.sift.group import ALONE
from genyin.trends.models import Decision, FamilyMember, Run
from genyin.trends.runs import families, reading


@dataclass(slots=True)
class _Held:
    assigner: Assigner
    stamp: Hashable  # what families were made of
    last: tuple[int, str]  # number and digest of the last incident that is in it


_held: _Held | None = None
_lock = threading.Lock()


def place(incident: Incident, *, besides: Collection[int]) -> Place | None:
    """Where the incident belongs, None when nothing is like it; `besides` are numbers of families it is not of."""
    with _lock:
        held = _up_to(incident)
        found = held.assigner.add(records.from_incident(incident), besides=besides)
        held.last = (incident.pk, incident.digest)
    return None if found.family == ALONE else found


def forget() -> None:
    """Start anew, as a new process does."""
    global _held
    with _lock:
        _held = None


def walls() -> dict[int, int]:
    """Customer by service: a family stays with one customer, whose figures and candidates it is."""
    return dict(Service.objects.filter(customer__isnull=False).values_list("id", "customer_id"))


def _up_to(incident: Incident) -> _Held:
    """Families with every incident before this one."""
    global _held
    stamp = _stamp()
    if _held is None or _held.stamp != stamp or not _is_before(_held, incident):
        _held = _read(incident, stamp)
    between = reading.counting(clock.now()).filter(id__gt=_held.last[0], id__lt=incident.pk).order_by("id")
    _keep(_held, list(records.rows(between, characters=reading.BODY_CHARACTERS)))
    return _held


def _stamp() -> Hashable:
    """The last analysis and the last decision: what makes families other than arrivals."""
    run = Run.objects.order_by("-id").values_list("id", "at").first()
    return run, Decision.objects.order_by("-id").values_list("id", "at").first()


def _is_before(held: _Held, incident: Incident) -> bool:
    number, digest = held.last
    return number < incident.pk and (not number or Incident.objects.filter(pk=number, digest=digest).exists())


def _read(incident: Incident, stamp: Hashable) -> _Held:
    earlier = [record for record in reading.history(clock.now()).records if record.ref < incident.pk]
    assigner = Assigner(earlier, families.previous(), next_id=families.next_number(), walls=walls())
    last = max((record.ref for record in earlier), default=0)
    return _Held(assigner, stamp, (last, _digest(last)))


def _keep(held: _Held, rows: list[records.Row]) -> None:
    found = [records.from_row(row) for row in rows]
    members = FamilyMember.objects.filter(incident_id__in=[record.ref for record in found])
    family_of = dict(members.values_list("incident_id", "family__number"))
    for record in found:
        held.assigner.keep(record, family_of.get(record.ref, ALONE))
    if found:
        held.last = (found[-1].ref, _digest(found[-1].ref))


def _digest(number: int) -> str:
    return Incident.objects.filter(pk=number).values_list("digest", flat=True).first() or ""
