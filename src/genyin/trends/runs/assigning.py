"""A single incident that arrives gets its family at once; the nightly run has the last word."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from genyin.base.models import Event
from genyin.incidents.models import Environment, Incident
from genyin.knowledge import matching
from genyin.sift.records import Match
from genyin.trends.models import Decision, DecisionKind, Family, FamilyMember

LOOKED_AT = 10
ALIKE = 0.5  # how much of what it says in words the other one says too
SAME_CODES = 0.99


def received(event: Event) -> None:
    """Reaction to incident.received."""
    incident = Incident.objects.select_related("item").filter(pk=event.subject_id or 0).first()
    if incident is not None:
        assign(incident)


def assign(incident: Incident) -> Family | None:
    """Put the incident into the family of the incident most like it, if that is alike enough. Idempotent."""
    held = FamilyMember.objects.filter(incident=incident).select_related("family").first()
    if held is not None or incident.environment != Environment.PRODUCTION:
        return held.family if held else None
    family = _nearest(incident)
    if family is None:
        return None
    with transaction.atomic():
        _member, made = FamilyMember.objects.get_or_create(incident=incident, defaults={"family": family})
        if made:
            _grow(family, incident.occurred_at)
    return family


def _nearest(incident: Incident) -> Family | None:
    alike = [match.ref for match in matching.nearest(incident, k=LOOKED_AT) if _is_alike(match)]
    families = {
        member.incident_id: member.family
        for member in FamilyMember.objects.filter(incident_id__in=alike).select_related("family")
    }
    apart = set(Decision.objects.filter(kind=DecisionKind.APART, incident=incident).values_list("family_id", flat=True))
    return next((families[ref] for ref in alike if ref in families and families[ref].pk not in apart), None)


def _is_alike(match: Match) -> bool:
    return match.codes >= SAME_CODES if match.text is None else match.text >= ALIKE


def _grow(family: Family, occurred_at: datetime) -> None:
    Family.objects.filter(pk=family.pk).update(size=F("size") + 1, last_at=Greatest("last_at", occurred_at))
