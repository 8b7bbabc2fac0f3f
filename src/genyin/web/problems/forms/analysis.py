"""Finding the cause: reproduction, cause, workaround, interim measure, level and the record's own text."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from genyin.knowledge import actions as knowledge
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems import actions as problems
from genyin.procedure import queries as procedures
from genyin.procedure.content import LEVELS
from genyin.web.forms import Day
from genyin.web.problems.forms.base import VerbForm, codes, line, reason
from genyin.web.words import word


class Edit(VerbForm):
    verb = "edit"
    title_ = line(_("Title"))
    description = reason(_("Description"), required=False, rows=6)
    subcategory = line(_("Sub-category"), required=False, longest=80)
    impact_text = reason(_("Impact described"), required=False)
    contact = line(_("Contact"), required=False, longest=120)
    planned_finish = Day(label=_("Planned finish"), required=False)

    def first(self) -> Mapping[str, Any]:
        names = ("description", "subcategory", "impact_text", "contact", "planned_finish")
        return {"title_": self.problem.title, **{name: getattr(self.problem, name) for name in names}}

    def act(self) -> object:
        said = dict(self.said)
        return problems.edit(self.problem, title=said.pop("title_"), **said, by=self.actor)


class NoteReproduction(VerbForm):
    verb = "note_reproduction"
    reproduced = forms.ChoiceField(
        label=_("Could it be made to appear again?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("impossible", _("Not possible"))],
        widget=forms.RadioSelect,
    )
    text = reason(_("How it was tried, and what was seen"))

    def first(self) -> Mapping[str, Any]:
        return {"reproduced": self.problem.reproduced, "text": self.problem.reproduction}

    def act(self) -> object:
        return problems.note_reproduction(self.problem, **self.said, by=self.actor)


class FindCause(VerbForm):
    verb = "find_cause"
    code = forms.ChoiceField(label=_("Cause category"))
    text = reason(_("Root cause"), rows=5)
    established = reason(_("How it was established"))

    def prepare(self) -> None:
        known = procedures.read(self.problem.procedure).cause_categories
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = [(code, word("cause", code)) for code in known]

    def act(self) -> object:
        return problems.find_cause(self.problem, causes=[problems.CauseFound(**self.said)], by=self.actor)


class SetWorkaround(VerbForm):
    verb = "set_workaround"
    intro = _("First line reads this on similar incidents: write the steps.")
    text = reason(_("Workaround"), rows=5)

    def first(self) -> Mapping[str, Any]:
        return {"text": self.problem.workaround}

    def act(self) -> object:
        return problems.set_workaround(self.problem, **self.said, by=self.actor)


class TakeInterimMeasure(VerbForm):
    verb = "take_interim_measure"
    intro = _("What restores the service now, while the cause is still being looked for.")
    text = reason(_("Interim measure"), rows=5)

    def act(self) -> object:
        return problems.take_interim_measure(self.problem, **self.said, by=self.actor)


class PublishKnownError(VerbForm):
    verb = "publish_known_error"
    intro = _("First line searches by symptoms: name all of them in the users' words.")
    title_ = line(_("Title"))
    symptom = reason(_("Symptoms"), rows=5)
    workaround = reason(_("Workaround"), required=False, rows=4)
    keywords = line(_("Keywords"), required=False, longest=300)

    def first(self) -> Mapping[str, Any]:
        problem = self.problem
        return {"title_": problem.title, "symptom": problem.description, "workaround": problem.workaround}

    def act(self) -> object:
        said = dict(self.said)
        return knowledge.publish_known_error(self.problem, title=said.pop("title_"), **said, by=self.actor)


class RetireKnownError(VerbForm):
    verb = "retire_known_error"
    known = forms.ModelChoiceField(KnownError.objects.none(), label=_("Known error"))
    fixed = forms.BooleanField(label=_("The error is fixed"), required=False)
    reason = reason()

    def prepare(self) -> None:
        active = self.problem.known_errors.filter(state=KnownErrorState.ACTIVE)
        field = self.fields["known"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset, self.initial["known"] = active, active.first()

    def act(self) -> object:
        said = dict(self.said)
        return knowledge.retire_known_error(said.pop("known"), **said, by=self.actor)


class ChangeLevel(VerbForm):
    verb = "change_level"
    intro = _("The owner may raise the level; only the lead may lower it.")
    level = codes(_("Level"), "level", LEVELS, radio=True)
    reason = reason()

    def first(self) -> Mapping[str, Any]:
        return {"level": self.problem.level}

    def act(self) -> object:
        return problems.change_level(self.problem, **self.said, by=self.actor)


class SetMajor(VerbForm):
    verb = "set_major"
    intro = _("A review meeting becomes compulsory; user representatives may be invited.")
    reason = reason()

    def act(self) -> object:
        return problems.set_major(self.problem, **self.said, by=self.actor)


class ClearMajor(VerbForm):
    verb = "clear_major"
    reason = reason()

    def act(self) -> object:
        return problems.clear_major(self.problem, **self.said, by=self.actor)


FORMS = (
    Edit,
    NoteReproduction,
    FindCause,
    SetWorkaround,
    TakeInterimMeasure,
    PublishKnownError,
    RetireKnownError,
    ChangeLevel,
    SetMajor,
    ClearMajor,
)
