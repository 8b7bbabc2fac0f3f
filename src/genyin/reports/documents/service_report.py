"""《服务报告》: chooses every word of a report from its figures (procedure.md section 3c, in that order).

Runs in the report's language, not the reader's. The three formats lay out what this gives and add nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from genyin.reports.catalogue import BY_CODE, SURE_LINES
from genyin.reports.documents import named, sections
from genyin.reports.documents.blocks import Report, Section, Tile
from genyin.reports.documents.text import DASH, day, figure_text, minute, printable
from genyin.reports.facts import ScopeKind
from genyin.reports.figures import Figures
from genyin.reports.metrics import Unit

HEADLINES = (*(metric.code for metric in SURE_LINES), "mean_time_to_solve", "late_cause")


@dataclass(frozen=True, slots=True)
class AfterFreeze:
    """What came in for a month whose report had already been issued."""

    month: str
    incidents: int
    problems: int


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a report says beside its figures. `digest` is empty for a draft, `remarks` are the lead's own words."""

    organisation: str
    language: str
    number: str
    version: int = 1
    written_by: str = ""
    written_at: datetime | None = None
    digest: str = ""
    remarks: str = ""
    after_freeze: tuple[AfterFreeze, ...] = ()


def build(figures: Figures, particulars: Particulars) -> Report:
    """The report in words, in the language of the particulars."""
    with translation.override(particulars.language):
        return written(figures, particulars)


def written(figures: Figures, particulars: Particulars) -> Report:
    """The report in the active language."""
    parts = (
        (_("Overview"), overview(figures)),
        (_("Indicators"), sections.indicators(figures)),
        (_("Counts"), sections.counts(figures)),
        (_("Handling time"), sections.handling(figures)),
        (_("Major problems"), named.major(figures)),
        (_("Record quality"), named.quality(figures)),
        (_("Carried over"), named.carried(figures)),
        (_("Trend"), sections.trend(figures)),
        (_("Issues and recommendations"), named.issues(figures, remarks=printable(particulars.remarks))),
        (_("Formulas"), sections.formulas(figures)),
    )
    late = named.after_freeze([(row.month, row.incidents, row.problems) for row in particulars.after_freeze])
    ordered = [part for _name, part in parts]
    names = [name for name, _part in parts]
    if late:
        ordered.insert(-1, late)
        names.insert(-1, _("After the freeze"))
    return Report(
        language=particulars.language,
        number=printable(particulars.number),
        title=_("%(month)s service report") % {"month": month_name(figures.month)},
        organisation=printable(particulars.organisation),
        subtitle=scope_name(figures),
        meta=meta(figures, particulars),
        sections=tuple(numbered(ordered)),
        signoff=signoff(particulars, figures.zone),
        footer=footer(particulars),
        draft="" if particulars.digest else _("Draft: the figures are not frozen yet"),
        page=_("Page"),
        sheets=tuple(names),
    )


def numbered(parts: list[Section]) -> list[Section]:
    """The sections with their numbers."""
    return [
        Section(f"{place} {part.title}", part.text, part.tiles, part.tables, part.chart)
        for place, part in enumerate(parts, start=1)
    ]


def overview(figures: Figures) -> Section:
    """Section 1: the four sure lines and two times, each with its formula and its numbers."""
    left_out = sum(len(ids) for _outcome, ids in figures.left_out)
    incidents = figures.of_month("incidents_opened").value or 0
    text = [
        _(
            "%(month)s: incidents opened %(incidents)d, problems registered %(total)d, of these resolved %(resolved)d, "
            "unresolved %(unresolved)d."
        )
        % {
            "month": month_name(figures.month),
            "incidents": incidents,
            "total": figures.of_month("problems_total").numerator,
            "resolved": figures.of_month("problems_resolved").numerator,
            "unresolved": figures.of_month("problems_unresolved").numerator,
        }
    ]
    if left_out:
        text.append(_("Duplicate, cancelled, out of scope or void, left out of the totals: %(n)d.") % {"n": left_out})
    if figures.imported:
        text.append(
            _("Imported history, counted in the totals but not in the figures on time and quality: %(n)d.")
            % {"n": len(figures.imported)}
        )
    return Section(_("Overview of the period"), tuple(text), tuple(tile(figures, code) for code in HEADLINES))


def tile(figures: Figures, code: str) -> Tile:
    """A headline figure: its formula with its numbers, and last month's value."""
    metric, figure, before = BY_CODE[code], figures.of_month(code), figures.before(code)
    last = figure_text(before.value, metric.unit) if before else DASH
    return Tile(
        name=_(metric.name),
        figure=figure_text(figure.value, metric.unit),
        formula=sections.formula_with_numbers(metric, figure),
        before=_("last month %(value)s") % {"value": last},
        unit=_("working days") if metric.unit is Unit.DAYS and figure.value is not None else "",
    )


def meta(figures: Figures, particulars: Particulars) -> tuple[tuple[str, str], ...]:
    """The head of the report: number, period, zone, what was known when."""
    return (
        (_("Number"), printable(particulars.number)),
        (_("Version"), str(particulars.version)),
        (_("Scope"), scope_name(figures)),
        (_("Period"), period(figures)),
        (_("Time zone"), figures.zone),
        (_("Figures as of"), minute(figures.as_of, figures.zone)),
        (_("Definitions"), _("version %(version)s") % {"version": figures.definitions}),
    )


def period(figures: Figures) -> str:
    """First and last day of the window, in the site's zone."""
    last = figures.end - timedelta(seconds=1)
    return _("%(first)s to %(last)s") % {"first": day(figures.start, figures.zone), "last": day(last, figures.zone)}


def scope_name(figures: Figures) -> str:
    """Whose figures they are, and of which source the incidents."""
    name = scoped(figures)
    if figures.scope.source:
        return _("%(scope)s, incidents of %(source)s") % {"scope": name, "source": printable(figures.scope.source)}
    return name


def scoped(figures: Figures) -> str:
    """Everybody's, a customer's or a project's."""
    if figures.scope.kind is ScopeKind.CUSTOMER:
        return _("Customer: %(name)s") % {"name": printable(figures.scope.name)}
    if figures.scope.kind is ScopeKind.PROJECT:
        return _("Project: %(name)s") % {"name": printable(figures.scope.name)}
    return _("All customers and projects")


def signoff(particulars: Particulars, zone: str) -> tuple[tuple[str, str], ...]:
    """Who wrote it, when, which version; who receives it signs by hand."""
    return (
        (_("Written by"), printable(particulars.written_by)),
        (_("Date"), minute(particulars.written_at, zone)[:10] if particulars.written_at else ""),
        (_("Version"), str(particulars.version)),
        (_("Approved by"), ""),
        (_("Signature and date"), ""),
    )


def footer(particulars: Particulars) -> str:
    """The seal: anybody can check that a report is the one that was issued."""
    if not particulars.digest:
        return printable(particulars.number)
    return _("%(number)s · SHA-256 of the figures %(digest)s") % {
        "number": printable(particulars.number),
        "digest": particulars.digest,
    }


def month_name(month: str) -> str:
    """The month in words of the active language."""
    year, number = (int(part) for part in month.split("-"))
    return date_format(date(year, number, 1), "YEAR_MONTH_FORMAT")
