"""The records behind one figure: every number of a report opens its list."""

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genyin.base.errors import NotFound, gettext_noop
from genyin.reports import queries
from genyin.reports.catalogue import BY_CODE
from genyin.reports.documents import sections
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.reports import scopes


@require_safe
@inside_only
def figure(request: Request, month: str, code: str) -> HttpResponse:
    """The records of a figure, or with `part=of` those it is a share of."""
    metric = BY_CODE.get(code)
    if metric is None:
        raise NotFound(gettext_noop("There is no figure %(code)s."), code=code)
    scope = scopes.read(request)
    figures, report = queries.report_for(month, scope=scope, seen_by=request.actor)
    found = figures.of_month(code)
    part = "of" if request.GET.get("part") == "of" and found.of else "records"
    of_incidents = code in queries.OF_INCIDENTS
    rows: Any = queries.records(found, code, part=part, seen_by=request.actor).select_related("service")
    by = ("-occurred_at", "-id") if of_incidents else ("-registered_at", "-id")
    context = {
        "month": figures.month,
        "report": report,
        "name": _(metric.name),
        "formula": _(metric.formula),
        "value": sections.with_numbers(metric, found),
        "part": part,
        "parts": len(found.records),
        "whole": len(found.of),
        "of_incidents": of_incidents,
        "page": page(request, rows if of_incidents else rows.select_related("service", "owner"), by=by),
        "query": scopes.query(scope),
    }
    return respond.page_or_fragment(request, "reports/figure.html", context)


urlpatterns = [path("reports/<str:month>/figures/<slug:code>/", figure, name="figure")]
