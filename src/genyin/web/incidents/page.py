"""One incident: what is known of it, the problems behind it, and without being asked what is like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from genyin.base.actor import Actor
from genyin.incidents import queries
from genyin.incidents.models import Incident
from genyin.knowledge import matching
from genyin.knowledge import queries as known_errors
from genyin.knowledge.actions import RESULTS, say_result
from genyin.knowledge.matching import Similar
from genyin.knowledge.models import KnownError
from genyin.knowledge.reasons import why
from genyin.people.roles import Right, held, may
from genyin.problems import queries as problems
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.parts import Button
from genyin.web.trends import novelty
from genyin.web.words import word

SIMILAR = 5
HISTORY_SHOWN = 100
WAITING = "incidents/_waiting.html"


@dataclass(frozen=True, slots=True)
class Helps:
    """A known error that may help: why it is shown, what was said of it here, and the buttons that say it."""

    known: KnownError
    why: str
    said: str
    buttons: Sequence[Button]


@require_safe
@inside_only
def incident(request: Request, ref: str) -> HttpResponse:
    """Everything of one incident. What is like it is fetched after the page, which stays quick."""
    found = queries.get(ref, seen_by=request.actor)
    linked = problems.visible_to(request.actor).filter(links__incident=found).select_related("owner").order_by("-id")
    seen = list(linked)
    context = {
        "incident": found,
        "problems": seen,
        "hidden": found.links.count() - len(seen),
        "history": [_dated(item) for item in found.history[:HISTORY_SHOWN]],
        "history_rest": max(0, len(found.history) - HISTORY_SHOWN),
        "extra": sorted(found.extra.items()),
        "may_register": bool(held(request.actor) & {Right.SUPPORT, Right.LEAD}),
        **novelty.said_of(found, actor=request.actor),
    }
    return respond.page_or_fragment(request, "incidents/page.html", context)


@require_safe
@inside_only
def related(request: Request, ref: str) -> HttpResponse:
    """Known errors that may help and similar incidents, each with its reason: a piece of the page."""
    found = queries.get(ref, seen_by=request.actor)
    if not matching.ready():  # being prepared meanwhile: the piece says so and asks again
        context: dict[str, Any] = {"incident": found, "failing": matching.is_failing()}
        return respond.page_or_fragment(request, "incidents/related.html", context, fragment=WAITING)
    alike = matching.similar_incidents(found, seen_by=request.actor, k=SIMILAR)
    context = {
        "incident": found,
        "ready": True,
        "helps": _helps(found, request.actor),
        "similar": [(one, why(one)) for one in alike],
    }
    return respond.page_or_fragment(request, "incidents/related.html", context, fragment="incidents/_related.html")


@require_POST
@inside_only
def tried(request: Request, ref: str, number: str) -> HttpResponse:
    """Say whether a known error helped here."""
    found = queries.get(ref, seen_by=request.actor)
    known = known_errors.get(number, seen_by=request.actor)
    result = request.POST.get("result", "")
    say_result(known, incident=found, result=result, by=request.actor)
    said = _("%(number)s: %(result)s") % {"number": known.number, "result": word("trial", result)}
    return respond.done(request, reverse("incident", args=[found.ref]), said)


def _dated(item: dict[str, Any]) -> dict[str, Any]:
    """A change at the source as it is shown; one whose time could not be read stays undated."""
    return {**item, "at": datetime.fromisoformat(item["at"]) if item.get("at") else None}


def _helps(found: Incident, actor: Actor) -> list[Helps]:
    """Known errors that were tried here, then those that may help."""
    matched = matching.known_errors_for(found, seen_by=actor, k=SIMILAR)
    said = dict(found.trials.values_list("known_error_id", "result"))
    reasons: dict[int, Similar] = {hit.pk: hit for hit in matched}
    loaded = known_errors.visible_to(actor).in_bulk([*said, *(pk for pk in reasons if pk not in said)])
    may_say = may(actor, "family.edit")
    order = [*said, *(hit.pk for hit in matched if hit.pk not in said)]
    return [
        Helps(
            known=loaded[pk],
            why=why(reasons[pk]) if pk in reasons else "",
            said=said.get(pk, ""),
            buttons=_buttons(found, loaded[pk], said.get(pk, "")) if may_say else (),
        )
        for pk in order
        if pk in loaded
    ]


def _buttons(found: Incident, known: KnownError, said: str) -> list[Button]:
    url = reverse("tried", args=[found.ref, known.number])
    return [Button(word("trial", code), url, post=True, values={"result": code}) for code in RESULTS if code != said]


urlpatterns = [
    path("incidents/<path:ref>/related/", related, name="incident_related"),
    path("incidents/<path:ref>/known-errors/<str:number>/", tried, name="tried"),
    path("incidents/<path:ref>/", incident, name="incident"),
]
