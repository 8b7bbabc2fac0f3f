"""The dashboard: the month that was last over in tiles, and every month with its report."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.base.clock import month_window
from genyin.reports import queries
from genyin.reports.catalogue import BY_CODE
from genyin.reports.figures import Figures
from genyin.reports.models import ServiceReport
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.reports import scopes, tiles

COLUMNS = ("problems_total", "problems_resolved", "resolution_rate", "incidents_opened")


@dataclass(frozen=True, slots=True)
class Row:
    """A month of the list: its report where one was issued, and its figures in words."""

    month: str
    report: ServiceReport | None
    running: bool
    values: list[str]


@require_safe
@inside_only
def months(request: Request) -> HttpResponse:
    """The last month that is over, its figures as tiles; below it every month there is."""
    scope, zone = scopes.read(request), request.organisation.zone
    this = clock.month_of(clock.now(), zone)
    last = clock.month_of(month_window(this, zone)[0] - timedelta(days=1), zone)
    shown, report = queries.report_for(last, scope=scope, seen_by=request.actor)
    present = queries.draft(this, scope=scope, seen_by=request.actor)
    issued: dict[str, ServiceReport] = {}
    for one in queries.of_scope(queries.visible_to(request.actor), scope).order_by("month", "version"):
        issued[one.month] = one
    context = {
        "month": last,
        "report": report,
        "tiles": tiles.headlines(shown),
        "flow": tiles.flow(present),
        "rows": [_row(name, present, issued.get(name), this) for name in reversed(present.months)],
        "earlier": [one for name, one in sorted(issued.items(), reverse=True) if name not in present.months],
        "heads": [BY_CODE[code].name for code in COLUMNS],
        "scopes": scopes.choices(request.actor, scope),
        "query": scopes.query(scope),
    }
    return respond.page_or_fragment(request, "reports/months.html", context)


def _row(month: str, present: Figures, report: ServiceReport | None, this: str) -> Row:
    """An issued month with the figures it was issued with, another with those of now."""
    figures = queries.figures_of(report) if report else present
    values = [tiles.text(BY_CODE[code], figures.values[code][month]) for code in COLUMNS]
    return Row(month, report, month == this, values)


urlpatterns = [path("reports/", months, name="reports")]
