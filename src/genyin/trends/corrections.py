"""What people say about families: who belongs, who does not, which are one, which are two. Every run keeps to it."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, F, Max

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.roles import require
from genyin.trends.models import Candidate, CandidateState, Decision, DecisionKind, Family, FamilyMember
from genyin.trends.runs import decided, families, turns
from genyin.trends.runs.decided import Pair

FEWEST = 2  # incidents of a family


def not_same(family: Family, *, incident: Incident, reason: str = "", by: Actor) -> Decision:
    """Say that an incident does not belong to this family. No run puts it there again."""
    through = require(by, "family.edit")
    _see(incident, by=by)
    with transaction.atomic():
        turns.take()
        _hold(family, [incident.pk])
        if not FamilyMember.objects.filter(family=family, incident=incident).exists():
            raise BadInput(gettext_noop("This incident is not in the family."), field="incident")
        standing_for = decided.standing_for(family.pk, besides=[incident.pk])
        if not standing_for:
            raise BadInput(gettext_noop("Nothing else is in this family."), field="incident")
        FamilyMember.objects.filter(family=family, incident=incident).delete()
        Family.objects.filter(pk=family.pk).update(size=F("size") - 1)
        _untie([incident.pk], standing_for[0])
        _refuse_contradiction(apart=[(incident.pk, standing_for[0])])
        decision = _note(DecisionKind.APART, incident, standing_for[0], family, reason, by=by)
        after = {"incident": incident.ref, "is": DecisionKind.APART}
        events.record("family.parted", family, by=by, after=after, note=reason, through=through)
    return decision


def same(family: Family, *, incident: Incident, reason: str = "", by: Actor) -> Decision:
    """Say that an incident belongs to this family. Every run keeps it there."""
    through = require(by, "family.edit")
    _see(incident, by=by)
    with transaction.atomic():
        turns.take()
        _hold(family, [incident.pk])
        standing_for = decided.standing_for(family.pk, besides=[incident.pk])
        if not standing_for:
            raise BadInput(gettext_noop("Nothing else is in this family."), field="family")
        Decision.objects.filter(kind=DecisionKind.APART, incident=incident, family=family).delete()
        _refuse_contradiction(same=[(incident.pk, standing_for[0])])
        _move([incident.pk], family)
        decision = _note(DecisionKind.SAME, incident, standing_for[0], family, reason, by=by)
        after = {"incident": incident.ref, "is": DecisionKind.SAME}
        events.record("family.joined", family, by=by, after=after, note=reason, through=through)
    return decision


def merge(family: Family, *, other: Family, reason: str = "", by: Actor) -> Family:
    """Make one family of two: `other` goes into `family` with all its members, and stays there in every run."""
    through = require(by, "family.edit")
    if family.pk == other.pk:
        raise BadInput(gettext_noop("Choose another family."), field="other")
    with transaction.atomic():
        turns.take()
        _hold(family, [], other)
        moved, held = decided.members(other.pk), decided.members(family.pk)
        if not moved or not held:
            raise BadInput(gettext_noop("One of the families has no incidents any more."), field="other")
        if incidents.visible_to(by).filter(id__in=moved).count() < len(moved):
            raise BadInput(gettext_noop("You may not see all of its incidents; ask the lead."), field="other")
        # Both are tied as wholes: with one member alone tied to the others, the next analysis would lead it away.
        tied = decided.tied_to(held[0])
        ties = [(ref, held[0]) for ref in (*held[1:], *moved) if ref not in tied]
        _take_back_split(held, moved)
        _refuse_contradiction(same=ties)
        _note_all(DecisionKind.SAME, ties, family, reason, by=by)
        _move(moved, family)
        Family.objects.filter(pk=other.pk).update(size=0, rise=None, retired_at=clock.now(), became=family)
        _hand_on(other, family)
        families.describe_anew(family)
        after = {"merged": other.ref, "incidents": len(moved)}
        events.record("family.merged", family, by=by, after=after, note=reason, through=through)
    family.refresh_from_db()
    return family


def split(family: Family, *, parted: Sequence[Incident], reason: str = "", by: Actor) -> Family:
    """Make two families of one: these incidents become one of their own. No run brings the two together again."""
    through = require(by, "family.edit")
    refs = sorted(incident.pk for incident in parted)
    with transaction.atomic():
        turns.take()
        _hold(family, refs)
        _may_part(family, refs, by=by)
        stays = decided.standing_for(family.pk, besides=refs, most=decided.TIED)
        _untie(refs, stays[0])
        same, apart = [(ref, refs[0]) for ref in refs[1:]], [(refs[0], one) for one in stays]
        _refuse_contradiction(same=same, apart=apart)
        FamilyMember.objects.filter(incident_id__in=refs).delete()
        Family.objects.filter(pk=family.pk).update(size=F("size") - len(refs))
        new = families.begin(Incident.objects.filter(pk__in=refs))
        _note_all(DecisionKind.SAME, same, new, reason, by=by)
        _note_all(DecisionKind.APART, apart, None, reason, by=by)
        families.describe_anew(family)
        after = {"split": new.ref, "incidents": len(refs)}
        events.record("family.split", family, by=by, after=after, note=reason, through=through)
    return new


def _hold(family: Family, moving: Iterable[int], *others: Family) -> None:
    """Lock every family that a decision changes, in one order for all: two at once go one after the other."""
    left = FamilyMember.objects.filter(incident_id__in=moving).values_list("family_id", flat=True)
    changed = {family.pk, *left, *(other.pk for other in others)}
    list(Family.objects.select_for_update().filter(pk__in=changed).order_by("pk"))


def _see(incident: Incident, *, by: Actor) -> None:
    if not incidents.visible_to(by).filter(pk=incident.pk).exists():
        raise BadInput(gettext_noop("An incident is not known, or you may not see it."), field="incident")


def _may_part(family: Family, refs: Sequence[int], *, by: Actor) -> None:
    seen = incidents.visible_to(by).filter(membership__family=family)
    if seen.filter(pk__in=refs).count() < len(refs):
        raise BadInput(gettext_noop("Not all of these incidents are in the family."), field="incidents")
    if len(refs) < FEWEST:
        raise BadInput(gettext_noop("Choose at least two; a single one is “not the same”."), field="incidents")
    if not FamilyMember.objects.filter(family=family).exclude(incident__in=refs).exists():
        raise BadInput(gettext_noop("Nothing would be left in this family."), field="incidents")


def _untie(refs: Sequence[int], stays: int) -> None:
    """Take back what ties these to others: the last word counts. Who was tied to one of them is tied to who stays."""
    ties = Decision.objects.filter(kind=DecisionKind.SAME)
    ties.filter(incident__in=refs).exclude(other__in=refs).delete()
    left = ties.filter(other__in=refs).exclude(incident__in=refs)
    left.filter(incident=stays).delete()
    left.update(other=stays)


def _take_back_split(one: Sequence[int], other: Sequence[int]) -> None:
    """A merge is the last word on what was split before. What was said of a single incident stands: see `same`."""
    apart = Decision.objects.filter(kind=DecisionKind.APART, family=None)
    apart.filter(incident__in=one, other__in=other).delete()
    apart.filter(incident__in=other, other__in=one).delete()


def _refuse_contradiction(*, same: Iterable[Pair] = (), apart: Iterable[Pair] = ()) -> None:
    if decided.contradicts(same=same, apart=apart):
        raise BadInput(
            gettext_noop("An earlier decision says the opposite of these incidents. Take it back first."),
            field="incident",
        )


def _move(refs: list[int], family: Family) -> None:
    """Into `family`, out of whichever family each was in; sizes follow."""
    left = FamilyMember.objects.filter(incident_id__in=refs).exclude(family=family)
    for number, gone in left.values_list("family_id").annotate(n=Count("pk")).order_by("family_id"):
        Family.objects.filter(pk=number).update(size=F("size") - gone)
    left.delete()
    FamilyMember.objects.bulk_create(
        (FamilyMember(incident_id=ref, family=family) for ref in refs), ignore_conflicts=True
    )
    latest = Incident.objects.filter(membership__family=family).aggregate(last=Max("occurred_at"), n=Count("id"))
    Family.objects.filter(pk=family.pk).update(size=latest["n"], last_at=latest["last"])


def _hand_on(other: Family, family: Family) -> None:
    """What is proposed of a family that is merged away, or watched, stays so: its incidents are as many as before."""
    Candidate.objects.filter(state=CandidateState.WATCHING, family=other).update(family=family)
    still_open = Candidate.objects.filter(state=CandidateState.OPEN)
    if not still_open.filter(family=family).exists():
        still_open.filter(family=other).update(family=family)


def _note_all(kind: DecisionKind, said: Iterable[Pair], family: Family | None, reason: str, *, by: Actor) -> None:
    now = clock.now()
    Decision.objects.bulk_create(
        Decision(kind=kind, incident_id=one, other_id=other, family=family, reason=reason.strip(), at=now, by=by.name)
        for one, other in said
    )


def _note(kind: DecisionKind, incident: Incident, other: int, family: Family, reason: str, *, by: Actor) -> Decision:
    return Decision.objects.create(
        kind=kind, incident=incident, other_id=other, family=family, reason=reason.strip(), at=clock.now(), by=by.name
    )
