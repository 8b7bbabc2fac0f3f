"""《问题记录汇总表》 as a workbook: one row for each problem, and the month-end check beside it (R55, R56)."""

import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from genyin.base.errors import gettext_noop
from genyin.reports.documents.archive import settled
from genyin.reports.documents.service_report_xlsx import MOST_CHARACTERS, OPTIONS, QUIET, RULE, Formats, height
from genyin.reports.documents.text import printable, shortened
from genyin.reports.documents.words import joined

MOST_SUMMARY = 300
# Head and width in characters of the eighteen columns, in the order of procedure.md section 3b.
COLUMNS = (
    (gettext_noop("No."), 5),
    (gettext_noop("Problem number"), 16),
    (gettext_noop("Title"), 32),
    (gettext_noop("Source"), 12),
    (gettext_noop("Category"), 12),
    (gettext_noop("Level"), 7),
    (gettext_noop("System concerned"), 16),
    (gettext_noop("Submitted by"), 13),
    (gettext_noop("Date registered"), 12),
    (gettext_noop("Owner"), 13),
    (gettext_noop("Root cause (summary)"), 32),
    (gettext_noop("Solution (summary)"), 32),
    (gettext_noop("Change / change number"), 16),
    (gettext_noop("Status"), 12),
    (gettext_noop("Date resolved"), 12),
    (gettext_noop("Review date / minutes"), 16),
    (gettext_noop("Date closed"), 12),
    (gettext_noop("Remarks"), 20),
)
CHECK_COLUMNS = (
    (gettext_noop("Problem number"), 18),
    (gettext_noop("Title"), 40),
    (gettext_noop("Owner"), 18),
    (gettext_noop("Missing"), 50),
)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One problem; every value already in words of the register's language."""

    ref: str
    title: str
    source: str
    category: str
    level: str
    service: str
    submitter: str
    registered_on: str
    owner: str
    cause: str
    solution: str
    change: str
    status: str
    resolved_on: str
    review: str
    closed_on: str
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A problem of the month whose row is not complete; `missing` are codes. An empty one means there is no row."""

    ref: str
    title: str
    owner: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnerCheck:
    """Whether an owner has confirmed the month-end check, and when."""

    owner: str
    confirmed_on: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The month-end check: how many problems it looked at, what it found, who has confirmed it."""

    month: str
    looked_at: int
    missing: tuple[MissingRow, ...]
    owners: tuple[OwnerCheck, ...] = ()


def produce(
    rows: Iterable[RegisterRow], *, organisation: str, period: str, language: str, at: datetime, check: Check | None
) -> bytes:
    """The workbook as bytes. Rows are written as they come, so that a long register takes no more memory."""
    out = io.BytesIO()
    with translation.override(language):
        book = xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": False, "constant_memory": True})
        created = at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": _("Problem register"), "author": printable(organisation), "created": created})
        formats = Formats(book, language)
        write_register(book.add_worksheet(_("Register")), formats, rows, f"{printable(organisation)}  {period}")
        if check:
            write_check(book.add_worksheet(_("Month-end check")), formats, check)
        book.close()
    return settled(out.getvalue())


def write_register(sheet: Worksheet, formats: Formats, rows: Iterable[RegisterRow], line: str) -> None:
    """Title, head that stays in view, one row for each problem."""
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 3)
    title(sheet, formats, _("Problem register"), line)
    head(sheet, formats, 2, COLUMNS)
    row = 2
    for row, entry in enumerate(rows, start=3):
        texts = [shortened(text, MOST_SUMMARY) for text in astuple(entry)]
        widths = [width for _head, width in COLUMNS[1:]]
        sheet.set_row(row, height(list(zip(texts, widths, strict=True))))
        sheet.write_number(row, 0, row - 2, formats.get(border=1, border_color=RULE))
        for column, text in enumerate(texts, start=1):
            cell(sheet, formats, row, column, text)
    sheet.autofilter(2, 0, max(row, 3), len(COLUMNS) - 1)


def write_check(sheet: Worksheet, formats: Formats, check: Check) -> None:
    """What is missing, named; who has confirmed."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    summary = _("%(month)s: %(missing)d of %(n)d problems registered, resolved or closed are not complete.")
    line = summary % {"month": check.month, "missing": len(check.missing), "n": check.looked_at}
    title(sheet, formats, _("Month-end check"), line)
    head(sheet, formats, 2, CHECK_COLUMNS)
    row = 3
    for row, entry in enumerate(check.missing, start=3):
        lacks = joined("missing", entry.missing) if entry.missing else _("no row in the register")
        for column, text in enumerate((entry.ref, entry.title, entry.owner, lacks)):
            cell(sheet, formats, row, column, printable(text))
    if not check.missing:
        sheet.write_string(row, 0, _("Nothing is missing."), formats.get())
    head(sheet, formats, row + 2, ((gettext_noop("Owner"), 18), (gettext_noop("Confirmed on"), 40)), size=False)
    for place, owner in enumerate(check.owners, start=row + 3):
        cell(sheet, formats, place, 0, printable(owner.owner))
        cell(sheet, formats, place, 1, owner.confirmed_on or _("not yet"))


def title(sheet: Worksheet, formats: Formats, text: str, line: str) -> None:
    """The sheet's title and what it covers."""
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, text, formats.get(bold=True, font_size=16))
    sheet.write_string(1, 0, line, formats.get(font_color=QUIET))


def head(
    sheet: Worksheet, formats: Formats, row: int, columns: tuple[tuple[str, int], ...], *, size: bool = True
) -> None:
    """The column heads."""
    look = formats.get(bold=True, text_wrap=True, bg_color="#E8ECF1", border=1, border_color=RULE, valign="vcenter")
    for column, (name, width) in enumerate(columns):
        if size:
            sheet.set_column(column, column, width)
        sheet.write_string(row, column, _(name), look)


def cell(sheet: Worksheet, formats: Formats, row: int, column: int, text: str) -> None:
    """Text, never a formula."""
    look = formats.get(text_wrap=True, border=1, border_color=RULE)
    sheet.write_string(row, column, text[:MOST_CHARACTERS], look)
