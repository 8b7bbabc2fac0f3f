"""One month's report: what is still missing before it is issued, its figures, its charts, its versions."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.base.errors import gettext_noop
from genyin.people.roles import may
from genyin.problems import queries as problems
from genyin.reports import actions, queries
from genyin.reports.documents.service_report import month_name, scoped
from genyin.reports.documents.words import DIMENSIONS
from genyin.reports.facts import Window
from genyin.reports.figures import Figures
from genyin.reports.models import ServiceReport
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.parts import Button
from genyin.web.reports import scopes, tiles
from genyin.web.times import day
from genyin.web.words import listed, sentences

CARRIED_SHOWN = 10
FORMATS = {"docx": gettext_noop("Word"), "xlsx": gettext_noop("Excel"), "pdf": gettext_noop("PDF")}


@dataclass(frozen=True, slots=True)
class Chip:
    """A dimension above the Pareto."""

    code: str
    word: str
    current: bool


@require_safe
@inside_only
def month(request: Request, month: str) -> HttpResponse:
    """The report as issued, else the draft as things stand."""
    scope = scopes.read(request)
    figures, report = queries.report_for(month, scope=scope, seen_by=request.actor)
    by = request.GET.get("by", "")
    by = by if by in tiles.PARETO else tiles.PARETO[0]
    context = {
        "figures": figures,
        "report": report,
        "title": month_name(figures.month),
        "scope_name": scoped(figures),
        "strip": strip(figures, report, request),
        "tiles": tiles.headlines(figures),
        "flow": tiles.flow(figures),
        "pareto": tiles.pareto(figures, by),
        "by": by,
        "dimension": _(DIMENSIONS[by]),
        "chips": [Chip(code, _(DIMENSIONS[code]), code == by) for code in tiles.PARETO],
        "groups": tiles.groups(figures),
        "controls": tiles.controls(figures),
        "bands": tiles.bands(),
        "ages": tiles.ages(figures),
        "open": len(figures.of_month("carried_over").records),
        "findings": tiles.findings(figures),
        "carried": figures.carried[:CARRIED_SHOWN],
        "carried_url": tiles.address(figures, "carried_over"),
        "seen": seen(figures, request),
        "late": late(figures, report, request),
        "versions": versions(figures, request),
        "formats": [(code, _(FORMATS.get(code, code))) for code in actions.FORMATS],
        **around(figures, request),
    }
    return respond.page_or_fragment(request, "reports/month.html", context)


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip above the figures: amber while something is missing, green when issued."""

    heading: str
    note: str
    tone: str
    why: str
    button: Button | None


def strip(figures: Figures, report: ServiceReport | None, request: Request) -> Strip:
    """Issued with its seal; else how many things are missing before it can be, and whose they are."""
    url = reverse("issue_report", args=[figures.month]) + scopes.query(figures.scope)
    allowed = may(request.actor, "report.issue")
    if report is not None:
        again = Button(_("Issue again"), url, dialog=True) if allowed else None
        said = {"number": report.number, "version": report.version, "name": report.issued_by_name}
        heading = _("Issued: %(number)s, version %(version)s") % said
        return Strip(heading, sentences(day(report.issued_at), report.issued_by_name), "done", "", again)
    missing = len(figures.register_gaps) + len(figures.unconfirmed)
    if figures.as_of < figures.end:
        heading = _("The month is not over")
        note = _("it can be issued from %(day)s on") % {"day": day(figures.end)}
        return Strip(heading, note, "warn", lacking(figures), None)
    if missing:
        said_ = ngettext("%(n)s thing is missing before issuing", "%(n)s things are missing before issuing", missing)
        left = ngettext("%(n)s left", "%(n)s left", missing) % {"n": missing}
        wait = Button(f"{_('Issue and freeze')} · {left}", "#missing", "wait") if allowed else None
        return Strip(said_ % {"n": missing}, "", "warn", lacking(figures), wait)
    issue = Button(_("Issue and freeze"), url, "primary", dialog=True) if allowed else None
    frozen = _("Once issued, the figures are frozen: computed again a year later they are the same.")
    return Strip(_("Complete, ready to be issued"), "", "done", frozen, issue)


def lacking(figures: Figures) -> str:
    """Rows and people that are missing."""
    gaps = len(figures.register_gaps)
    rows = ngettext("%(n)s row of the register is incomplete", "%(n)s rows of the register are incomplete", gaps)
    names = listed(figures.unconfirmed)
    return sentences(
        rows % {"n": gaps} if gaps else "",
        _("month-end check not confirmed by %(names)s") % {"names": names} if names else "",
    )


def seen(figures: Figures, request: Request) -> set[str]:
    """Numbers among those the report names whose problems the reader may open."""
    ids = {one.id for one in (*figures.major, *figures.carried[:CARRIED_SHOWN])}
    ids |= {gap.id for gap in figures.register_gaps}
    return set(problems.visible_to(request.actor).filter(id__in=ids).values_list("number", flat=True))


def late(figures: Figures, report: ServiceReport | None, request: Request) -> tuple[int, int] | None:
    """Incidents and problems of the month that came after it was frozen."""
    if report is None:
        return None
    window = Window(figures.month, figures.start, figures.end, clock.now())
    found = queries.late_arrivals(figures.scope, window, since=report.as_of, until=clock.now(), seen_by=request.actor)
    return found if any(found) else None


def versions(figures: Figures, request: Request) -> list[ServiceReport]:
    """Every version of the month that was issued, the newest first."""
    same = queries.of_scope(queries.visible_to(request.actor), figures.scope)
    return list(same.filter(month=figures.month).order_by("-version"))


def around(figures: Figures, request: Request) -> dict[str, object]:
    """The months before and after, and whose figures may be chosen."""
    zone = request.organisation.zone
    following = clock.month_of(figures.end, zone)
    return {
        "before": clock.month_of(figures.start - timedelta(days=1), zone),
        "after": following if figures.end <= clock.now() else "",
        "scopes": scopes.choices(request.actor, figures.scope),
        "query": scopes.query(figures.scope),
    }


urlpatterns = [path("reports/<str:month>/", month, name="report")]
