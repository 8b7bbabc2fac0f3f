"""Planning a solution, its changes, and bringing it live."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from genyin.base import clock
from genyin.changes import actions as changes
from genyin.changes.models import Change, ChangeState
from genyin.problems import actions as problems
from genyin.problems import points
from genyin.web.forms import Moment
from genyin.web.problems.forms.base import VerbForm, line, reason

KINDS = [("fix", _("The fix itself")), ("workaround", _("A lasting workaround")), ("preventive", _("Prevention"))]
FAILURES = [("failed", _("Failed")), ("backed_out", _("Backed out")), ("cancelled", _("Cancelled"))]


class PlanSolution(VerbForm):
    verb = "plan_solution"
    solution = reason(_("Solution"), rows=4)
    preventive_measure = reason(_("Preventive measure"), required=False)
    test_where = line(_("Tested where"), required=False)
    test_result = line(_("Result of the test"), required=False, longest=2000)
    tester = line(_("Tested by"), required=False)
    why_not = line(_("If it was not tested: why not"), required=False, longest=2000)
    effect = line(_("Expected effect"), required=False, longest=2000)
    cost = line(_("Cost"), required=False, longest=2000)
    risk = line(_("Risk"), required=False, longest=2000)
    back_out = line(_("Back-out"), required=False, longest=2000)
    change_needed = forms.TypedChoiceField(
        label=_("Is a change needed?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    change_reason = line(_("Why, or why not"), longest=2000)

    def prepare(self) -> None:
        """Ask firmly for what this level asks for: the rule itself stands in the procedure version."""
        asked = points.open_codes(self.problem)
        self.fields["preventive_measure"].required = "preventive_measure" in asked
        for name in ("effect", "cost", "risk", "back_out"):
            self.fields[name].required = "evaluation" in asked

    def first(self) -> Mapping[str, Any]:
        problem, tested = self.problem, self.problem.solution_test
        return {
            "solution": problem.solution,
            "preventive_measure": problem.preventive_measure,
            "test_where": tested.get("where"),
            "test_result": tested.get("result"),
            "tester": tested.get("tester"),
            "why_not": tested.get("why_not"),
            **problem.evaluation,
            "change_needed": {True: "yes", False: "no", None: ""}[problem.change_needed],
            "change_reason": problem.change_reason,
        }

    def act(self) -> object:
        said = dict(self.said)
        tested = problems.Tested(
            said.pop("test_where"), said.pop("test_result"), said.pop("tester"), said.pop("why_not")
        )
        evaluated = problems.Evaluated(said.pop("effect"), said.pop("cost"), said.pop("risk"), said.pop("back_out"))
        return problems.plan_solution(self.problem, tested=tested, evaluated=evaluated, **said, by=self.actor)


class RaiseChange(VerbForm):
    verb = "raise_change"
    title_ = line(_("Title of the change"))
    number = line(_("Number in the change system"), required=False, longest=60)
    planned_at = Moment(label=_("Planned for"), required=False)

    def first(self) -> Mapping[str, Any]:
        return {"title_": self.problem.title}

    def act(self) -> object:
        said = dict(self.said)
        return changes.raise_change(self.problem, title=said.pop("title_"), **said, by=self.actor)


class ChangeForm(VerbForm):
    """A verb on one of the problem's changes that have no outcome yet."""

    change = forms.ModelChoiceField(Change.objects.none(), label=_("Change"))

    def prepare(self) -> None:
        waiting = self.problem.changes.filter(state=ChangeState.PLANNED)
        field = self.fields["change"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset = waiting
        self.initial.setdefault("change", waiting.first())


class RecordChange(ChangeForm):
    verb = "record_change"
    implemented_at = Moment(label=_("Implemented on"), required=False)
    result = reason(_("Result"), required=False)

    def first(self) -> Mapping[str, Any]:
        return {"implemented_at": clock.now()}

    def act(self) -> object:
        said = dict(self.said)
        return changes.record_success(said.pop("change"), **said, by=self.actor)


class ChangeFailed(ChangeForm):
    verb = "change_failed"
    outcome = forms.ChoiceField(label=_("What happened"), choices=FAILURES, widget=forms.RadioSelect)
    reason = reason()

    def act(self) -> object:
        said = dict(self.said)
        return changes.change_failed(said.pop("change"), **said, by=self.actor)


class FixInPlace(VerbForm):
    verb = "fix_in_place"
    intro = _("From this moment the recurrence watch counts whether the incidents stop.")
    kind = forms.ChoiceField(label=_("What is in place"), choices=KINDS, widget=forms.RadioSelect, initial="fix")
    live_at = Moment(label=_("Live since"))
    site = line(_("Site"), required=False, longest=120)
    note = reason(_("Note"), required=False)

    def first(self) -> Mapping[str, Any]:
        return {"live_at": clock.now(), "kind": "fix"}

    def act(self) -> object:
        return problems.fix_in_place(self.problem, **self.said, by=self.actor)


class AddRollout(VerbForm):
    verb = "add_rollout"
    kind = forms.ChoiceField(label=_("What is in place"), choices=KINDS, widget=forms.RadioSelect, initial="fix")
    site = line(_("Site"), longest=120)
    live_at = Moment(label=_("Live since"))

    def first(self) -> Mapping[str, Any]:
        return {"live_at": clock.now(), "kind": "fix"}

    def act(self) -> object:
        return problems.add_rollout(self.problem, **self.said, by=self.actor)


class BackToAnalysis(VerbForm):
    verb = "back_to_analysis"
    intro = _("What was settled since reopens; the old evidence is kept.")
    reason = reason()

    def act(self) -> object:
        return problems.back_to_analysis(self.problem, **self.said, by=self.actor)


FORMS = (PlanSolution, RaiseChange, RecordChange, ChangeFailed, FixInPlace, AddRollout, BackToAnalysis)
