"""What everybody sets for themselves: language, zone, and who acts for them."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents.queries import people_in_sight
from genyin.people import upkeep
from genyin.people.actions import delegate
from genyin.people.models import Delegation, User
from genyin.people.queries import ours
from genyin.people.roles import is_outside
from genyin.web import respond
from genyin.web.forms import Day, Form
from genyin.web.http import Request

#: Offered while typing; every other zone of the tz database may be typed.
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Tokyo", "Asia/Seoul", "Asia/Singapore", "Asia/Bangkok",
    "Asia/Kolkata", "Asia/Dubai", "Asia/Urumqi", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Moscow",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "Australia/Sydney", "UTC",
)  # fmt: skip


class PreferencesForm(Form):
    title = gettext_lazy("Language and zone")
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Times are shown in it. Empty: the site's zone."),
        widget=forms.TextInput(attrs={"list": "zones"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class DelegationForm(Form):
    title = gettext_lazy("Hand your rights to somebody")
    submit = gettext_lazy("Delegate")
    intro = gettext_lazy("From the first to the last day they may do what you may; the event log names both of you.")
    to = forms.ModelChoiceField(label=pgettext_lazy("delegation", "To"), queryset=User.objects.none(), empty_label="")
    starts = Day(label=gettext_lazy("First day"))
    ends = Day(label=gettext_lazy("Last day"))
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Our rights stay with our people; the customer's side chooses among those of the same customer.
        people = people_in_sight(actor) if is_outside(actor) else ours()
        self.fields["to"].queryset = people.exclude(pk=actor.user_id or 0)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """One's own settings; sent back here with what was wrong."""
    first = {"language": request.user.language, "zone": request.user.zone}
    if request.method != "POST":
        return _page(request, PreferencesForm(initial=first))
    form = PreferencesForm.read(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    upkeep.set_preferences(request.user, **form.cleaned_data, by=request.actor)
    return respond.done(request, reverse("profile"), _("Saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_delegation(request: Request) -> HttpResponse:
    """Hand one's rights to another for a time (代理)."""
    if request.method != "POST":
        today = timezone.localtime(clock.now()).date()
        return respond.form(request, DelegationForm(actor=request.actor, initial={"starts": today}))
    form = DelegationForm.read(request, actor=request.actor)
    if not form.is_valid():
        return respond.form_errors(request, form)
    delegate(request.user, **form.cleaned_data, by=request.actor)
    return respond.done(request, reverse("profile"), _("Delegated."))


@require_POST
def end_delegation(request: Request, pk: int) -> HttpResponse:
    """Take one's rights back early."""
    upkeep.end_delegation(get_object_or_404(Delegation, pk=pk, giver=request.user), by=request.actor)
    return respond.done(request, reverse("profile"), _("The delegation has ended."))


def _page(request: Request, form: Form, status: int = 200) -> HttpResponse:
    today = timezone.localtime(clock.now()).date()
    mine = Delegation.objects.filter(Q(giver=request.user) | Q(taker=request.user), ends__gte=today)
    context = {
        "form": form,
        "today": today,
        "zones": ZONES,
        "delegations": mine.select_related("giver", "taker").order_by("starts", "id"),
    }
    return respond.page_or_fragment(request, "profile/page.html", context, status=status)


urlpatterns = [
    path("profile/", profile, name="profile"),
    path("profile/delegate/", add_delegation, name="delegate"),
    path("profile/delegations/<int:pk>/end/", end_delegation, name="end_delegation"),
]
