"""The sections of the service report that are made of numbers, in the active language."""

from fractions import Fraction

from django.utils.translation import gettext as _

from genyin.base.errors import gettext_noop
from genyin.reports.breakdowns import AGE_BANDS, AgeRow, Count
from genyin.reports.catalogue import METRICS
from genyin.reports.documents.blocks import Cell, Chart, Column, Row, Section, Series, Table, number, words
from genyin.reports.documents.text import decimal, figure_text
from genyin.reports.documents.words import DIMENSIONS, name_of
from genyin.reports.figures import TOTAL, Figures
from genyin.reports.metrics import Figure, Group, Metric, Unit

GROUPS = {
    Group.SURE: gettext_noop("Problems of the month"),
    Group.FLOW: gettext_noop("Flow"),
    Group.TIME: gettext_noop("Timeliness"),
    Group.QUALITY: gettext_noop("Quality of the work"),
    Group.INCIDENTS: gettext_noop("Incidents"),
}
PRINTED_DIMENSIONS = ("source", "category", "level", "team", "service")
MOST_ROWS = 15


def indicators(figures: Figures) -> Section:
    """Section 2: one column per month and the total."""
    months = [f"{month[2:]}" for month in figures.months]
    columns = (
        Column(_("Indicator"), 4.2),
        *(Column(month, 1, number=True) for month in months),
        Column(_("Total"), 1.1, number=True),
    )
    rows: list[Row] = []
    for group, heading in GROUPS.items():
        rows.append(Row((words(_(heading)), *(Cell("") for _month in columns[1:])), strong=True))
        rows.extend(indicator(figures, metric) for metric in METRICS if metric.group is group)
    note = _("The total covers all months shown together; means and rates are computed anew, not averaged.")
    table = Table(columns, tuple(rows), note=note, small=True)
    return Section(_("Indicators by month"), tables=(table,))


def indicator(figures: Figures, metric: Metric) -> Row:
    """One metric over the months."""
    by_month = figures.values[metric.code]
    name = _(metric.name)
    if metric.unit is Unit.DAYS:
        name = _("%(name)s (working days)") % {"name": name}
    return Row((words(name), *(number(by_month[key].value, metric.unit) for key in (*figures.months, TOTAL))))


def counts(figures: Figures) -> Section:
    """Section 3: this month's problems by source, category, level, team and service."""
    tables = [
        breakdown(dimension, figures.counts[dimension]) for dimension in PRINTED_DIMENSIONS if figures.counts[dimension]
    ]
    if figures.left_out:
        tables.append(
            Table(
                (Column(_("Outcome"), 3), Column(_("Problems"), 1, number=True)),
                tuple(Row((words(name_of("outcome", code)), number(len(ids)))) for code, ids in figures.left_out),
                title=_("Left out of the totals"),
            )
        )
    text = () if tables else (_("No problem was registered in the month."),)
    return Section(_("Counts by source, category, level, team and service"), text, tables=tuple(tables))


def breakdown(dimension: str, rows: tuple[Count, ...]) -> Table:
    """One dimension, the largest first, small ones together."""
    head = _(DIMENSIONS[dimension])
    columns = (
        Column(head, 3),
        Column(_("Total"), 1, number=True),
        Column(_("Resolved"), 1, number=True),
        Column(_("Unresolved"), 1, number=True),
        Column(_("Resolution rate"), 1.2, number=True),
    )
    printed = [count_row(name_of(dimension, row.key), len(row.total), len(row.resolved)) for row in rows[:MOST_ROWS]]
    rest = rows[MOST_ROWS:]
    if rest:
        name = _("%(n)d others") % {"n": len(rest)}
        printed.append(count_row(name, sum(len(r.total) for r in rest), sum(len(r.resolved) for r in rest)))
    sums = count_row(_("Total"), sum(len(r.total) for r in rows), sum(len(r.resolved) for r in rows), strong=True)
    return Table(columns, (*printed, sums), title=_("By %(dimension)s") % {"dimension": head.lower()})


def count_row(name: str, total: int, resolved: int, *, strong: bool = False) -> Row:
    """Total, resolved, unresolved and the rate."""
    rate = number(Fraction(resolved, total) if total else None, Unit.PERCENT)
    return Row((words(name), number(total), number(resolved), number(total - resolved), rate), strong)


