"""Which customers and services a person or an integration may see."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from genyin.incidents.catalogue import open_access, open_token_access, withdraw_access
from genyin.incidents.models import Access, Customer, Service
from genyin.people.models import ApiToken, User
from genyin.people.roles import require
from genyin.web import respond
from genyin.web.forms import Form
from genyin.web.http import Request


class AccessForm(Form):
    title = gettext_lazy("Let see")
    submit = gettext_lazy("Open access")
    intro = gettext_lazy(
        "All services of a customer, also those added later, or one single service. Give one of the two."
    )
    customer = forms.ModelChoiceField(
        label=gettext_lazy("Customer"), queryset=Customer.objects.order_by("name"), required=False, empty_label=""
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.order_by("name"), required=False, empty_label=""
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_person(request: Request, username: str) -> HttpResponse:
    """Let a person see a customer's services, or one service."""
    require(request.actor, "user.edit")
    user = get_object_or_404(User, username=username)
    if request.method != "POST":
        return respond.form(request, AccessForm())
    form = AccessForm.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    open_access(user=user, **form.cleaned_data, by=request.actor)
    return respond.done(request, reverse("person", args=[username]), _("Access is open."))


@require_http_methods(["GET", "HEAD", "POST"])
def open_token(request: Request, pk: int) -> HttpResponse:
    """Let an integration see a customer's services, or one service."""
    require(request.actor, "token.edit")
    token = get_object_or_404(ApiToken, pk=pk)
    if request.method != "POST":
        return respond.form(request, AccessForm())
    form = AccessForm.read(request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    open_token_access(token=token, **form.cleaned_data, by=request.actor)
    return respond.done(request, reverse("token", args=[pk]), _("Access is open."))


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Close what was opened."""
    access = get_object_or_404(Access.objects.select_related("user", "token", "customer", "service"), pk=pk)
    withdraw_access(access, by=request.actor)
    to = reverse("person", args=[access.user.username]) if access.user else reverse("token", args=[access.token_id])
    return respond.done(request, to, _("Access was withdrawn."))


urlpatterns = [
    path("people/<str:username>/access/", open_person, name="open_access"),
    path("tokens/<int:pk>/access/", open_token, name="open_token_access"),
    path("access/<int:pk>/withdraw/", withdraw, name="withdraw_access"),
]
