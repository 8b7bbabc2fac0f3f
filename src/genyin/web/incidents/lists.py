"""The list of incidents, filtered by where they came from, what they hit and which problem they belong to."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genyin.incidents import queries
from genyin.incidents.models import Incident, IncidentState
from genyin.people.roles import may
from genyin.problems import queries as problems
from genyin.web import respond
from genyin.web.chips import Chip, chip
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.words import word

SERVICES_OFFERED = 300
SOURCES_FROM = 1000  # the newest incidents whose sources are offered: a count over all would read every row


@require_safe
@inside_only
def incident_list(request: Request) -> HttpResponse:
    """Incidents the reader may see, newest first."""
    seen = queries.visible_to(request.actor)
    rows = filtered(seen, request).select_related("service")
    asked = request.GET
    newest = seen.order_by("-occurred_at", "-id").values_list("source", flat=True)[:SOURCES_FROM]
    services = queries.visible_services(request.actor).order_by("name").values_list("name", flat=True)
    context = {
        "page": page(request, rows, by=("-occurred_at", "-id")),
        "chips": chips(request),
        "sources": sorted({*newest, *filter(None, [asked.get("source")])}),
        "services": services[:SERVICES_OFFERED],
        "asked": {name: asked.get(name, "") for name in ("q", "source", "service", "state", "problem", "major")},
        "may_enter": may(request.actor, "incident.receive"),
        "may_import": may(request.actor, "import.run"),
    }
    return respond.page_or_fragment(request, "incidents/list.html", context)


def filtered(incidents: QuerySet[Incident], request: Request) -> QuerySet[Incident]:
    """The incidents that the query parameters ask for. Unknown values find nothing, they are no error."""
    asked = {name: str(value).replace("\x00", "").strip() for name, value in request.GET.items()}
    for name, field in {"source": "source", "service": "service__name", "state": "state"}.items():
        if asked.get(name):
            incidents = incidents.filter(**{field: asked[name]})
    if asked.get("major"):
        incidents = incidents.filter(is_major=True)
    if ref := asked.get("problem"):
        # Through what the reader may see: the list must not tell which incidents an unseen problem has.
        known = problems.visible_to(request.actor).filter(number=ref)
        incidents = incidents.filter(links__problem__in=known.values("id"))
    if text := asked.get("q"):
        incidents = incidents.filter(Q(external_id__iexact=text) | Q(title__icontains=text))
    return incidents


def chips(request: Request) -> list[Chip]:
    """The filters people use most."""
    state, major = request.GET.get("state", ""), bool(request.GET.get("major"))
    return [
        chip(request, _("All"), current=not state and not major, state=None, major=None),
        *(
            chip(request, word("incident", code), current=state == code and not major, state=code, major=None)
            for code in IncidentState.values
        ),
        chip(request, word("flag", "major"), current=major, state=None, major="1"),
    ]


urlpatterns = [path("incidents/", incident_list, name="incidents")]
