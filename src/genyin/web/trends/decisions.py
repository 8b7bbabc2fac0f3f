"""What people decided about a family before: on its candidates, and on which incidents it is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from genyin.base.actor import Actor
from genyin.base.models import Event
from genyin.trends.models import Candidate, Family
from genyin.web.words import incidents, word

MADE_OF = ("family.merged", "family.split")


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what was done to what; `url` leads to it where it has a page."""

    at: datetime
    by: str
    done: str
    ref: str
    url: str = ""
    more: str = ""
    reason: str = ""


def earlier(found: Family, candidates: Iterable[Candidate], *, partly: bool, seen_by: Actor) -> list[Decided]:
    """The newest first. Who sees a part of the family only is told of candidates, without the words on them.

    What it is made of is told to who sees all: what was split off from it may be of a customer hidden from others.
    """
    on_candidates = [
        Decided(one.decided_at, one.decided_by, word("candidate", one.state), one.ref,
                reason="" if partly else one.reason)
        for one in candidates
        if one.decided_at and one.decided_by  # an analysis that found its family empty decided nothing
    ]  # fmt: skip
    told = [*on_candidates, *_made_of(found)] if seen_by.sees_all else on_candidates
    return sorted(told, key=lambda one: one.at, reverse=True)


def _made_of(found: Family) -> Iterable[Decided]:
    """Merges into it, and splits: what was split off, and what it was split off from."""
    own, of_it = Q(subject_type="family", subject_id=found.pk), Q(content__after__split=found.ref)
    for event in Event.objects.filter(own | of_it, verb__in=MADE_OF).select_related("content"):
        after = event.content.after
        if merged := after.get("merged"):
            yield _decided(event, _("merged into it"), merged)
        elif event.subject_id != found.pk:
            old = event.subject_ref
            yield _decided(event, _("split it off from"), old, reverse("family", args=[old]))
        elif new := after.get("split"):
            yield _decided(event, _("split off from it"), new, reverse("family", args=[new]))


def _decided(event: Event, done: str, ref: str, url: str = "") -> Decided:
    n = int(event.content.after.get("incidents", 0))
    return Decided(event.at, event.actor_name, done, ref, url, incidents(n) if n else "", event.content.note)
