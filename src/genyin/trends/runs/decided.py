"""What people decided about incidents, as pairs that every run keeps to."""

from collections.abc import Iterable

from django.db.models import F

from genyin.sift.links import Pair, contradictions
from genyin.trends.models import Decision, DecisionKind, Family, FamilyMember

__all__ = ["Pair", "contradicts", "pairs", "standing_for"]

STAND = 3  # members that stand for a family in "not the same"
TIED = 9  # members that somebody who belongs to a family is tied to


def pairs() -> tuple[list[Pair], list[Pair], frozenset[int]]:
    """(same, apart) pairs of incident numbers, and the strangers: said to be not of a family, and of none since.

    "Not the same as this family" holds for the member that stood for it then, and for some that are in it now: the
    family may have moved on. Only some: each one named would be kept from joining its own twins by text.
    """
    same, apart = _told()
    same += _not_against(_into_families(), same, apart)
    said = Decision.objects.filter(kind=DecisionKind.APART, family__isnull=False).order_by("id")
    of_family = list(said.values_list("incident_id", "family__id"))
    current = {family: standing_for(family) for family in {family for _incident, family in of_family}}
    apart += [(incident, member) for incident, family in of_family for member in current[family] if member != incident]
    placed = {ref for pair in same for ref in pair}
    strangers = frozenset(incident for incident, _family in of_family) - placed
    return same, _possible(same, dict.fromkeys(apart)), strangers


def _into_families() -> list[Pair]:
    """Who was said to be of a family is tied to several that are in it now: a pair of two alone could leave."""
    said = Decision.objects.filter(kind=DecisionKind.SAME, family__retired_at=None, family__isnull=False)
    ties = said.filter(incident__membership__family=F("family")).values_list("incident_id", "family_id").distinct()
    standing = {family: standing_for(family, most=TIED) for family in {family for _incident, family in ties}}
    return [(incident, member) for incident, family in ties for member in standing[family] if member != incident]


def _not_against(added: list[Pair], same: list[Pair], apart: list[Pair]) -> list[Pair]:
    """Of the ties that are added here those that a person's own word allows."""
    if not contradictions([*same, *added], apart):
        return added
    return [tie for tie in added if not contradictions([*same, tie], apart)]


def contradicts(*, same: Iterable[Pair] = (), apart: Iterable[Pair] = ()) -> bool:
    """Whether new decisions cannot hold together with those there are."""
    joined, split = _told()
    return bool(contradictions([*joined, *same], [*split, *apart]))


def tied_to(ref: int) -> set[int]:
    """Incidents that were said to be the same as this one."""
    said = Decision.objects.filter(kind=DecisionKind.SAME, other_id=ref)
    return set(said.values_list("incident_id", flat=True))


def _told() -> tuple[list[Pair], list[Pair]]:
    held = list(Decision.objects.order_by("id").values_list("kind", "incident_id", "other_id"))
    same = [(a, b) for kind, a, b in held if kind == DecisionKind.SAME]
    return same, [(a, b) for kind, a, b in held if kind == DecisionKind.APART]


def standing_for(family_id: int, *, besides: Iterable[int] = (), most: int = STAND) -> list[int]:
    """Members that stand for a family: its first, its last one, and some between at equal distance."""
    refs = members(family_id, besides=besides)
    last = len(refs) - 1
    return list(dict.fromkeys(refs[last * place // (most - 1)] for place in range(most))) if refs else []


def members(family_id: int, *, besides: Iterable[int] = ()) -> list[int]:
    """Incidents of a family, ascending."""
    found = FamilyMember.objects.filter(family_id=family_id).exclude(incident_id__in=list(besides))
    return list(found.order_by("incident_id").values_list("incident_id", flat=True))


def family_of(incident_id: int) -> Family | None:
    """The family an incident is in now."""
    member = FamilyMember.objects.filter(incident_id=incident_id).select_related("family").first()
    return member.family if member else None


def _possible(same: list[Pair], apart: Iterable[Pair]) -> list[Pair]:
    """Apart pairs without those that a later "same" ties together: a person's own pairs were refused when they
    contradicted; only the members added here for a family can, and they give way."""
    wanted = list(apart)
    impossible = set(contradictions(same, wanted))
    return [pair for pair in wanted if pair not in impossible]
