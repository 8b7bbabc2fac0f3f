"""Tables of trends: month over month, and a Pareto by one dimension with its 80 % mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import queries as incidents
from genyin.reports.documents.text import DASH
from genyin.trends import tables
from genyin.trends.tables import Month, Scope, Share
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.words import word

BARS = 12
SERVICES_OFFERED = 300
#: How the dimensions of the Pareto are called among our fields.
NAMES = {
    "service": "service",
    "category": "category",
    "item": "item",
    "team": "assignment_group",
    "customer": "customer",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A dimension above the chart."""

    code: str
    word: str
    current: bool


@require_safe
@inside_only
def figures(request: Request) -> HttpResponse:
    """Months with 环比 and 同比, then which few make 80 % of the chosen month."""
    asked = request.GET
    scope = Scope(customer=asked.get("customer", ""), service=asked.get("service", ""))
    month = asked.get("month", "") or _latest_month(request)
    by = asked.get("by", "") or "service"
    since, until = _window(month, request)
    shares = tables.pareto(request.actor, by=by, since=since, until=until, scope=scope)
    context = {
        "months": changes(tables.months(request.actor, until=month, scope=scope)),
        "month": month,
        "earlier": clock.month_of(since - timedelta(days=1), request.organisation.zone),
        "later": clock.month_of(until, request.organisation.zone) if until <= clock.now() else "",
        "rows": bars(shares),
        "total": whole(shares),
        "few": sum(one.vital for one in shares),
        "by": by,
        "dimension": dimension(by),
        "chips": [Chip(code, dimension(code), code == by) for code in tables.DIMENSIONS],
        "services": incidents.visible_services(request.actor)
        .order_by("name")
        .values_list("name", flat=True)[:SERVICES_OFFERED],
        "asked": scope,
        "place": "figures",
    }
    return respond.page_or_fragment(request, "trends/figures.html", context)


def bars(shares: Sequence[Share]) -> list[tuple[str, int, str]]:
    """Name, count and cumulative percent of the first values; what is left as one bar that ends at 100."""
    shown = [(one.value or DASH, one.count, f"{one.cumulative * 100:.1f}") for one in shares[:BARS]]
    rest = whole(shares) - sum(count for _name, count, _percent in shown)
    return [*shown, (_("Others"), rest, "100.0")] if rest else shown


def whole(shares: Sequence[Share]) -> int:
    """All incidents of the period, also those of values beyond the list."""
    return round(shares[0].count / shares[0].share) if shares else 0


def dimension(code: str) -> str:
    """The word for a dimension."""
    return word("record_field", NAMES[code]) if code in NAMES else _("Source")


def percent(change: float | None) -> str:
    """+20.0%, or "/" where there is nothing to compare with."""
    return "/" if change is None else f"{change * 100:+.1f}%"


def changes(rows: list[Month]) -> list[tuple[Month, str, str]]:
    """Months with both changes in words."""
    return [(row, percent(row.change), percent(row.year_change)) for row in rows]


def _latest_month(request: Request) -> str:
    latest = tables.latest(request.actor)
    return clock.month_of(latest or clock.now(), request.organisation.zone)


def _window(month: str, request: Request) -> tuple[datetime, datetime]:
    try:
        return clock.month_window(month, request.organisation.zone)
    except ValueError as wrong:
        raise BadInput(gettext_noop("Give a month as YYYY-MM."), field="month") from wrong


urlpatterns = [path("trends/figures/", figures, name="trend_figures")]
