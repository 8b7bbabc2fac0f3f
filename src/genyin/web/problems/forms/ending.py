"""Review, closing, reopening, holds and waivers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from genyin.problems import actions as problems
from genyin.problems import points, queries
from genyin.problems.actions.closing import CANCELLED, UNSOLVED
from genyin.problems.models import PointState
from genyin.reports.filing import archive
from genyin.reviews import actions as reviews
from genyin.web.forms import Day
from genyin.web.problems.forms.base import VerbForm, codes, line, reason
from genyin.web.words import word

CLOSED_AS = ("fixed", "workaround_accepted")
EFFECTS = [("effective", _("Effective")), ("partly", _("Partly effective")), ("ineffective", _("Not effective"))]


class JudgeEffect(VerbForm):
    verb = "judge_effect"
    intro = _("Where the watch has a verdict it is the evidence; where it cannot tell, give your reasons.")
    effect = forms.ChoiceField(label=_("Effect"), choices=EFFECTS, widget=forms.RadioSelect)
    evidence = reason(_("Evidence"), required=False)

    def act(self) -> object:
        return reviews.judge_effect(self.problem, **self.said, by=self.actor)


class PassReview(VerbForm):
    verb = "pass_review"
    intro = _("The problem then counts as resolved; its owner archives and closes it.")
    note = reason(_("Note"), required=False)

    def act(self) -> object:
        return reviews.pass_review(self.problem, **self.said, by=self.actor)


class FailReview(VerbForm):
    verb = "fail_review"
    to = forms.ChoiceField(
        label=_("Back to"),
        choices=[("solving", _("The solution")), ("investigating", _("The analysis"))],
        widget=forms.RadioSelect,
        initial="solving",
    )
    reason = reason()

    def act(self) -> object:
        return reviews.fail_review(self.problem, **self.said, by=self.actor)


class Archive(VerbForm):
    verb = "archive"
    intro = _("The row in the register is completed and frozen.")

    def act(self) -> object:
        return archive(self.problem, by=self.actor)


class Close(VerbForm):
    verb = "close"
    outcome = codes(_("Outcome"), "outcome", CLOSED_AS, radio=True, initial="fixed")
    note = reason(_("Note"), required=False)

    def act(self) -> object:
        return problems.close(self.problem, **self.said, by=self.actor)


class Cancel(VerbForm):
    verb = "cancel"
    outcome = codes(_("Outcome"), "outcome", CANCELLED, radio=True)
    reason = reason()

    def act(self) -> object:
        return problems.cancel(self.problem, **self.said, by=self.actor)


class MarkDuplicate(VerbForm):
    verb = "mark_duplicate"
    intro = _("Its incidents move over to the original.")
    original = line(_("Number of the original"), longest=40)
    reason = reason(required=False)

    def act(self) -> object:
        original = queries.named(self.said["original"].strip(), field="original", seen_by=self.actor)
        return problems.mark_duplicate(self.problem, original=original, reason=self.said["reason"], by=self.actor)


class AcceptRisk(VerbForm):
    verb = "accept_risk"
    intro = _("It comes back as a task on that day and stays a line in every report until then.")
    until = Day(label=_("Accepted until"))
    reason = reason()

    def act(self) -> object:
        return problems.accept_risk(self.problem, **self.said, by=self.actor)


class CloseWithoutSolution(VerbForm):
    verb = "close_without_solution"
    outcome = codes(_("Outcome"), "outcome", UNSOLVED, radio=True)
    tried = reason(_("What was tried"), rows=5)
    look_again_at = Day(label=_("Look again on"))

    def act(self) -> object:
        return problems.close_without_solution(self.problem, **self.said, by=self.actor)


class RequestHold(VerbForm):
    verb = "request_hold"
    until = Day(label=_("On hold until"))
    reason = reason()

    def act(self) -> object:
        return problems.request_hold(self.problem, **self.said, by=self.actor)


class DenyHold(VerbForm):
    verb = "deny_hold"
    reason = reason()

    def act(self) -> object:
        return problems.deny_hold(self.problem, **self.said, by=self.actor)


class GrantHold(VerbForm):
    verb = "grant_hold"
    intro = _("The clocks stop while the problem is on hold.")
    note = reason(_("Note"), required=False)

    def act(self) -> object:
        return problems.grant_hold(self.problem, **self.said, by=self.actor)


class Resume(VerbForm):
    verb = "resume"
    note = reason(_("Note"), required=False)

    def act(self) -> object:
        return problems.resume(self.problem, **self.said, by=self.actor)


class Reopen(VerbForm):
    verb = "reopen"
    intro = _("A new cycle begins; the old review is kept.")
    reason = reason()

    def act(self) -> object:
        return problems.reopen(self.problem, **self.said, by=self.actor)


class Rebind(VerbForm):
    verb = "rebind"
    reason = reason()

    def act(self) -> object:
        return problems.rebind(self.problem, **self.said, by=self.actor)


class PointForm(VerbForm):
    """A verb on one open control point."""

    point = forms.ChoiceField(label=_("Control point"))
    asked = False

    def prepare(self) -> None:
        open_points = points.live(self.problem).filter(state=PointState.OPEN, waiver_asked_at__isnull=not self.asked)
        field = self.fields["point"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
        field.choices = [(p.code, f"{word('point', p.code)}{self._why(p.waiver_reason)}") for p in open_points]

    def _why(self, said: str) -> str:
        return f" · {said}" if said else ""


class RequestWaiver(PointForm):
    verb = "request_waiver"
    intro = _("A second person confirms it; it is counted in the report.")
    reason = reason()

    def act(self) -> object:
        return problems.request_waiver(self.problem, **self.said, by=self.actor)


class ConfirmWaiver(PointForm):
    verb = "confirm_waiver"
    asked = True
    note = reason(_("Note"), required=False)

    def act(self) -> object:
        return problems.confirm_waiver(self.problem, **self.said, by=self.actor)


class RefuseWaiver(PointForm):
    verb = "refuse_waiver"
    asked = True
    reason = reason()

    def act(self) -> object:
        return problems.refuse_waiver(self.problem, **self.said, by=self.actor)


FORMS = (
    JudgeEffect,
    PassReview,
    FailReview,
    Archive,
    Close,
    Cancel,
    MarkDuplicate,
    AcceptRisk,
    CloseWithoutSolution,
    RequestHold,
    GrantHold,
    DenyHold,
    Resume,
    Reopen,
    Rebind,
    RequestWaiver,
    ConfirmWaiver,
    RefuseWaiver,
)
