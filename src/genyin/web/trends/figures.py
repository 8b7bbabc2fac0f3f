"""Statistics: which few values make 80 % of a period, and how that changed. Each number opens its incidents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.incidents import queries as incidents
from genyin.trends import tables
from genyin.trends.statistics import figures as statistics
from genyin.trends.statistics.figures import Month, Share, Statistics
from genyin.trends.statistics.monthly import after, back, month
from genyin.trends.statistics.scope import DIMENSIONS, Scope
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page
from genyin.web.words import word

BARS = 12
SERVICES_OFFERED = 300
SPANS = (1, 3, 12)  # months a period may have on this page
SCOPED = ("customer", "service", "source")  # what the address may narrow the figures to
#: How the dimensions are called among our fields.
NAMES = {
    "service": "service",
    "category": "category",
    "item": "item",
    "team": "assignment_group",
    "customer": "customer",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice above the table."""

    code: str
    word: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A value with its count, cumulative percent and changes in words; `url` opens its incidents."""

    name: str
    count: int
    cumulative: str
    change: str
    year_change: str
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the months up to and with `until`, by which dimension, of which incidents."""

    by: str
    until: str
    span: int
    scope: Scope

    @property
    def since(self) -> str:
        return back(self.until, self.span)[0]


@require_safe
@inside_only
def figures(request: Request) -> HttpResponse:
    """The figures of the period; while the cache is being made, a page that says so."""
    asked = read(request)
    found = statistics.statistics(
        request.actor, by=asked.by, since=asked.since, until=asked.until, scope=asked.scope, most=BARS
    )
    now = _running(request)
    later = after(asked.until)
    context = {
        "found": found,
        "asked": asked,
        "earlier": back(asked.until, 2)[0],
        "later": later if later <= now else "",
        "rows": bars(found, asked) if found else [],
        "months": months(found, asked) if found else [],
        "dimension": dimension(asked.by),
        "chips": [Chip(code, dimension(code), code == asked.by) for code in DIMENSIONS],
        "spans": [Chip(str(n), span(n), n == asked.span) for n in SPANS],
        "services": incidents.visible_services(request.actor)
        .order_by("name")
        .values_list("name", flat=True)[:SERVICES_OFFERED],
        "place": "figures",
    }
    return respond.page_or_fragment(request, "trends/figures.html", context)


@require_safe
@inside_only
def counted(request: Request) -> HttpResponse:
    """The incidents behind a figure: of the value in the address, or of all where there is none."""
    asked, by = read(request), "value" in request.GET
    value = request.GET.get("value", "")
    rows = statistics.behind_figure(
        request.actor, since=asked.since, until=asked.until, by=asked.by if by else "", value=value, scope=asked.scope
    )
    context = {
        "asked": asked,
        "dimension": dimension(asked.by) if by else "",
        "name": named(value) if by else _("All incidents"),
        "page": page(request, rows.select_related("service"), by=("-occurred_at", "-id")),
        "back": f"{reverse('trend_figures')}?{query(asked)}",
        "place": "figures",
    }
    return respond.page_or_fragment(request, "trends/counted.html", context)


def read(request: Request) -> Asked:
    """What the address asks for, no month ahead of now. Raises BadInput for a month that is none."""
    said = {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
    until = min(month(said["month"]), _running(request)) if said.get("month") else _newest(request)
    length = said.get("span", "")
    scope = Scope(**{name: said.get(name, "") for name in SCOPED})
    return Asked(said.get("by") or "service", until, int(length) if length in map(str, SPANS) else SPANS[0], scope)


def query(asked: Asked, **more: str) -> str:
    """The same as an address."""
    scoped = {name: getattr(asked.scope, name) for name in SCOPED if getattr(asked.scope, name)}
    return urlencode({"by": asked.by, "month": asked.until, "span": asked.span, **scoped, **more})


def bars(found: Statistics, asked: Asked) -> list[Row]:
    """The first values; what is left as one bar that ends at 100 and opens nothing."""
    shown = [row(share, asked) for share in found.shares]
    rest = found.total - sum(share.count for share in found.shares)
    return [*shown, Row(_("Others"), rest, "100.0", "", "", "")] if rest else shown


def row(share: Share, asked: Asked) -> Row:
    """One value in words."""
    url = f"{reverse('counted_incidents')}?{query(asked, value=share.value)}"
    changes = percent(share.change), percent(share.year_change)
    return Row(named(share.value), share.count, f"{share.cumulative * 100:.1f}", *changes, url)


def months(found: Statistics, asked: Asked) -> Sequence[tuple[Month, str, str, str]]:
    """Months with both changes in words, and where their incidents are listed."""
    address = reverse("counted_incidents")
    return [
        (
            one,
            percent(one.change),
            percent(one.year_change),
            f"{address}?{query(replace(asked, until=one.month, span=1))}",
        )
        for one in found.months
    ]


def named(value: str) -> str:
    """A value as it is shown."""
    return value or _("not given")


def span(length: int) -> str:
    """The word for a period."""
    return {1: _("One month"), 3: _("Three months"), 12: _("Twelve months")}[length]


def dimension(code: str) -> str:
    """The word for a dimension."""
    return word("record_field", NAMES[code]) if code in NAMES else _("Source")


def percent(change: float | None) -> str:
    """+20.0%, or "/" where there is nothing to compare with."""
    return "/" if change is None else f"{change * 100:+.1f}%"


def _running(request: Request) -> str:
    return clock.month_of(clock.now(), request.organisation.zone)


def _newest(request: Request) -> str:
    latest = tables.latest(request.actor)
    return clock.month_of(latest or clock.now(), request.organisation.zone)


urlpatterns = [
    path("trends/figures/", figures, name="trend_figures"),
    path("trends/figures/incidents/", counted, name="counted_incidents"),
]
