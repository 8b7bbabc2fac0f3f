"""Requests for change: list, one change, and the outcome that lets its problem go on."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from genyin.base import clock
from genyin.changes import queries
from genyin.changes.actions import FAILURES, change_failed, record_success
from genyin.changes.models import Change, ChangeState
from genyin.problems import queries as problems
from genyin.web import respond
from genyin.web.chips import chip
from genyin.web.forms import Form, Moment
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.problems.forms.base import codes, reason
from genyin.web.words import word


class OutcomeForm(Form):
    """The outcome of one change."""

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = f"{self.submit} · {change.number}"


class Succeeded(OutcomeForm):
    submit = gettext_lazy("The change succeeded")
    intro = gettext_lazy("When every change has its outcome, the fix can be put in place.")
    implemented_at = Moment(label=gettext_lazy("Implemented on"))
    result = reason(gettext_lazy("Result"), required=False)


class Failed(OutcomeForm):
    submit = gettext_lazy("The change failed")
    intro = gettext_lazy("The problem goes back to its solution, which is planned anew.")
    outcome = codes(gettext_lazy("What happened"), "change", FAILURES, radio=True)
    reason = reason()


@require_safe
@inside_only
def change_list(request: Request) -> HttpResponse:
    """Changes of the problems the reader may see, newest first."""
    rows, state = queries.visible_to(request.actor), request.GET.get("state", "")
    if state:
        rows = rows.filter(state=state)
    if text := request.GET.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text) | Q(problem__number__iexact=text))
    context = {
        "page": page(request, rows, by=("-raised_at", "-id")),
        "chips": [
            chip(request, word("change", code) if code else _("All"), current=code == state, state=code or None)
            for code in ("", *ChangeState.values)
        ],
        "q": request.GET.get("q", ""),
        "state": state,
    }
    return respond.page_or_fragment(request, "changes/list.html", context)


@require_safe
@inside_only
def change(request: Request, number: str) -> HttpResponse:
    """One change and, while it has no outcome, the two ways to tell it."""
    found = queries.get(number, seen_by=request.actor)
    offered: set[str] = set()
    if found.state == ChangeState.PLANNED:
        offered = {offer.verb for offer in problems.offers(found.problem, to=request.actor) if not offer.missing}
    context = {
        "change": found,
        "may_succeed": "record_change" in offered,
        "may_fail": "change_failed" in offered,
    }
    return respond.page_or_fragment(request, "changes/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def succeeded(request: Request, number: str) -> HttpResponse:
    """Record that a change is implemented and worked."""
    found = queries.get(number, seen_by=request.actor)
    if request.method != "POST":
        return respond.form(request, Succeeded(change=found, initial={"implemented_at": clock.now()}))
    form = Succeeded.read(request, change=found)
    if not form.is_valid():
        return respond.form_errors(request, form)
    record_success(found, **form.cleaned_data, by=request.actor)
    return _told(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def failed(request: Request, number: str) -> HttpResponse:
    """Record that a change failed, was backed out or cancelled."""
    found = queries.get(number, seen_by=request.actor)
    if request.method != "POST":
        return respond.form(request, Failed(change=found))
    form = Failed.read(request, change=found)
    if not form.is_valid():
        return respond.form_errors(request, form)
    change_failed(found, **form.cleaned_data, by=request.actor)
    return _told(request, found)


def _told(request: Request, found: Change) -> HttpResponse:
    said = _("%(number)s: %(state)s") % {"number": found.number, "state": word("change", found.state)}
    return respond.done(request, reverse("change", args=[found.address]), said)


urlpatterns = [
    path("changes/", change_list, name="changes"),
    path("changes/<path:number>/succeeded/", succeeded, name="change_succeeded"),
    path("changes/<path:number>/failed/", failed, name="change_failed"),
    path("changes/<path:number>/", change, name="change"),
]
