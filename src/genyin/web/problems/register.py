"""Registering a problem: by hand, or from an incident with everything it already says filled in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident, Service
from genyin.people.roles import is_outside
from genyin.problems import actions as problems
from genyin.procedure import queries as procedures
from genyin.procedure.content import LEVELS
from genyin.web import nav, respond
from genyin.web.forms import Form, Moment
from genyin.web.http import Request, initial, is_htmx
from genyin.web.problems.beside import Beside, known_already, origin_of
from genyin.web.problems.forms.base import codes, line
from genyin.web.problems.forms.base import reason as text
from genyin.web.words import word

PAGE = "problems/register.html"


class Register(Form):
    """The problem record form as first line fills it in: what is needed at once, the rest optional."""

    title_ = line(gettext_lazy("Title"))
    description = text(gettext_lazy("Description"), required=False, rows=5)
    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("Service"))
    category = forms.ChoiceField(label=gettext_lazy("Category"), widget=forms.RadioSelect)
    level = codes(gettext_lazy("Level"), "level", LEVELS, radio=True, initial="medium")
    source = forms.ChoiceField(label=gettext_lazy("Source"))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    found_at = Moment(label=gettext_lazy("Found on"), required=False)
    contact = line(gettext_lazy("Contact"), required=False, longest=120)
    impact_text = text(gettext_lazy("Impact described"), required=False, rows=2)
    origin = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    title = gettext_lazy("Register a problem")
    submit = gettext_lazy("Register the problem")
    preview = gettext_lazy("Is it known already?")

    def __init__(self, *args: Any, asked: Request, origin: Incident | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={**_from(origin), **kwargs.pop("initial", {})}, **kwargs)
        procedure = procedures.read(procedures.current())
        services = self.fields["service"]
        assert isinstance(services, forms.ModelChoiceField)  # noqa: S101 (declared above)
        services.queryset = incidents.visible_services(asked.actor).order_by("name")
        known = {"category": procedure.categories, "source": procedure.sources, "reason": procedure.reasons}
        for name, values in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared above)
            field.choices = [(code, word(name, code)) for code in values]

    def refuse(self, error: Any) -> None:
        if error.field == "title":
            error.field = "title_"
        super().refuse(error)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request) -> HttpResponse:
    """The form of a new problem; `incident` in the address fills it in from that incident and links it."""
    origin = origin_of(request)
    if request.method != "POST" or "preview" in request.POST:
        said = initial(request) if request.method != "POST" else request.POST.dict()
        form = Register(asked=request, origin=origin, initial=said, action=nav.NEW_PROBLEM)
        return respond.form(request, form, template=PAGE, context=_around(request, form, origin))
    form = Register.read(request, asked=request, origin=origin, action=nav.NEW_PROBLEM)
    if not form.is_valid():
        return respond.form_errors(request, form, template=PAGE, context=_around(request, form, origin))
    said = {name: value for name, value in form.cleaned_data.items() if name != "origin"}
    found = problems.register(title=said.pop("title_"), **said, origin=origin, by=request.actor)
    return respond.done(request, nav.problem_url(found.number), _("Registered as %(ref)s.") % {"ref": found.number})


def _around(request: Request, form: Register, origin: Incident | None) -> dict[str, Any]:
    """What stands around the form. On a page that opens what is like it is fetched after it, which stays quick."""
    if is_outside(request.actor) or is_htmx(request):
        return {"origin": origin}
    if request.method == "POST":
        return {"origin": origin, "beside": known_already(request, origin=origin)}
    told = bool(form["title_"].value() or form["description"].value())
    return {"origin": origin, "beside": Beside(asked=told, ready=not told)}


def _from(origin: Incident | None) -> Mapping[str, Any]:
    """What an incident already says of the problem behind it."""
    if origin is None:
        return {"source": "incident", "reason": "cause_unknown", "level": "medium"}
    return {
        "title_": origin.title[:200],
        "category": origin.category.casefold(),  # chosen where the service desk's word is one of ours
        "description": origin.description,
        "service": origin.service_id,
        "source": "incident",
        "reason": "cause_unknown",
        "level": "high" if origin.is_major else "medium",
        "found_at": origin.occurred_at,
        "contact": origin.reporter,
        "origin": origin.ref,
    }


urlpatterns = [path("problems/new/", register, name="new_problem")]
