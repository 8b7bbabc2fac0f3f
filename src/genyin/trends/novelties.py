"""Reads of what was suggested as the first of its kind; each starts from the incidents the actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.problems.models import IncidentLink
from genyin.trends.models import FamilyMember, Novelty, NoveltyState
from genyin.trends.runs.novelty import SETTINGS

COUNTED = 50_000  # more are said to be as many: counting all costs more than it tells


@dataclass(frozen=True, slots=True)
class NoveltySeen:
    """A suggestion as one reader may see it.

    `state` is open, in_problem, waived, too_little or known; `unseen` words that no incident before it had; `nearest`
    the most alike of those before it that the reader may see, and how alike it is, 0 to 1.
    """

    novelty: Novelty
    incident: Incident
    state: str
    unseen: tuple[str, ...]
    nearest: Incident | None
    alike: float


@dataclass(frozen=True, slots=True)
class Counts:
    """Suggestions by what became of them. `suggested` is all of them together."""

    suggested: int
    open: int
    in_problem: int
    waived: int


def suggestions(actor: Actor, *, state: str = "") -> QuerySet[Novelty]:
    """What was suggested about incidents the actor may see, newest first: all, or those open, in_problem or waived."""
    mine = Novelty.objects.filter(incident__in=incidents.visible_to(actor).values("id"))
    every = mine.filter(_suggested()).select_related("incident", "incident__service").order_by("-id")
    return every.filter(_states()[state]) if state else every


def counts(actor: Actor) -> Counts:
    """How many were suggested, and what became of them."""
    by = suggestions(actor).order_by().aggregate(**{name: Count("id", filter=of) for name, of in _states().items()})
    return Counts(suggested=sum(by.values()), **by)


def of_incident(incident: Incident, *, seen_by: Actor) -> NoveltySeen | None:
    """What was said of an incident the actor may see; None when it was not judged."""
    found = Novelty.objects.filter(incident=incident).select_related("incident__service").first()
    return seen([found], seen_by=seen_by)[0] if found else None


def suggestion(ref: str, *, seen_by: Actor) -> Novelty:
    """The suggestion about the incident of that ref. Raises NotFound."""
    incident = incidents.get(ref, seen_by=seen_by)
    found = suggestions(seen_by).filter(incident=incident).first()
    if found is None:
        raise NotFound(gettext_noop("%(ref)s was not suggested as the first of its kind."), ref=ref)
    return found


def seen(found: Iterable[Novelty], *, seen_by: Actor) -> list[NoveltySeen]:
    """Suggestions with what the reader may know of them, in a fixed number of queries."""
    listed = list(found)
    alike = {ref for one in listed for ref, _alike in one.nearest}
    near = incidents.visible_to(seen_by).in_bulk(list(alike))
    linked = set(
        IncidentLink.objects.filter(incident__novelty__in=listed).values_list("incident_id", flat=True)
    )  # fmt: skip
    familiar = set(Novelty.objects.filter(_familiar(), id__in=[one.pk for one in listed]).values_list("id", flat=True))
    return [_seen(one, near, in_problem=one.incident_id in linked, familiar=one.pk in familiar) for one in listed]


def compared_with(incident: Incident, *, seen_by: Actor) -> int:
    """How many incidents before it of the same customer's services the reader may see; counted up to 50,000."""
    mine = incidents.visible_to(seen_by).filter(service__customer=incident.service.customer_id)
    return mine.filter(occurred_at__lte=incident.occurred_at).exclude(pk=incident.pk).order_by()[:COUNTED].count()


def least() -> int:
    """Fewest incidents before one that is suggested."""
    return SETTINGS.compared


def _seen(one: Novelty, near: dict[int, Incident], *, in_problem: bool, familiar: bool) -> NoveltySeen:
    state = str(one.state)
    if state == NoveltyState.SUGGESTED:
        state = "in_problem" if in_problem else "known" if familiar else "open"
    nearest, alike = next(((near[ref], alike) for ref, alike in one.nearest if ref in near), (None, 0.0))
    return NoveltySeen(one, one.incident, state, tuple(one.unseen), nearest, alike)


def _suggested() -> Q:
    """Suggested, and not found since to be of a family that was there before; what was decided on stays counted."""
    return Q(state=NoveltyState.WAIVED) | Q(_linked(), state=NoveltyState.SUGGESTED) | _open()


def _states() -> dict[str, Q]:
    return {
        "open": _open(),
        "in_problem": Q(_linked(), state=NoveltyState.SUGGESTED),
        "waived": Q(state=NoveltyState.WAIVED),
    }


def _open() -> Q:
    return Q(~Q(_linked()), ~Q(_familiar()), state=NoveltyState.SUGGESTED)


def _linked() -> Exists:
    return Exists(IncidentLink.objects.filter(incident=OuterRef("incident")))


def _familiar() -> Exists:
    """A later analysis put it into a family with an incident before it."""
    return Exists(
        FamilyMember.objects.filter(
            family__members__incident=OuterRef("incident"), incident__occurred_at__lt=OuterRef("incident__occurred_at")
        )
    )
