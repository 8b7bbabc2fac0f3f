"""Answers to a candidate and to a proposed reopening: one form each."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.base.actor import Actor
from genyin.base.errors import GenyinError, NotFound, gettext_noop
from genyin.people.roles import require
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from genyin.procedure import queries as procedures
from genyin.procedure.content import LEVELS
from genyin.trends import actions, queries, watch
from genyin.trends.queries import CandidateSeen
from genyin.web import nav, respond
from genyin.web.forms import Form
from genyin.web.http import Request, initial
from genyin.web.inside import inside_only
from genyin.web.problems.forms.base import codes, line, reason
from genyin.web.trends import reasons
from genyin.web.words import word


class Answer(Form):
    """An answer to one candidate. `act` does it and says where to go on and what was done."""

    verb: ClassVar[str] = ""
    duty: ClassVar[str] = ""

    def __init__(self, *args: Any, seen: CandidateSeen, actor: Actor, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None) or {}
        self.seen, self.actor = seen, actor
        super().__init__(*args, initial={**self.first(), **given}, **kwargs)
        self.title = f"{self.title} · {seen.family.ref if seen.family else seen.ref}"
        self.intro = reasons.why(seen)

    def first(self) -> Mapping[str, Any]:
        """First values."""
        return {}

    def act(self) -> tuple[str, str]:
        """Do it; the page that follows and what it says."""
        raise NotImplementedError(self.verb)

    def refuse(self, error: GenyinError) -> None:
        if error.field == "title":
            error.field = "title_"
        super().refuse(error)


class Accept(Answer):
    verb, duty = "accept", "candidate.accept"
    title = gettext_lazy("Register a problem")
    submit = gettext_lazy("Register the problem")
    title_ = line(gettext_lazy("Title"))
    description = reason(gettext_lazy("Description"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), widget=forms.RadioSelect)
    level = codes(gettext_lazy("Level"), "level", LEVELS, radio=True, initial="medium")
    note = reason(gettext_lazy("Note"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = procedures.read(procedures.current()).categories
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101 (declared above)
        category.choices = [(code, word("category", code)) for code in known]

    def first(self) -> Mapping[str, Any]:
        return {"title_": self.seen.title[:200], "description": reasons.for_the_record(self.seen)}

    def act(self) -> tuple[str, str]:
        said = dict(self.cleaned_data)
        found = actions.accept_candidate(self.seen.candidate, title=said.pop("title_"), **said, by=self.actor)
        return nav.problem_url(found.number), _("Registered as %(ref)s.") % {"ref": found.number}


class Link(Answer):
    verb, duty = "link", "candidate.accept"
    title = gettext_lazy("Link to a problem")
    submit = gettext_lazy("Link")
    problem = line(gettext_lazy("Problem number"), longest=40)
    note = reason(gettext_lazy("Note"), required=False, rows=2)

    def first(self) -> Mapping[str, Any]:
        return {"problem": self.seen.problem.number if self.seen.problem else ""}

    def act(self) -> tuple[str, str]:
        found: Problem = problems.named(self.cleaned_data["problem"], field="problem", seen_by=self.actor)
        actions.link_candidate(self.seen.candidate, problem=found, note=self.cleaned_data["note"], by=self.actor)
        return nav.problem_url(found.number), _("Linked to %(ref)s.") % {"ref": found.number}


class Watch(Answer):
    verb, duty = "watch", "candidate.dismiss"
    title = gettext_lazy("Watch")
    submit = gettext_lazy("Watch")
    reason = reason(gettext_lazy("What is it waiting for"))

    def act(self) -> tuple[str, str]:
        actions.watch_candidate(self.seen.candidate, reason=self.cleaned_data["reason"], by=self.actor)
        return reverse("trends"), _("Watched: new evidence puts it on the list again.")


class Dismiss(Answer):
    verb, duty = "dismiss", "candidate.dismiss"
    title = pgettext_lazy("candidate", "Dismiss")
    submit = pgettext_lazy("candidate", "Dismiss")
    reason = reason(gettext_lazy("Why this is no problem"))

    def act(self) -> tuple[str, str]:
        actions.dismiss_candidate(self.seen.candidate, reason=self.cleaned_data["reason"], by=self.actor)
        return reverse("trends"), _("Dismissed. It is proposed again only when the evidence is new.")


class LeaveClosed(Form):
    title = gettext_lazy("Leave closed")
    submit = gettext_lazy("Leave closed")
    reason = reason(gettext_lazy("Why it is not reopened"))


ANSWERS: dict[str, type[Answer]] = {form.verb: form for form in (Accept, Link, Watch, Dismiss)}


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def decide(request: Request, ref: str, verb: str) -> HttpResponse:
    """Show the form of an answer, or give it."""
    kind = ANSWERS.get(verb)
    if kind is None:
        raise NotFound(gettext_noop("There is no such step: %(verb)s."), verb=verb)
    require(request.actor, kind.duty)
    found = queries.explained([queries.candidate(ref, seen_by=request.actor)], seen_by=request.actor)
    if not found:
        raise NotFound(gettext_noop("There is no candidate %(ref)s that you may see."), ref=ref)
    given: dict[str, Any] = {"seen": found[0], "actor": request.actor, "action": request.path}
    if request.method != "POST":
        return respond.form(request, kind(**given, initial=initial(request)))
    form = kind.read(request, **given)
    if not form.is_valid():
        return respond.form_errors(request, form)
    return respond.done(request, *form.act())


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def leave_closed(request: Request, ref: str) -> HttpResponse:
    """Answer a proposed reopening with no, and why."""
    require(request.actor, "candidate.dismiss")
    found = watch.recurrence_of(ref, seen_by=request.actor)
    if request.method != "POST":
        return respond.form(request, LeaveClosed(action=request.path))
    form = LeaveClosed.read(request, action=request.path)
    if not form.is_valid():
        return respond.form_errors(request, form)
    actions.leave_closed(found, reason=form.cleaned_data["reason"], by=request.actor)
    return respond.done(request, nav.problem_url(ref), _("It stays closed; it is proposed again when more comes."))


urlpatterns = [
    path("trends/candidates/<str:ref>/<slug:verb>/", decide, name="decide_candidate"),
    path("trends/recurrences/<str:ref>/leave/", leave_closed, name="leave_closed"),
]
