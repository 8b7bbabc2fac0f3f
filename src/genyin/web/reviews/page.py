"""One review: its minutes to read and to download, and its action items."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents.queries import people_in_sight
from genyin.people.models import User
from genyin.people.roles import Right, held, is_outside
from genyin.problems import queries as problems
from genyin.reports import paper
from genyin.reviews import queries
from genyin.reviews.actions import finish_follow_up
from genyin.reviews.handover import hand_over_follow_up
from genyin.reviews.models import FollowUp, Review
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.parts import Button
from genyin.web.problems import buttons
from genyin.web.problems.forms.base import reason

WORD_FILE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The verbs of a review, the one that comes last offered first.
VERBS = ("pass_review", "judge_effect", "hold_review", "fail_review")


class FinishFollowUp(Form):
    title = gettext_lazy("Finish an action item")
    submit = gettext_lazy("Done")
    result = reason(gettext_lazy("What came of it"))


class HandOver(Form):
    title = gettext_lazy("Hand an action item over")
    submit = gettext_lazy("Hand over")
    to = forms.ModelChoiceField(User.objects.none(), label=pgettext_lazy("action item", "To"), empty_label="")

    def __init__(self, *args: Any, seen_by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["to"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 (declared above)
        chosen.queryset = people_in_sight(seen_by)


@require_safe
def review(request: Request, number: str) -> HttpResponse:
    """The minutes of a review; the customer's side reads what was written for it, and nothing else."""
    found = _get(number, request.actor)
    if is_outside(request.actor):
        return respond.page_or_fragment(request, "reviews/outside.html", {"review": found})
    follow_ups = found.follow_ups.select_related("owner").order_by("done_at", "due", "id")
    context = {
        "review": found,
        "follow_ups": [(one, _may_finish(one, found, request.actor)) for one in follow_ups],
        "evidence": paper.judged(found.effect_evidence),
        "today": _today(),
        "first": next(iter(verbs := _buttons(found, request.actor)), None),
        "menu": verbs[1:],
    }
    return respond.page_or_fragment(request, "reviews/page.html", context)


@require_safe
@inside_only
def minutes(request: Request, number: str) -> HttpResponse:
    """《会议纪要》 as a Word file."""
    found = _get(number, request.actor)
    content = paper.minutes_of(found, language=get_language() or "en")
    return respond.download(content, name=f"{found.number}.docx", kind=WORD_FILE)


@require_safe
@inside_only
def record(request: Request, number: str) -> HttpResponse:
    """《问题记录表》 of the problem as a Word file."""
    found = _get(number, request.actor)
    problem = problems.get(found.problem.number, seen_by=request.actor)
    content = paper.record(problem, language=get_language() or "en", seen_by=request.actor)
    return respond.download(content, name=f"{problem.number}.docx", kind=WORD_FILE)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def finish(request: Request, number: str, item: int) -> HttpResponse:
    """Say what came of an action item."""
    found = _get(number, request.actor)
    action = get_object_or_404(found.follow_ups.select_related("review__problem"), pk=item)
    if request.method != "POST":
        return respond.form(request, FinishFollowUp())
    form = FinishFollowUp.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    finish_follow_up(action, **form.cleaned_data, by=request.actor)
    return respond.done(request, reverse("review", args=[found.number]), _("The action item is done."))


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def hand_over(request: Request, number: str, item: int) -> HttpResponse:
    """Give an action item to somebody else."""
    found = _get(number, request.actor)
    action = get_object_or_404(found.follow_ups.select_related("review__problem", "owner"), pk=item)
    if request.method != "POST":
        return respond.form(request, HandOver(seen_by=request.actor))
    form = HandOver.read(request, seen_by=request.actor)
    if not form.is_valid():
        return respond.form_errors(request, form)
    hand_over_follow_up(action, **form.cleaned_data, by=request.actor)
    return respond.done(request, reverse("review", args=[found.number]), _("The action item was handed over."))


def _get(number: str, actor: Actor) -> Review:
    found = queries.get(number, seen_by=actor)
    if is_outside(actor) and not found.customer_text:
        raise NotFound(gettext_noop("There is no review %(ref)s that you may see."), ref=number)
    return found


def _buttons(found: Review, actor: Actor) -> list[Button]:
    """The verbs of the problem that are about this review, while it has no verdict."""
    if found.passed is not None:
        return []
    offered = {offer.verb for offer in problems.offers(found.problem, to=actor) if not offer.missing}
    shown = [verb for verb in VERBS if verb in offered]
    return [buttons.button(found.problem, verb, look="primary" if verb == shown[0] else "") for verb in shown]


def _may_finish(action: FollowUp, found: Review, actor: Actor) -> bool:
    """Whether the button is shown; the verb itself decides."""
    mine = actor.stands_for(action.owner_id) or actor.stands_for(found.problem.owner_id)
    return action.done_at is None and (mine or Right.LEAD in held(actor))


def _today() -> date:
    return timezone.localtime(clock.now()).date()


urlpatterns = [
    path("reviews/<str:number>/", review, name="review"),
    path("reviews/<str:number>/minutes.docx", minutes, name="review_minutes"),
    path("reviews/<str:number>/record.docx", record, name="review_record"),
    path("reviews/<str:number>/follow-ups/<int:item>/", finish, name="finish_follow_up"),
    path("reviews/<str:number>/follow-ups/<int:item>/hand-over/", hand_over, name="hand_over_follow_up"),
]
