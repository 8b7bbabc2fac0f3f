"""A person's word on a family: this one does not belong here, this one does after all, these two are one."""

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.base.errors import GenyinError, NotFound, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.people.roles import require
from genyin.trends import actions, queries
from genyin.trends.models import Family
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request, initial
from genyin.web.inside import inside_only
from genyin.web.problems.forms.base import line, reason


class Word(Form):
    """A word on one incident; it may be about none that can be chosen, only the one it was opened for."""

    incident = forms.CharField(widget=forms.HiddenInput, max_length=200)
    reason = reason(gettext_lazy("Reason"), required=False, rows=2)

    def refuse(self, error: GenyinError) -> None:
        error.field = "reason" if error.field == "reason" else ""
        super().refuse(error)


class NotSame(Word):
    title = gettext_lazy("Not the same")
    submit = gettext_lazy("Take it out")
    intro = gettext_lazy("It leaves the family, and no analysis puts it there again.")


class Same(Word):
    title = gettext_lazy("The same after all")
    submit = gettext_lazy("Put it back")
    intro = gettext_lazy("It belongs to the family again, and every analysis keeps it there.")


class Merge(Form):
    title = gettext_lazy("Merge another family into this one")
    submit = gettext_lazy("Merge")
    intro = gettext_lazy("All its incidents come here and stay here in every analysis; its number is not used again.")
    other = line(gettext_lazy("Family number"), longest=20)
    reason = reason(gettext_lazy("Reason"), required=False, rows=2)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def not_same(request: Request, ref: str) -> HttpResponse:
    """Say that an incident does not belong to this family."""
    require(request.actor, "family.edit")
    return _word(request, queries.family(ref, seen_by=request.actor), NotSame)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def same(request: Request, ref: str) -> HttpResponse:
    """Say that an incident belongs to this family."""
    require(request.actor, "family.edit")
    return _word(request, queries.family(ref, seen_by=request.actor), Same)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def merge(request: Request, ref: str) -> HttpResponse:
    """Make one family of two."""
    require(request.actor, "family.edit")
    found = queries.family(ref, seen_by=request.actor)
    if request.method != "POST":
        return respond.form(request, Merge(action=request.path, initial=initial(request)))
    form = Merge.read(request, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    other = _other(form.cleaned_data["other"], request)
    actions.merge(found, other=other, reason=form.cleaned_data["reason"], by=request.actor)
    said = _("%(other)s is part of %(ref)s now.") % {"other": other.ref, "ref": found.ref}
    return respond.done(request, reverse("family", args=[found.ref]), said)


def _word(request: Request, found: Family, kind: type[NotSame] | type[Same]) -> HttpResponse:
    if request.method != "POST":
        return respond.form(request, kind(action=request.path, initial=initial(request)))
    form = kind.read(request, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    about = incidents.get(form.cleaned_data["incident"], seen_by=request.actor)
    verb = actions.not_same if kind is NotSame else actions.same
    verb(found, incident=about, reason=form.cleaned_data["reason"], by=request.actor)
    said = _("Noted for %(ref)s.") % {"ref": about.external_id}
    return respond.done(request, reverse("family", args=[found.ref]), said)


def _other(ref: str, request: Request) -> Family:
    try:
        return queries.family(ref.strip().upper(), seen_by=request.actor)
    except NotFound as unknown:
        message = gettext_noop("There is no family %(ref)s that you may see.")
        raise UnknownReference(message, field="other", ref=ref) from unknown


urlpatterns = [
    path("trends/families/<str:ref>/not-same/", not_same, name="not_same"),
    path("trends/families/<str:ref>/same/", same, name="same"),
    path("trends/families/<str:ref>/merge/", merge, name="merge_families"),
]
