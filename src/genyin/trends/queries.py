"""Reads of families and candidates; each starts from what the actor may see.

A family may hold incidents of several customers. Its size, title, terms, dates and every figure are then made from
the incidents the reader may see, and from no others; a rise, which is tested on all of them, is shown only to who
sees all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from genyin.trends import rules
from genyin.trends.models import Candidate, CandidateState, Family, FamilyMember
from genyin.trends.runs import describing


@dataclass(frozen=True, slots=True)
class FamilySeen:
    """A family as one reader may see it. `partly` when it has incidents hidden from them: never how many."""

    family: Family
    ref: str
    title: str
    service: str
    size: int
    first_at: datetime
    last_at: datetime
    terms: tuple[str, ...]
    fields: tuple[tuple[str, str, float], ...]  # field, value, share of the members
    rise: dict[str, Any] | None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class CandidateSeen:
    """A candidate as one reader may see it: the rules it meets, and what speaks for it, of the incidents they see.

    `count` incidents between `since` and `until` (both included, UTC days), where the procedure asks for `at_least`.
    """

    candidate: Candidate
    ref: str
    title: str
    service: str
    rules: tuple[str, ...]
    proposes: str
    count: int
    at_least: int
    since: date
    until: date
    family: FamilySeen | None
    incident: Incident | None
    rise: dict[str, Any] | None
    major: tuple[str, ...]  # refs of major incidents
    unresolved: int  # closed without a cause
    problem: Problem | None
    again: str = ""  # ref of the candidate decided on before


def families(actor: Actor) -> QuerySet[Family]:
    """Families with incidents the actor may see, the largest first; annotated: `seen`, `seen_first`, `seen_last`."""
    if is_outside(actor):
        return Family.objects.none()
    active = Family.objects.filter(retired_at=None).select_related("service")
    if actor.sees_all:
        return active.annotate(seen=F("size"), seen_first=F("first_at"), seen_last=F("last_at")).order_by(
            "-seen", "-id"
        )
    services = list(incidents.visible_services(actor).values_list("id", flat=True))
    mine = Q(members__incident__service_id__in=services)
    return (
        active.filter(mine)
        .annotate(
            seen=Count("members", filter=mine),
            seen_first=Min("members__incident__occurred_at", filter=mine),
            seen_last=Max("members__incident__occurred_at", filter=mine),
        )
        .order_by("-seen", "-id")
    )


def family(ref: str, *, seen_by: Actor) -> Family:
    """The family of that ref, or the one it went into. Raises NotFound, also for one without an incident that the
    actor may see."""
    number = ref.removeprefix("FAM-")
    known = number.isdecimal() and len(number) < 10
    found = families(seen_by).filter(number=int(number)).first() if known else None
    if found is None and known and (became := _became(int(number))):
        found = families(seen_by).filter(pk=became).first()
    if found is None:
        raise NotFound(gettext_noop("There is no family %(ref)s that you may see."), ref=ref)
    return found


def family_of(incident: Incident, *, seen_by: Actor) -> FamilySeen | None:
    """The family of an incident, as the actor may see it."""
    found = families(seen_by).filter(id__in=FamilyMember.objects.filter(incident=incident).values("family_id")).first()
    return described([found], seen_by=seen_by)[0] if found else None


def members(family: Family, *, seen_by: Actor) -> QuerySet[Incident]:
    """The family's incidents that the actor may see, newest first."""
    seen = incidents.visible_to(seen_by).filter(membership__family=family)
    return seen.select_related("service", "item").order_by("-occurred_at", "-id")