def handling(figures: Figures) -> Section:
    """Section 4: how many were handled, how many on time, how long it took, and how old the open ones are."""
    columns = (
        Column(_("Level"), 2),
        Column(_("Handled"), 1, number=True),
        Column(_("With a plan"), 1, number=True),
        Column(_("On time"), 1, number=True),
        Column(_("On-time rate"), 1.2, number=True),
        Column(_("Mean time to solve (working days)"), 2, number=True),
    )
    rows = tuple(
        Row(
            (
                words(name_of("level", row.key) if row.key else _("Total")),
                number(len(row.handled)),
                number(row.on_time.denominator),
                number(row.on_time.numerator),
                number(row.on_time.value, Unit.PERCENT),
                number(row.mean.value, Unit.DAYS),
            ),
            strong=not row.key,
        )
        for row in figures.handling
    )
    tables = (
        Table(columns, rows, note=_("Handled: resolved in the month. On-time rate = on time ÷ with a plan.")),
        ages(_("Unresolved at the end by stage and age in days"), _("Stage"), "stage", figures.ages_by_stage),
        ages(_("Unresolved at the end by level and age in days"), _("Level"), "level", figures.ages_by_level),
    )
    return Section(_("Handling time"), tables=tables)


def ages(title: str, head: str, kind: str, rows: tuple[AgeRow, ...]) -> Table:
    """Open problems by age band, with sums."""
    columns = (
        Column(head, 3),
        *(Column(name, 1, number=True) for name, _most in AGE_BANDS),
        Column(_("Total"), 1, number=True),
    )
    body = [age_row(name_of(kind, row.key), [len(ids) for ids in row.bands]) for row in rows]
    sums = [sum(len(row.bands[i]) for row in rows) for i in range(len(AGE_BANDS))]
    return Table(columns, (*body, age_row(_("Total"), sums, strong=True)), title=title)


def age_row(name: str, numbers: list[int], *, strong: bool = False) -> Row:
    """The numbers of each band and their sum."""
    return Row((words(name), *(number(n) for n in (*numbers, sum(numbers)))), strong)


def trend(figures: Figures) -> Section:
    """Section 8: registered, resolved and open by month, drawn and as numbers."""
    names = {
        "problems_total": _("Registered"),
        "solved_in_month": _("Resolved"),
        "carried_over": _("Unresolved at the end"),
    }
    labels = tuple(month[2:] for month in figures.months)
    series = tuple(
        Series(name, tuple(int(figures.values[code][m].numerator) for m in figures.months), code == "carried_over")
        for code, name in names.items()
    )
    columns = (Column(_("Month"), 1.4), *(Column(name, 1, number=True) for name in names.values()))
    rows = tuple(
        Row((words(month), *(number(one.values[place]) for one in series)))
        for place, month in enumerate(figures.months)
    )
    title = _("Problems by month")
    return Section(_("Trend"), tables=(Table(columns, rows),), chart=Chart(title, labels, series))


def formulas(figures: Figures) -> Section:
    """The formula of every figure with this month's numbers."""
    columns = (Column(_("Indicator"), 2.3), Column(_("Formula"), 5.4), Column(_("This month"), 1.8, number=True))
    rows = tuple(
        Row((words(_(m.name)), words(_(m.formula)), words(with_numbers(m, figures.of_month(m.code))))) for m in METRICS
    )
    note = _("A dash stands where the denominator is zero. Days are working days; time on hold is taken off.")
    return Section(_("Formulas"), tables=(Table(columns, rows, note=note, small=True),))


def with_numbers(metric: Metric, figure: Figure) -> str:
    """`11 ÷ 18 = 61.1%`, or the plain count."""
    value = figure_text(figure.value, metric.unit)
    if figure.denominator is None:
        return value
    places = 0 if figure.numerator.denominator == 1 else 1
    return f"{decimal(figure.numerator, places)} ÷ {decimal(figure.denominator, 0)} = {value}"


def formula_with_numbers(metric: Metric, figure: Figure) -> str:
    """The formula in words, and its numbers where it is a quotient."""
    if figure.denominator is None:
        return _(metric.formula)
    places = 0 if figure.numerator.denominator == 1 else 1
    return f"{_(metric.formula)} = {decimal(figure.numerator, places)} ÷ {decimal(figure.denominator, 0)}"
