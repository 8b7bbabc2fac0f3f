"""The service report as a workbook: a sheet for each section, numbers as numbers, the trend as a native chart."""

import io
import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from genyin.reports.documents.archive import settled
from genyin.reports.documents.blocks import Cell, Chart, Report, Section, Table
from genyin.reports.metrics import Unit

MOST_CHARACTERS = 32_767  # what a cell can hold
NUMBER_FORMATS = {Unit.COUNT: "0", Unit.PERCENT: "0.0%", Unit.DAYS: "0.0", Unit.RATIO: "0.00"}
WIDTH = 9  # characters to one unit of relative width
OPTIONS = {
    "in_memory": True,
    # What a person typed is text, whatever it begins with: no formula, no link, no number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
INK, QUIET, RULE, TINT = "#1B2430", "#5A6676", "#D5DBE3", "#F3F5F8"


class Formats:
    """The cell formats of one workbook, made once each."""

    def __init__(self, book: Workbook, language: str) -> None:
        self.book = book
        self.font = "Microsoft YaHei" if language.startswith("zh") else "Arial"
        self.made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        """The format with these properties on top of the common ones."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            common = {"font_name": self.font, "font_size": 10, "font_color": INK, "valign": "top"}
            self.made[key] = self.book.add_format({**common, **properties})
        return self.made[key]


def produce(report: Report, *, at: datetime) -> bytes:
    """The workbook as bytes. `at` is the moment written into its properties."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    # The properties hold a naive moment, which the file format reads as UTC.
    created = at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": report.title, "author": report.organisation, "created": created})
    formats = Formats(book, report.language)
    taken: set[str] = set()
    for place, (name, section) in enumerate(zip(report.sheets, report.sections, strict=True)):
        sheet = book.add_worksheet(sheet_name(name, taken))
        write_section(book, sheet, formats, section, report if place == 0 else None)
        sheet.set_footer(f"&L{report.number}&R&P / &N")
    book.close()
    return settled(out.getvalue())


def write_section(book: Workbook, sheet: Worksheet, formats: Formats, section: Section, front: Report | None) -> None:
    """One section from top to bottom; `front` adds the head and sign-off of the report to the first sheet."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    widths = [c.width for c in max(section.tables, key=lambda t: len(t.columns)).columns] if section.tables else []
    for column, width in enumerate([3.2, 1.8, 7.5, 2, 2] if front else widths):
        sheet.set_column(column, column, max(7, width * WIDTH))
    row = write_front(sheet, formats, front) if front else 0
    row = text(sheet, formats, row, section.title, bold=True, font_size=13)
    for paragraph in section.text:
        row = text(sheet, formats, row, paragraph)
    for tile in section.tiles:
        text(sheet, formats, row, tile.name)
        write_tile(sheet, formats, row, tile.figure, tile.unit)
        text(sheet, formats, row, tile.formula, column=2, font_color=QUIET, indent=1)
        row = text(sheet, formats, row, tile.before, column=3, font_color=QUIET)
    for table in section.tables:
        first = row + (3 if table.title else 2)
        row = write_table(sheet, formats, row + 1, table)
        if section.chart:
            draw(book, sheet, section.chart, first, len(table.columns))
    if front:
        write_signoff(sheet, formats, front, row + 1)


def write_front(sheet: Worksheet, formats: Formats, report: Report) -> int:
    """Title and head of the report; answers the next free row."""
    row = text(sheet, formats, 0, report.organisation, font_color=QUIET)
    row = text(sheet, formats, row, report.title, bold=True, font_size=18)
    if report.draft:
        row = text(sheet, formats, row, report.draft, font_color="#7A4A00", bg_color="#FDF1D8")
    for label, value in report.meta:
        text(sheet, formats, row, label, font_color=QUIET)
        row = text(sheet, formats, row, value, column=1)
    if report.footer != report.number:
        row = text(sheet, formats, row, report.footer, font_color=QUIET, font_size=8)
    return row + 1


def write_signoff(sheet: Worksheet, formats: Formats, report: Report, row: int) -> None:
    """Who wrote it and when; room to sign."""
    for label, value in report.signoff:
        text(sheet, formats, row, label, font_color=QUIET, border=1, border_color=RULE)
        row = text(sheet, formats, row, value, column=1, border=1, border_color=RULE)


def write_tile(sheet: Worksheet, formats: Formats, row: int, figure: str, unit: str) -> None:
    """A headline figure as it is printed."""
    text(sheet, formats, row, f"{figure} {unit}".strip(), column=1, bold=True, align="right")


def write_table(sheet: Worksheet, formats: Formats, row: int, table: Table) -> int:
    """Title, head, rows, note; answers the next free row."""
    if table.title:
        row = text(sheet, formats, row, table.title, bold=True)
    for column, head in enumerate(table.columns):
        align = "right" if head.number else "left"
        text(
            sheet, formats, row, head.head, column=column,
            bold=True, align=align, bottom=1, font_color=QUIET, text_wrap=True,
        )  # fmt: skip
    for line in table.rows:
        row += 1
        sheet.set_row(
            row, height([(cell.text, c.width * WIDTH) for cell, c in zip(line.cells, table.columns, strict=True)])
        )
        for column, cell in enumerate(line.cells):
            look: dict[str, Any] = {"bottom": 4, "bottom_color": RULE, "bold": line.strong}
            if line.strong:
                look["bg_color"] = TINT
            look["align"] = "right" if table.columns[column].number else "left"
            write_cell(sheet, formats, row, column, cell, **look)
    row += 1
    return text(sheet, formats, row, table.note, font_color=QUIET, font_size=8) if table.note else row


def write_cell(sheet: Worksheet, formats: Formats, row: int, column: int, cell: Cell, **look: Any) -> None:
    """A number as a number; everything else as text, never as a formula."""
    if cell.value is not None and cell.unit is not None:
        shape = formats.get(num_format=NUMBER_FORMATS[cell.unit], **look)
        sheet.write_number(row, column, float(cell.value), shape)
        return
    sheet.write_string(row, column, cell.text[:MOST_CHARACTERS], formats.get(text_wrap=True, **look))


def text(sheet: Worksheet, formats: Formats, row: int, content: str, *, column: int = 0, **look: Any) -> int:
    """A line of text; answers the row after it."""
    if look.get("font_size", 10) > 10:
        sheet.set_row(row, look["font_size"] * 1.6)
    sheet.write_string(row, column, content[:MOST_CHARACTERS], formats.get(**look))
    return row + 1


def height(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points that a row needs so that no cell is cut; a cell is its text and its width in characters.

    Neither Excel nor LibreOffice grows a row by itself when it opens a file that was not saved by it.
    """
    return 14.5 * max((lines(text, width) for text, width in cells), default=1)


def lines(text: str, width: float) -> int:
    """How many lines a text takes; a Chinese character is as wide as two Latin ones."""
    wide = [sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in text.split("\n")]
    return min(24, sum(max(1, math.ceil(units / max(1, width - 1))) for units in wide))


def draw(book: Workbook, sheet: Worksheet, chart: Chart, first: int, beside: int) -> None:
    """Columns by month with the line over them, reading the table that starts in row `first`."""
    name = sheet.get_name()
    last = first + len(chart.labels) - 1
    columns, over = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    fills = iter(("#CFD8E3", "#7A8799", "#AAB4C0"))
    for place, series in enumerate(chart.series, start=1):
        look: dict[str, Any] = {"line": {"color": INK, "width": 1.5}, "marker": {"type": "circle"}}
        (over if series.line else columns).add_series(
            {
                "name": series.name,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, place, last, place],
                **(look if series.line else {"fill": {"color": next(fills)}}),
            }
        )
    columns.combine(over)
    columns.set_title({"name": chart.title, "name_font": {"size": 11}})
    columns.set_legend({"position": "top"})
    columns.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": RULE}}, "min": 0})
    columns.set_size({"width": 760, "height": 320})
    sheet.insert_chart(first - 1, beside + 1, columns)


def sheet_name(name: str, taken: set[str]) -> str:
    """A tab name that Excel accepts and that no other sheet has."""
    clean = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:28] or "-"
    unique, n = clean, 2
    while unique.casefold() in taken:
        unique, n = f"{clean} {n}", n + 1
    taken.add(unique.casefold())
    return unique