def daily_counts(
    family: Family, *, seen_by: Actor, days: int = 90, until: date | None = None
) -> list[tuple[date, int]]:
    """Incidents per UTC day that the actor may see, oldest first, days without any included."""
    last = until or clock.now().date()
    first = last - timedelta(days=days - 1)
    rows = members(family, seen_by=seen_by).order_by().filter(within(first, last))
    counted = dict(rows.annotate(day=TruncDate("occurred_at", tzinfo=UTC)).values_list("day").annotate(n=Count("id")))
    return [(day, counted.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def described(found: Iterable[Family], *, seen_by: Actor) -> list[FamilySeen]:
    """Families from `families(actor)` with what the reader may know of them. A fixed number of queries, but for
    families that are only partly theirs, which are described anew from what they see."""
    listed = list(found)
    partly = _partly(listed, seen_by)
    return [_described(one, seen_by=seen_by, partly=one.pk in partly) for one in listed]


def wholly(found: Iterable[Family], *, seen_by: Actor) -> list[Family]:
    """Of families from `families(actor)` those that have no incident hidden from the actor."""
    listed = list(found)
    partly = _partly(listed, seen_by)
    return [one for one in listed if one.pk not in partly]


def every_candidate(actor: Actor) -> QuerySet[Candidate]:
    """Candidates in whatever state about incidents the actor may see."""
    if is_outside(actor):
        return Candidate.objects.none()
    every = Candidate.objects.select_related(
        "family", "family__service", "incident", "incident__service", "problem", "again"
    )
    if actor.sees_all:
        return every
    mine = families(actor).order_by().values("id")
    return every.filter(Q(family_id__in=mine) | Q(incident__in=incidents.visible_to(actor).values("id")))


def candidates(actor: Actor, *, state: str = CandidateState.OPEN) -> QuerySet[Candidate]:
    """Candidates about incidents the actor may see, the strongest first."""
    return every_candidate(actor).filter(state=state).order_by("-rank", "-id")


def candidate(ref: str, *, seen_by: Actor) -> Candidate:
    """The candidate of that ref in whatever state. Raises NotFound."""
    number = ref.removeprefix("CAND-")
    found = every_candidate(seen_by).filter(pk=int(number)).first() if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise NotFound(gettext_noop("There is no candidate %(ref)s that you may see."), ref=ref)
    return found


def explained(found: Iterable[Candidate], *, seen_by: Actor) -> list[CandidateSeen]:
    """Candidates with what speaks for them, made from the incidents the reader may see."""
    listed = list(found)
    by_family = {one.pk: one for one in families(seen_by).filter(id__in=[c.family_id for c in listed if c.family_id])}
    seen = {one.family.pk: one for one in described(by_family.values(), seen_by=seen_by)}
    known = problems.visible_to(seen_by).in_bulk([c.problem_id for c in listed if c.problem_id])
    told = [_explained(one, seen.get(one.family_id or 0), known.get(one.problem_id or 0), seen_by) for one in listed]
    return [one for one in told if one.rules]  # what the reader sees may not be enough to propose anything


def counted(candidate: Candidate, *, seen_by: Actor) -> QuerySet[Incident]:
    """The incidents of the candidate's period that the actor may see, newest first."""
    evidence = candidate.evidence
    seen = incidents.visible_to(seen_by).select_related("service", "item").order_by("-occurred_at", "-id")
    if candidate.family_id is None:
        return seen.filter(candidates=candidate)
    period = within(date.fromisoformat(evidence["from"]), date.fromisoformat(evidence["to"]))
    return seen.filter(period, membership__family_id=candidate.family_id)


def rising(actor: Actor) -> QuerySet[Family]:
    """Families that rose at the last analysis, wholly visible to the actor (a rise is tested on all members)."""
    up = families(actor).filter(rise__isnull=False)
    if actor.sees_all:
        return up
    hidden = FamilyMember.objects.exclude(incident__in=incidents.visible_to(actor).values("id"))
    return up.exclude(id__in=hidden.filter(family__rise__isnull=False).values("family_id"))


def within(first: date, last: date) -> Q:
    """Incidents that occurred from one UTC day to another, both included."""
    start = datetime.combine(first, time(), UTC)
    return Q(occurred_at__gte=start, occurred_at__lt=datetime.combine(last, time(), UTC) + timedelta(days=1))


def _became(number: int) -> int | None:
    """The family that one which is gone is part of now: itself gone into another one, perhaps."""
    became = Family.objects.filter(number=number).values_list("became", flat=True).first()
    while became and (further := Family.objects.filter(pk=became).values_list("became", flat=True).first()):
        became = further
    return became


def origins(family: Family) -> list[int]:
    """The family and all that went into it, also by way of others."""
    found = newest = [family.pk]
    while newest := list(Family.objects.filter(became__in=newest).values_list("pk", flat=True)):
        found = [*found, *newest]
    return found


def _partly(listed: Sequence[Family], actor: Actor) -> set[int]:
    """Families of the list with incidents the actor may not see."""
    if actor.sees_all or not listed:
        return set()
    hidden = FamilyMember.objects.filter(family__in=listed).exclude(
        incident__service_id__in=incidents.visible_services(actor).values("id")
    )
    return set(hidden.values_list("family_id", flat=True))


def _described(one: Family, *, seen_by: Actor, partly: bool) -> FamilySeen:
    first, last, size = one.seen_first, one.seen_last, one.seen  # type: ignore[attr-defined]
    if not partly:
        fields = tuple((str(name), str(value), float(share)) for name, value, share in one.fields)
        return FamilySeen(
            one, one.ref, one.title, one.service.name, size, first, last, tuple(one.terms), fields, one.rise
        )
    mine = members(one, seen_by=seen_by)
    told = describing.shared(mine)
    service = mine.values_list("service__name", flat=True).first() or ""
    return FamilySeen(one, one.ref, told.title, service, size, first, last, told.terms, told.fields, None, partly=True)


def _explained(one: Candidate, of: FamilySeen | None, problem: Problem | None, seen_by: Actor) -> CandidateSeen:
    evidence, mine = one.evidence, counted(one, seen_by=seen_by)
    # Where members have left since, the evidence tells of what may be hidden from this reader now.
    shrunk = of is not None and not seen_by.sees_all and of.size < evidence.get("size", 0)
    whole = of is not None and not of.partly and not shrunk
    refs = tuple(incident.ref for incident in mine.filter(is_major=True)[:20]) if evidence["major"] else ()
    incident, unresolved = one.incident, int(evidence.get("unresolved", 0))
    count = evidence["count"] if whole or incident else mine.count()
    if unresolved and not whole:
        unresolved = sum(map(rules.is_without_cause, mine.values_list("resolution_code", flat=True)))
    return CandidateSeen(
        candidate=one,
        ref=one.ref,
        title=of.title if of else incident.title if incident else "",
        service=of.service if of else incident.service.name if incident else "",
        rules=tuple(one.rules) if whole or incident else _rules(evidence, count, len(refs), unresolved),
        proposes=one.proposes,
        count=count,
        at_least=evidence["at_least"],
        since=date.fromisoformat(evidence["from"]),
        until=date.fromisoformat(evidence["to"]),
        family=of,
        incident=incident,
        rise=evidence["rise"] if whole else None,
        major=refs,
        unresolved=unresolved,
        problem=problem,
        again=one.again.ref if one.again else "",
    )


def _rules(evidence: dict[str, Any], count: int, major: int, unresolved: int) -> tuple[str, ...]:
    """The rules that the visible part meets by itself."""
    seen = rules.Seen(recent=count, size=count, major=major, unresolved=unresolved)
    return rules.rules_met(seen, at_least=evidence["at_least"])
