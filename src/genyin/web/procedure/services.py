"""The service catalogue: whose each service is, what it promises and consists of; imports leave some to confirm."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from genyin.base.actor import Actor
from genyin.incidents.catalogue import save_service
from genyin.incidents.models import Service
from genyin.incidents.queries import visible_services
from genyin.people.models import Team, User
from genyin.people.queries import holders_of
from genyin.people.roles import may, require
from genyin.web import respond
from genyin.web.chips import chip
from genyin.web.forms import Form, TextArea
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.problems.forms.base import line

LONGEST_ITEM, LONGEST_KIND = 200, 80
MOST_ITEMS = 500


class ServiceForm(Form):
    """A service as people agreed on it; saving it confirms it."""

    name = line(gettext_lazy("Name"))
    customer = line(gettext_lazy("Customer"), required=False, longest=120)
    project = line(gettext_lazy("Project"), required=False, longest=120)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), required=False, empty_label="")
    default_owner = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Usual owner of its problems"), required=False, empty_label=""
    )
    target = forms.DecimalField(
        label=gettext_lazy("Availability target in percent"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=6,
        decimal_places=3,
        help_text=gettext_lazy("Of a calendar month, such as 99.9."),
    )
    items = forms.CharField(
        label=gettext_lazy("Configuration items to add"),
        required=False,
        widget=TextArea(3),
        max_length=20_000,
        help_text=gettext_lazy("One a line; its kind after a bar: SW-CORE-02 | switch. Those there stay."),
    )

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, initial={**_first(service), **kwargs.pop("initial", {})}, **kwargs)
        self.title = _("Service: %(name)s") % {"name": service.name} if service.pk else _("Add a service")
        self.submit = _("Save") if service.confirmed else _("Confirm")
        self.fields["customer"].help_text = _who_will_see(service)
        self._offer("team", Team.objects.order_by("name"))
        self._offer("default_owner", holders_of("owner", "lead"))

    def clean_items(self) -> tuple[tuple[str, str], ...]:
        lines = [part.partition("|") for part in self.cleaned_data["items"].splitlines() if part.strip()]
        items = tuple((name.strip(), kind.strip()) for name, _bar, kind in lines)
        if len(items) > MOST_ITEMS:
            raise forms.ValidationError(
                _("At most %(most)s at a time; import more from a file.") % {"most": MOST_ITEMS}
            )
        for name, kind in items:
            if not name or len(name) > LONGEST_ITEM or len(kind) > LONGEST_KIND:
                raise forms.ValidationError(_("“%(name)s” is empty or too long.") % {"name": name[:40] or "|"})
        return items

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset = rows


@require_safe
@inside_only
def services(request: Request) -> HttpResponse:
    """Services the reader may see; those to confirm by themselves."""
    rows, show = _seen(request.actor), request.GET.get("show", "")
    if show == "unconfirmed":
        rows = rows.filter(confirmed=False)
    if text := request.GET.get("q", "").replace("\x00", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(customer__name__icontains=text))
    chosen = rows.select_related("customer", "project", "team", "default_owner").annotate(parts=Count("items"))
    context = {
        "page": page(request, chosen, by=("confirmed", "name")),
        "chips": [
            chip(request, _("All"), current=not show, show=None),
            chip(request, _("To confirm"), current=show == "unconfirmed", show="unconfirmed"),
        ],
        "q": request.GET.get("q", ""),
        "show": show,
        "may_edit": may(request.actor, "service.edit"),
    }
    return respond.page_or_fragment(request, "procedure/services.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def add(request: Request) -> HttpResponse:
    """Enter a service."""
    return _edit(request, Service())


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a service, or confirm one that an import met."""
    return _edit(request, get_object_or_404(_seen(request.actor).select_related("customer", "project"), pk=pk))


def _edit(request: Request, service: Service) -> HttpResponse:
    require(request.actor, "service.edit")
    if request.method != "POST":
        return respond.form(request, ServiceForm(service=service))
    form = ServiceForm.read(request, service=service)
    if not form.is_valid():
        return respond.form_errors(request, form)
    said = dict(form.cleaned_data)
    service.name = said.pop("name").strip()
    save_service(service, availability_target=said.pop("target"), **said, by=request.actor)
    return respond.done(request, reverse("services"), _("%(name)s is in the catalogue.") % {"name": service.name})


def _seen(actor: Actor) -> QuerySet[Service]:
    """Who keeps the catalogue keeps all of it: an administrator sees names of services, no record of theirs."""
    return Service.objects.all() if may(actor, "service.edit") else visible_services(actor)


def _who_will_see(service: Service) -> str:
    """What naming a customer opens, where incidents lie that no record of theirs said belong to one."""
    if service.pk is None or service.customer_id is not None or not (count := service.incidents.count()):
        return ""
    said = ngettext(
        "Whoever may see the customer will see the %(n)s incident that is filed here.",
        "Whoever may see the customer will see the %(n)s incidents that are filed here.",
        count,
    )
    return said % {"n": count}


def _first(service: Service) -> dict[str, Any]:
    if service.pk is None:
        return {}
    return {
        "name": service.name,
        "customer": str(service.customer or ""),
        "project": str(service.project or ""),
        "team": service.team_id,
        "default_owner": service.default_owner_id,
        "target": service.availability_target,
    }


urlpatterns = [
    path("procedure/services/", services, name="services"),
    path("procedure/services/add/", add, name="add_service"),
    path("procedure/services/<int:pk>/", edit, name="edit_service"),
]
