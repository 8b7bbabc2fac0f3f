"""Search: a number leads straight to its page; words find problems, known errors and incidents one may see."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from genyin.base.actor import Actor
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.knowledge import queries as known_errors
from genyin.knowledge.models import KnownError
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from genyin.trends import queries as trends
from genyin.web import nav, respond
from genyin.web.http import Request
from genyin.web.inside import inside_only

SHOWN = 20
LONGEST = 200


@require_safe
@inside_only
def search(request: Request) -> HttpResponse:
    """What the words find. A number typed exactly goes to its page."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    if text and (there := exact(text, request.actor)):
        return HttpResponseRedirect(there)
    context = {"q": text, "shown": SHOWN, **(found(text, request.actor) if text else {})}
    return respond.page_or_fragment(request, "search/page.html", context)


def exact(text: str, actor: Actor) -> str:
    """The page of what has exactly this number; empty when nothing has."""
    return next((url for look in LOOKS if (url := look(text, actor))), "")


def found(text: str, actor: Actor) -> dict[str, list[Any]]:
    """The newest of each kind, one more than is shown."""
    return {
        "problems": list(_problems(text, actor)[: SHOWN + 1]),
        "known_errors": list(_known_errors(text, actor)[: SHOWN + 1]),
        "incidents": list(_incidents(text, actor)[: SHOWN + 1]),
    }


def _problems(text: str, actor: Actor) -> QuerySet[Problem]:
    wanted = Q(number__icontains=text) | Q(title__icontains=text) | Q(items__name__icontains=text)
    ids = problems.visible_to(actor).filter(wanted).values("id")
    return Problem.objects.filter(id__in=ids).select_related("service").order_by("-registered_at", "-id")


def _known_errors(text: str, actor: Actor) -> QuerySet[KnownError]:
    wanted = Q(number__icontains=text) | Q(title__icontains=text) | Q(symptom__icontains=text)
    return known_errors.visible_to(actor).filter(wanted | Q(keywords__icontains=text))


def _incidents(text: str, actor: Actor) -> QuerySet[Incident]:
    wanted = Q(external_id__istartswith=text) | Q(title__icontains=text) | Q(item__name__icontains=text)
    return incidents.visible_to(actor).filter(wanted).select_related("service").order_by("-occurred_at", "-id")


def _problem(text: str, actor: Actor) -> str:
    number = problems.visible_to(actor).filter(number__iexact=text).values_list("number", flat=True).first()
    return nav.problem_url(number) if number else ""


def _known_error(text: str, actor: Actor) -> str:
    number = known_errors.visible_to(actor).filter(number__iexact=text).values_list("number", flat=True).first()
    return reverse("known_error", args=[number]) if number else ""


def _incident(text: str, actor: Actor) -> str:
    source, _colon, number = text.rpartition(":")
    named = incidents.visible_to(actor).filter(external_id=number)
    seen = list((named.filter(source=source) if source else named)[:2])
    # Two sources may use the same number: then the list decides.
    return reverse("incident", args=[seen[0].ref]) if len(seen) == 1 else ""


def _family(text: str, actor: Actor) -> str:
    number = text.upper().removeprefix("FAM-")
    if not text.upper().startswith("FAM-") or not (number.isdecimal() and len(number) < 10):
        return ""
    seen = trends.families(actor).filter(number=int(number)).first()
    return reverse("family", args=[seen.ref]) if seen else ""


LOOKS: tuple[Callable[[str, Actor], str], ...] = (_problem, _known_error, _family, _incident)
urlpatterns = [path("search/", search, name="search")]
