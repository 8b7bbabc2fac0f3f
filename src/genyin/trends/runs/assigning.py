"""A single incident that arrives gets its family at once; the nightly run has the last word."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from genyin.base import clock
from genyin.base.models import Event
from genyin.incidents.models import Incident
from genyin.trends.models import Decision, DecisionKind, Family, FamilyMember
from genyin.trends.runs import arriving, families, placing, reading, turns


def received(event: Event) -> None:
    """Reaction to incident.received."""
    incident = Incident.objects.select_related("item").filter(pk=event.subject_id or 0).first()
    if incident is not None:
        assign(incident)


def assign(incident: Incident) -> Family | None:
    """Put the incident into the family it is most like, if it is alike enough, and see whether that is a candidate
    now. Two that were alone so far make a new family. Idempotent."""
    held = FamilyMember.objects.filter(incident=incident).select_related("family").first()
    if held is not None or not reading.counting(clock.now()).filter(pk=incident.pk).exists():
        return held.family if held else None
    said = Decision.objects.filter(kind=DecisionKind.APART, incident=incident, family__isnull=False)
    besides = list(said.values_list("family__number", flat=True))
    place = placing.place(incident, besides=besides)
    if place is None:
        return None
    with transaction.atomic():
        turns.take()
        if place.beside is not None:
            return _begin(place.beside, incident, besides)
        family = Family.objects.filter(number=place.family, retired_at=None).first()
        if family is None:  # what is held is not as the database is
            placing.forget()
            return None
        return _joined(family, incident)


def _begin(beside: int, incident: Incident, besides: Collection[int]) -> Family | None:
    """A family of the incident and the one beside it. Somebody may have been faster with either."""
    begun = Family.objects.filter(members__incident=beside, retired_at=None).first()
    if begun is not None:
        return None if begun.number in besides else _joined(begun, incident)
    both = Incident.objects.filter(pk__in=(beside, incident.pk), membership=None)
    return families.begin(both) if both.count() == 2 else None


def _joined(family: Family, incident: Incident) -> Family:
    _member, made = FamilyMember.objects.get_or_create(incident=incident, defaults={"family": family})
    if made:
        _grow(family, incident.occurred_at)
    return family


def _grow(family: Family, occurred_at: datetime) -> None:
    Family.objects.filter(pk=family.pk).update(size=F("size") + 1, last_at=Greatest("last_at", occurred_at))
    family.refresh_from_db()
    arriving.look(family, occurred_at)
