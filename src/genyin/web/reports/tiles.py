"""Figures as a page shows them: tiles, a table of all of them, charts drawn from tables, the ageing of what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from genyin.reports.breakdowns import AGE_BANDS
from genyin.reports.catalogue import BY_CODE, METRICS
from genyin.reports.documents import sections, service_report
from genyin.reports.documents.text import DASH, figure_text
from genyin.reports.documents.words import name_of
from genyin.reports.figures import Figures
from genyin.reports.findings import SENTENCES
from genyin.reports.metrics import Figure, Metric
from genyin.web.reports import scopes

CONTROLS = ("review_rate", "minutes_rate", "follow_ups_on_time", "waivers", "record_gap_share")
FLOW = ("problems_total", "solved_in_month", "carried_over")
PARETO = ("service", "category", "source", "team", "customer")
BARS = 12
DARK = (1, 3, 6)  # from how many problems on a cell of the ageing is darker


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its formula, its numbers and last month's value; `url` opens its records."""

    name: str
    figure: str
    unit: str
    formula: str
    before: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in the table of all of them."""

    name: str
    formula: str
    value: str
    before: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Open problems of one stage and age; `tint` is a class of the heat table."""

    count: int
    tint: str


def headlines(figures: Figures) -> list[Tile]:
    """The four sure lines and two times."""
    told = [(code, service_report.tile(figures, code)) for code in service_report.HEADLINES]
    return [Tile(one.name, one.figure, one.unit, one.formula, one.before, address(figures, code)) for code, one in told]


def groups(figures: Figures) -> list[tuple[str, list[Line]]]:
    """Every figure, by group."""
    return [
        (_(heading), [line(figures, metric) for metric in METRICS if metric.group is group])
        for group, heading in sections.GROUPS.items()
    ]


def controls(figures: Figures) -> list[Line]:
    """How well the work was controlled."""
    return [line(figures, BY_CODE[code]) for code in CONTROLS]


def line(figures: Figures, metric: Metric) -> Line:
    """One figure of the month, with its numbers, and last month's."""
    before = figures.before(metric.code)
    return Line(
        name=_(metric.name),
        formula=_(metric.formula),
        value=sections.with_numbers(metric, figures.of_month(metric.code)),
        before=figure_text(before.value, metric.unit) if before else DASH,
        url=address(figures, metric.code),
    )


def address(figures: Figures, code: str, **more: str) -> str:
    """Where the records of a figure are listed."""
    asked = {"scope": scopes.code_of(figures.scope), **more}
    said = urlencode({name: value for name, value in asked.items() if value})
    return reverse("figure", args=[figures.month, code]) + (f"?{said}" if said else "")


def flow(figures: Figures) -> list[tuple[str, list[int]]]:
    """Registered, resolved and open at the end, by month."""
    return [(month[2:], [int(figures.values[code][month].numerator) for code in FLOW]) for month in figures.months]


def pareto(figures: Figures, by: str) -> list[tuple[str, int, str]]:
    """Name, problems of the month, cumulative percent; what is left as one bar."""
    rows = [(name_of(by, row.key), len(row.total)) for row in figures.counts[by]]
    whole, running, told = sum(n for _name, n in rows), 0, []
    for name, n in rows[:BARS]:
        running += n
        told.append((name, n, f"{100 * running / whole:.1f}"))
    return [*told, (_("Others"), whole - running, "100.0")] if running < whole else told


def ages(figures: Figures) -> list[tuple[str, list[Cell], int]]:
    """Open problems by stage and age."""
    return [
        (name_of("stage", row.key), [cell(len(ids), place) for place, ids in enumerate(row.bands)],
         sum(len(ids) for ids in row.bands))
        for row in figures.ages_by_stage
    ]  # fmt: skip


def cell(count: int, band: int) -> Cell:
    """Tinted by how many; red where they are too old."""
    if count and band == len(AGE_BANDS) - 1:
        return Cell(count, "ax")
    return Cell(count, next((f"a{n}" for n, least in reversed(list(enumerate(DARK, 1))) if count >= least), ""))


def findings(figures: Figures) -> list[tuple[str, str]]:
    """What the figures call attention to, and what to do."""
    found = [(SENTENCES[one.code], one.number) for one in figures.findings]
    return [(_(seen) % {"n": number}, _(recommended)) for (seen, recommended), number in found]


def text(metric: Metric, figure: Figure) -> str:
    """A figure with its unit."""
    return figure_text(figure.value, metric.unit)


def bands() -> Sequence[str]:
    """Heads of the ageing."""
    return [name for name, _most in AGE_BANDS]
