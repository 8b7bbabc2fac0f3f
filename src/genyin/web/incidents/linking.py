"""Linking an incident to the problem behind it, the most similar problems offered first."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.incidents import queries
from genyin.incidents.models import Incident
from genyin.knowledge import matching
from genyin.knowledge.matching import Similar
from genyin.problems import actions as problems
from genyin.problems import queries as found_problems
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.problems.forms.base import line
from genyin.web.words import sentences, word

OFFERED = 5


class LinkToProblem(Form):
    """One of the most similar problems, or another by its number."""

    suggested = forms.ChoiceField(label=gettext_lazy("Similar problems"), required=False, widget=forms.RadioSelect)
    problem = line(gettext_lazy("Another problem's number"), required=False, longest=40)
    title = gettext_lazy("Link to a problem")
    submit = gettext_lazy("Link")

    def __init__(self, *args: Any, suggestions: list[Similar], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["suggested"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = [
            (one.ref, sentences(f"{one.ref} {one.title}", word("stage", one.state))) for one in suggestions
        ]
        if not suggestions:  # then the number is all there is to say
            del self.fields["suggested"]
            self.fields["problem"].label, self.fields["problem"].required = _("Problem number"), True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("suggested") and not said.get("problem"):
            raise forms.ValidationError(_("Choose a problem or give its number."))
        return said

    @property
    def chosen(self) -> str:
        """The number given by hand wins: it was typed after looking at the list."""
        return str(self.cleaned_data["problem"] or self.cleaned_data.get("suggested", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def link(request: Request, ref: str) -> HttpResponse:
    """Say which problem caused this incident."""
    found = queries.get(ref, seen_by=request.actor)
    suggestions = _suggestions(found, request)
    if request.method != "POST":
        return respond.form(request, LinkToProblem(suggestions=suggestions, action=request.path))
    form = LinkToProblem.read(request, suggestions=suggestions, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    problem = found_problems.named(form.chosen, field="problem", seen_by=request.actor)
    problems.link_incident(problem, linked=[found], by=request.actor)
    said = _("Linked to %(ref)s.") % {"ref": problem.number}
    return respond.done(request, reverse("incident", args=[found.ref]), said)


def _suggestions(found: Incident, request: Request) -> list[Similar]:
    if not matching.ready():  # the number can be typed meanwhile
        return []
    text = f"{found.title}\n{found.description}"
    alike = matching.similar_problems(text, service=found.service, seen_by=request.actor, k=OFFERED)
    linked = set(found.links.values_list("problem_id", flat=True))
    return [hit for hit in alike if hit.state != "closed" and hit.pk not in linked]


urlpatterns = [path("incidents/<path:ref>/link/", link, name="link_to_problem")]
