"""The sections of the service report that name problems one by one, in the active language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from genyin.reports.documents.blocks import Column, Row, Section, Table, number, words
from genyin.reports.documents.text import DASH, day, decimal, figure_text, printable, shortened
from genyin.reports.documents.words import joined, listed, name_of
from genyin.reports.figures import Figures, Line
from genyin.reports.findings import SENTENCES
from genyin.reports.metrics import Unit


def major(figures: Figures) -> Section:
    """Section 5: every major problem with its cause and action."""
    if not figures.major:
        return Section(_("Major problems"), (_("There was no major problem in the month."),))
    columns = (
        Column(_("Number"), 2.2),
        Column(_("Title"), 2.4),
        Column(_("State"), 1.2),
        Column(_("Root cause"), 3),
        Column(_("Action"), 3),
        Column(_("Effect"), 1.1),
    )
    rows = tuple(
        Row(
            (
                words(line.ref),
                words(line.title),
                words(state(line)),
                words(shortened(line.cause, 400) or _("not found yet")),
                words(shortened(line.action, 400) or _("not planned yet")),
                words(name_of("verdict", line.verdict) if line.verdict else DASH),
            )
        )
        for line in figures.major
    )
    return Section(_("Major problems"), tables=(Table(columns, rows),))


def state(line: Line) -> str:
    """The outcome of a closed problem, else its stage."""
    return name_of("outcome", line.outcome) if line.outcome else name_of("stage", line.stage)


def quality(figures: Figures) -> Section:
    """Section 6: the records that lack something, each named with what it lacks."""
    share = figures.of_month("record_gap_share")
    text = _("%(n)s of %(of)s records are incomplete or unlinked (%(share)s).") % {
        "n": decimal(share.numerator, 0),
        "of": decimal(share.denominator or share.numerator * 0, 0),
        "share": figure_text(share.value, Unit.PERCENT),
    }
    columns = (Column(_("Number"), 2.2), Column(_("Title"), 4), Column(_("Missing"), 4), Column(_("Owner"), 1.6))
    rows = tuple(
        Row((words(x.ref), words(x.title), words(joined("missing", x.missing)), words(x.owner or DASH)))
        for x in figures.gaps
    )
    tables = [Table(columns, rows)] if rows else []
    if figures.register_gaps:
        tables.append(register_gaps(figures, columns))
    texts = [text]
    if figures.unconfirmed:
        owners = listed(printable(name) for name in figures.unconfirmed)
        texts.append(_("Month-end check not confirmed by: %(owners)s.") % {"owners": owners})
    return Section(_("Record quality"), tuple(texts), tables=tuple(tables))


def register_gaps(figures: Figures, columns: tuple[Column, ...]) -> Table:
    """What the month-end check found missing in the register (R56)."""
    rows = tuple(
        Row(
            (
                words(x.ref),
                words(x.title),
                words(joined("missing", x.missing) if x.missing else _("no row in the register")),
                words(x.owner or DASH),
            )
        )
        for x in figures.register_gaps
    )
    return Table(columns, rows, title=_("Incomplete in the register"))


def carried(figures: Figures) -> Section:
    """Section 7: what is still unresolved, why, and until when; accepted risks after them."""
    tables: list[Table] = []
    if figures.carried:
        columns = (
            Column(_("Number"), 2.2),
            Column(_("Title"), 2.7),
            Column(_("Level"), 1.1),
            Column(_("Stage"), 1.8),
            Column(_("Reason"), 3.2),
            Column(_("Owner"), 2.0),
            Column(_("Due"), 1.75),
        )
        tables.append(Table(columns, tuple(carried_row(line, figures.zone) for line in figures.carried)))
    if figures.risks:
        tables.append(accepted_risks(figures))
    text = () if tables else (_("No problem is carried over."),)
    return Section(_("Problems carried over"), text, tables=tuple(tables))


def accepted_risks(figures: Figures) -> Table:
    """Risks that were accepted until a date: a line in every report until then."""
    columns = (
        Column(_("Number"), 2.2),
        Column(_("Title"), 5),
        Column(_("Accepted until"), 1.8),
        Column(_("Owner"), 1.6),
    )
    rows = tuple(
        Row((words(x.ref), words(x.title), words(day(x.until, figures.zone)), words(x.owner or DASH)))
        for x in figures.risks
    )
    return Table(columns, rows, title=_("Accepted risks"))


def carried_row(line: Line, zone: str) -> Row:
    """An unresolved problem with the reason it is unresolved."""
    cells = (
        line.ref,
        line.title,
        name_of("level", line.level),
        name_of("stage", line.stage),
        carried_reason(line, zone),
        line.owner or DASH,
        day(line.due_at, zone),
    )
    return Row(tuple(words(text) for text in cells))


def carried_reason(line: Line, zone: str) -> str:
    """On hold and why; else the control points it waits for; else the clocks it is late at; else its stage."""
    if line.reason:
        until = day(line.until, zone)
        return _("On hold until %(until)s: %(reason)s") % {"until": until, "reason": shortened(line.reason, 200)}
    if line.waiting_for:
        return _("Waiting for: %(points)s") % {"points": joined("point", line.waiting_for)}
    if line.late:
        return _("Late: %(clocks)s") % {"clocks": joined("clock", line.late)}
    return name_of("stage", line.stage)


def issues(figures: Figures, *, remarks: str) -> Section:
    """Section 9: what the figures call attention to, then the lead's own words."""
    columns = (Column("", 0.4), Column(_("What was seen"), 4), Column(_("Recommendation"), 4))
    rows = []
    for place, found in enumerate(figures.findings, start=1):
        seen, recommended = SENTENCES[found.code]
        rows.append(Row((number(place), words(_(seen) % {"n": found.number}), words(_(recommended)))))
    text = [] if rows else [_("The figures of the month call for no action.")]
    text.extend(line for line in remarks.split("\n") if line.strip())
    tables = (Table(columns, tuple(rows)),) if rows else ()
    return Section(_("Issues and recommendations"), tuple(text), tables=tables)


def after_freeze(rows: Iterable[tuple[str, int, int]]) -> Section | None:
    """What arrived for a month after its report was issued: told here, the issued report stays as it is."""
    listed = [Row((words(month), number(incidents), number(problems))) for month, incidents, problems in rows]
    if not listed:
        return None
    columns = (Column(_("Month"), 1), Column(_("Incidents"), 1, number=True), Column(_("Problems"), 1, number=True))
    text = _("These arrived after the report of their month was frozen. They are not in its figures.")
    return Section(_("After the freeze"), (text,), tables=(Table(columns, tuple(listed)),))
