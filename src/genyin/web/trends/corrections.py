"""A person's word on a family: this one does not belong here, this one does after all, these two are one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.base.errors import GenyinError, NotFound, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.roles import require
from genyin.trends import corrections, queries
from genyin.trends.models import Family
from genyin.trends.queries import FamilySeen
from genyin.trends.runs.alike import alike
from genyin.web import respond, words
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.problems.forms.base import line, reason
from genyin.web.times import when

SHOWN = 40  # members to choose from one by one


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


class Split(Form):
    """Chosen one by one, or all at once by a word that their titles have."""

    title = gettext_lazy("Split off a family")
    submit = gettext_lazy("Split")
    intro = gettext_lazy("What you choose becomes a family of its own; no analysis brings the two together again.")
    contains = line(gettext_lazy("All whose title contains"), longest=100, required=False)
    incidents = forms.MultipleChoiceField(
        label=gettext_lazy("And these, the newest ones"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = reason(gettext_lazy("Reason"), required=False, rows=2)


class Merge(Form):
    title = gettext_lazy("Merge another family into this one")
    submit = gettext_lazy("Merge")
    intro = gettext_lazy("All its incidents come here and stay here in every analysis; its number leads here.")
    alike = forms.ChoiceField(
        label=gettext_lazy("One that is like it"), required=False, widget=forms.RadioSelect, choices=()
    )
    other = line(gettext_lazy("Or by its number"), longest=20, required=False)
    reason = reason(gettext_lazy("Reason"), required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        said = {name: self.cleaned_data.get(name, "") for name in ("alike", "other")}
        if all(said.values()):
            self.add_error("other", _("Choose one or give a number, not both."))
        elif not any(said.values()) and not self.errors:
            self.add_error("other", _("Choose one or give a number."))
        return self.cleaned_data


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
    form = Merge.of(request)
    near = [(one.ref, _described(one)) for one in alike(found, seen_by=request.actor)]
    # A radio button that is chosen cannot be taken back: whoever means a number after all needs one for that.
    _offer(form, "alike", [*near, ("", _("None of these"))] if near else [])
    _by_number(form)
    if request.method != "POST":
        return respond.form(request, form)
    if not form.is_valid():
        return respond.form_errors(request, form)
    other = _other(form.cleaned_data.get("alike") or form.cleaned_data["other"], request)
    corrections.merge(found, other=other, reason=form.cleaned_data["reason"], by=request.actor)
    said = _("%(other)s “%(title)s” is part of %(ref)s now.")
    said %= {"other": other.ref, "title": other.title, "ref": found.ref}
    return respond.done(request, reverse("family", args=[found.ref]), said)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def split(request: Request, ref: str) -> HttpResponse:
    """Make two families of one."""
    require(request.actor, "family.edit")
    found = queries.family(ref, seen_by=request.actor)
    members = queries.members(found, seen_by=request.actor).order_by("-occurred_at", "-id")
    chosen = [(one.ref, f"{one.external_id} {one.title}") for one in members[:SHOWN]]
    form = Split.of(request)
    _offer(form, "incidents", chosen)
    if request.method != "POST":
        return respond.form(request, form)
    if not form.is_valid():
        return respond.form_errors(request, form)
    parted = _chosen(members, form.cleaned_data["incidents"], form.cleaned_data["contains"])
    new = corrections.split(found, parted=parted, reason=form.cleaned_data["reason"], by=request.actor)
    said = _("%(ref)s was split off, with %(n)s incidents.") % {"ref": new.ref, "n": new.size}
    return respond.done(request, reverse("family", args=[new.ref]), said)


def _offer(form: Form, name: str, choices: list[tuple[str, str]]) -> None:
    """What there is to choose from in a field; where that is nothing, the field goes."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
    field.choices = choices
    if not choices:
        del form.fields[name]


def _by_number(form: Form) -> None:
    """Without any to choose from there is no "or"."""
    if "alike" not in form.fields:
        form.fields["other"].label = _("Family number")


def _described(one: FamilySeen) -> str:
    return f"{one.ref} {one.title} · {words.incidents(one.size)} · {when(one.last_at)}"


def _chosen(members: QuerySet[Incident], refs: list[str], word: str) -> list[Incident]:
    """Members that were named, and those whose title contains the word."""
    named = [one for one in members[:SHOWN] if one.ref in refs]
    told = list(members.filter(title__icontains=word)) if word.strip() else []
    return list({one.pk: one for one in (*named, *told)}.values())


def _word(request: Request, found: Family, kind: type[NotSame] | type[Same]) -> HttpResponse:
    form = kind.of(request)
    if request.method != "POST":
        return respond.form(request, form)
    if not form.is_valid():
        return respond.form_errors(request, form)
    about = incidents.get(form.cleaned_data["incident"], seen_by=request.actor)
    verb = corrections.not_same if kind is NotSame else corrections.same
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
    path("trends/families/<str:ref>/split/", split, name="split_family"),
]
