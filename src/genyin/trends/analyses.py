"""Trend analyses as a reader may see them: a count or a word over all customers is for who sees all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from genyin.base.actor import Actor
from genyin.incidents import queries as incidents
from genyin.people.roles import is_outside
from genyin.trends import queries
from genyin.trends.models import Run


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A trend analysis with what its reader may see: a count or a word over all customers is for who sees all."""

    run: Run
    ref: str
    incidents: int
    families: int | None
    rising: int | None
    candidates: int
    held_back: int | None
    sources: dict[str, Any] = field(default_factory=dict)
    conclusion: str = ""
    concluded_by: str = ""


def runs(actor: Actor) -> QuerySet[Run]:
    """Trend analyses, newest first; internal."""
    return Run.objects.none() if is_outside(actor) else Run.objects.order_by("-at", "-id")


def figures(found: Iterable[Run], *, seen_by: Actor) -> list[RunSeen]:
    """Analyses with their figures; for who sees some services only, counted anew from what they see."""
    if seen_by.sees_all:
        return [
            RunSeen(
                r, r.ref, r.incidents, r.families, r.rising, r.candidates, r.held_back, r.sources, r.conclusion,
                r.concluded_by,
            )
            for r in found
        ]  # fmt: skip
    listed = Counter(queries.every_candidate(seen_by).values_list("run_id", flat=True))
    return [RunSeen(r, r.ref, _read(r, seen_by), None, None, listed[r.pk], None) for r in found]


def _read(run: Run, actor: Actor) -> int:
    if run.since is None:
        return 0
    return incidents.visible_to(actor).filter(
        id__lte=run.watermark, occurred_at__gte=run.since, occurred_at__lte=run.until
    ).count()  # fmt: skip
