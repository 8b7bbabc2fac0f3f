"""The known error database: list, one known error with what came of it, and taking it out of use."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from genyin.base.actor import Actor
from genyin.incidents import queries as incidents
from genyin.knowledge import queries
from genyin.knowledge.actions import retire_known_error
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.people.roles import may
from genyin.problems import queries as problems
from genyin.web import respond
from genyin.web.chips import Chip, chip
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.problems.forms.base import reason
from genyin.web.words import word

TRIALS_SHOWN = 20


class Retire(Form):
    """Why a known error is no longer used."""

    fixed = forms.BooleanField(label=gettext_lazy("The error is fixed"), required=False)
    reason = reason()
    submit = gettext_lazy("Retire known error")

    def __init__(self, *args: Any, known: KnownError, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = f"{_('Retire known error')} · {known.number}"


@require_safe
@inside_only
def known_error_list(request: Request) -> HttpResponse:
    """Known errors the reader may see, newest first; those in force unless asked otherwise."""
    state = request.GET.get("state", KnownErrorState.ACTIVE)
    rows = _found(queries.visible_to(request.actor), request.GET.get("q", ""))
    if state != "all":
        rows = rows.filter(state=state)
    context = {
        "page": page(request, rows, by=("-published_at", "-id")),
        "chips": _chips(request, state),
        "q": request.GET.get("q", ""),
        "state": request.GET.get("state", ""),
    }
    return respond.page_or_fragment(request, "known_errors/list.html", context)


@require_safe
@inside_only
def known_error(request: Request, number: str) -> HttpResponse:
    """One known error: how it shows, what to do, and how often that worked."""
    known = queries.get(number, seen_by=request.actor)
    seen = incidents.visible_to(request.actor).values("id")
    trials = known.trials.filter(incident_id__in=seen).select_related("incident").order_by("-at", "-id")
    context = {
        "known": known,
        "trials": trials[:TRIALS_SHOWN],
        "may_retire": known.state == KnownErrorState.ACTIVE and _may_retire(known, request.actor),
        "problem_seen": known.problem is not None
        and problems.visible_to(request.actor).filter(pk=known.problem.pk).exists(),
    }
    return respond.page_or_fragment(request, "known_errors/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def retire(request: Request, number: str) -> HttpResponse:
    """Take a known error out of use."""
    known = queries.get(number, seen_by=request.actor)
    if request.method != "POST":
        return respond.form(request, Retire(known=known))
    form = Retire.read(request, known=known)
    if not form.is_valid():
        return respond.form_errors(request, form)
    retire_known_error(known, **form.cleaned_data, by=request.actor)
    said = _("%(number)s is no longer in force.") % {"number": known.number}
    return respond.done(request, reverse("known_error", args=[known.number]), said)


def _found(known: QuerySet[KnownError], text: str) -> QuerySet[KnownError]:
    if not (text := text.replace("\x00", "").strip()):
        return known
    fields = ("number", "title", "symptom", "cause", "workaround", "keywords", "service__name")
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__icontains": text})
    return known.filter(wanted)


def _may_retire(known: KnownError, actor: Actor) -> bool:
    if known.problem is None:
        return may(actor, "report.issue")
    return any(offer.verb == "retire_known_error" for offer in problems.offers(known.problem, to=actor))


def _chips(request: Request, state: str) -> list[Chip]:
    known = [(code, word("known_error", code)) for code in KnownErrorState.values]
    return [chip(request, said, current=code == state, state=code) for code, said in [*known, ("all", _("All"))]]


urlpatterns = [
    path("known-errors/", known_error_list, name="known_errors"),
    path("known-errors/<str:number>/", known_error, name="known_error"),
    path("known-errors/<str:number>/retire/", retire, name="retire_known_error"),
]
