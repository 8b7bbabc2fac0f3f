"""Tokens of other systems and of people's scripts. The secret is shown once, on the answer that makes it."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from genyin.people.actions import add_token, revoke_token
from genyin.people.models import ApiToken, User
from genyin.people.roles import require
from genyin.web import respond
from genyin.web.forms import Day, Form
from genyin.web.http import Request


class TokenForm(Form):
    title = gettext_lazy("Add a token")
    submit = gettext_lazy("Make the token")
    intro = gettext_lazy(
        "For a CRM, monitoring or another system that submits incidents or problems, or for a person's script."
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    source = forms.SlugField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("The coded source of what arrives through it, such as crm."),
    )
    user = forms.ModelChoiceField(
        label=gettext_lazy("Acts as"),
        queryset=User.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label=gettext_lazy("itself: an integration"),
    )
    until = Day(label=gettext_lazy("Last day"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Make a token and show its secret, this once."""
    require(request.actor, "token.edit")
    if request.method != "POST":
        return respond.form(request, TokenForm())
    form = TokenForm.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    given = form.cleaned_data
    expires = (
        timezone.make_aware(datetime.combine(given["until"] + timedelta(days=1), time())) if given["until"] else None
    )
    token, secret = add_token(
        given["name"], source=given["source"], user=given["user"], expires_at=expires, by=request.actor
    )
    # No redirect: the secret must not be kept anywhere, not in a session or a message either.
    context = {"token": token, "secret": secret}
    return respond.page_or_fragment(request, "people/secret.html", context, fragment="people/_secret.html")


@require_safe
def token(request: Request, pk: int) -> HttpResponse:
    """One token: what it may see, and whether it still works."""
    require(request.actor, "token.edit")
    row = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk)
    access = row.access.select_related("customer", "service").order_by("customer__name", "service__name")
    return respond.page_or_fragment(request, "people/token.html", {"token": row, "access": access})


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """Make a token useless from now on."""
    row = revoke_token(get_object_or_404(ApiToken, pk=pk), by=request.actor)
    return respond.done(request, reverse("people"), _("The token %(name)s no longer works.") % {"name": row.name})


def _end_of(last: date) -> datetime:
    """The moment after the last day, in the reader's zone."""
    return timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))


urlpatterns = [
    path("tokens/add/", add, name="add_token"),
    path("tokens/<int:pk>/", token, name="token"),
    path("tokens/<int:pk>/revoke/", revoke, name="revoke_token"),
]
