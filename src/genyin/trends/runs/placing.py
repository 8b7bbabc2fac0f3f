"""Families as they stand, held by the process that gives arrivals theirs.

The database is the truth: what is held was read from it, is brought up to the arrival that asks, and is read anew when
an analysis or a decision changed families.
"""

import threading
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from genyin.base import clock
from genyin.incidents.models import Incident, Service
from genyin.knowledge.matching import records
from genyin.sift.assign import Assigner, Place
from genyin.sift.group import ALONE
from genyin.trends.models import Decision, FamilyMember, Run
from genyin.trends.runs import families, reading

_OWN = 1 << 30  # families begun here are numbered from here on, until their number in the database is known
_BATCH = 500


@dataclass(slots=True)
class _Held:
    assigner: Assigner
    stamp: Hashable  # what families were made of
    last: tuple[int, str]  # the last incident that is in it, and what its source calls it
    walls: dict[int, int]
    service: int  # the newest one whose customer is known
    member: int  # the newest entry of an incident into a family that is known


_held: _Held | None = None
_lock = threading.Lock()


def place(incident: Incident, *, besides: Collection[int]) -> Place | None:
    """Where the incident belongs, None when nothing is like it; `besides` are numbers of families it is not of."""
    with _lock:
        held = _up_to(incident)
        found = held.assigner.add(records.from_incident(incident), besides=besides)
        held.last = (incident.pk, incident.external_id)
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
    _learn(_held)
    between = records.rows(reading.counting(clock.now()), characters=reading.BODY_CHARACTERS).filter(id__lt=incident.pk)
    while rows := list(between.filter(id__gt=_held.last[0]).order_by("id")[:_BATCH]):
        _keep(_held, rows)
    return _held


def _stamp() -> Hashable:
    """The last analysis and the last decision: what makes families other than arrivals."""
    run = Run.objects.order_by("-id").values_list("id", "at").first()
    return run, Decision.objects.order_by("-id").values_list("id", "at").first()


def _is_before(held: _Held, incident: Incident) -> bool:
    """Whether what is held is of this database and ends before the incident. What incidents say now, the night
    reads: a desk that writes on in each of them must not have all of them read again."""
    number, name = held.last
    return number < incident.pk and (not number or Incident.objects.filter(pk=number, external_id=name).exists())


def _read(incident: Incident, stamp: Hashable) -> _Held:
    member, service, between = _newest(FamilyMember), _newest(Service), walls()
    earlier = [record for record in reading.history(clock.now()).records if record.ref < incident.pk]
    assigner = Assigner(earlier, families.previous(), next_id=_OWN, walls=between)
    last = max((record.ref for record in earlier), default=0)
    return _Held(assigner, stamp, (last, _name(last)), between, service, member)


def _learn(held: _Held) -> None:
    """Services that are new, and what other processes did with incidents that are held."""
    for service, customer in Service.objects.filter(id__gt=held.service).order_by("id").values_list("id", "customer"):
        held.service = service
        if customer is not None:
            held.walls[service] = customer
    entered = FamilyMember.objects.filter(id__gt=held.member).order_by("id")
    for held.member, ref, family in entered.values_list("id", "incident_id", "family__number").iterator():
        held.assigner.told(ref, family)


def _keep(held: _Held, rows: Sequence[records.Row]) -> None:
    found = [records.from_row(row) for row in rows]
    members = FamilyMember.objects.filter(incident_id__in=[record.ref for record in found])
    family_of = dict(members.values_list("incident_id", "family__number"))
    for record in found:
        held.assigner.keep(record, family_of.get(record.ref, ALONE))
    held.last = (found[-1].ref, _name(found[-1].ref))


def _name(number: int) -> str:
    return Incident.objects.filter(pk=number).values_list("external_id", flat=True).first() or ""


def _newest(table: type[Model]) -> int:
    return table._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
