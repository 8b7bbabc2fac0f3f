"""An incident entered by hand, for teams without a service desk: first line on the phone."""

from datetime import UTC
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from genyin.base import clock
from genyin.incidents import queries
from genyin.incidents.actions import enter as enter_incident
from genyin.incidents.data import Environment, Grade, IncidentData, ServiceImpact
from genyin.incidents.models import Incident, Service
from genyin.people.roles import require
from genyin.web import respond
from genyin.web.forms import Form, Moment
from genyin.web.http import Request, initial
from genyin.web.inside import inside_only
from genyin.web.problems.forms.base import codes, line
from genyin.web.problems.forms.base import reason as text

IMPACTS = (Grade.HIGH, Grade.MEDIUM, Grade.LOW)
LONGEST_OUTAGE = 366 * 24 * 60


class Entry(Form):
    """What first line hears on the phone; the rest can wait."""

    title_ = line(gettext_lazy("Title"), longest=500)
    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("Service"))
    description = text(gettext_lazy("Description"), required=False, rows=4)
    occurred_at = Moment(label=gettext_lazy("Occurred"))
    impact = codes(gettext_lazy("Impact"), "grade", IMPACTS, radio=True, initial="medium")
    service_impact = codes(gettext_lazy("Service impact"), "service_impact", ServiceImpact, radio=True, initial="none")
    outage_minutes = forms.IntegerField(
        label=gettext_lazy("Outage in minutes"), required=False, min_value=0, max_value=LONGEST_OUTAGE
    )
    environment = codes(gettext_lazy("Environment"), "environment", Environment, initial="production")
    major = forms.BooleanField(label=gettext_lazy("Major incident"), required=False)
    reporter = line(gettext_lazy("Reported by"), required=False, longest=120)
    title = gettext_lazy("Enter an incident")
    submit = gettext_lazy("Enter")

    def __init__(self, *args: Any, asked: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = self.fields["service"]
        assert isinstance(services, forms.ModelChoiceField)  # noqa: S101 (declared above)
        services.queryset = queries.visible_services(asked.actor).order_by("name")

    def clean_occurred_at(self) -> Any:
        moment = self.cleaned_data["occurred_at"]
        if moment > clock.now():
            raise forms.ValidationError(_("An incident cannot have occurred in the future."))
        return moment.astimezone(UTC)

    def refuse(self, error: Any) -> None:
        if error.field == "title":
            error.field = "title_"
        super().refuse(error)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def enter(request: Request) -> HttpResponse:
    """The form of an incident, and its entry under a number drawn here."""
    require(request.actor, "incident.receive")
    if request.method != "POST":
        return respond.form(request, Entry(asked=request, initial={"occurred_at": clock.now(), **initial(request)}))
    form = Entry.read(request, asked=request)
    if not form.is_valid():
        return respond.form_errors(request, form)
    found = _entered(form.cleaned_data, request)
    said = _("Entered as %(ref)s.") % {"ref": found.external_id}
    return respond.done(request, reverse("incident", args=[found.ref]), said)


def _entered(said: dict[str, Any], request: Request) -> Incident:
    data = IncidentData(
        source="",
        external_id="",
        title=said["title_"],
        description=said["description"],
        service=said["service"].name,
        occurred_at=said["occurred_at"],
        opened_at=clock.now(),
        impact=Grade(said["impact"]),
        service_impact=ServiceImpact(said["service_impact"]),
        outage_minutes=said["outage_minutes"],
        environment=Environment(said["environment"]),
        major=said["major"],
        reporter=said["reporter"],
    )
    return enter_incident(data, by=request.actor)


urlpatterns = [path("incidents/new/", enter, name="new_incident")]
