"""The service report as a Word file, for those who go on writing in it."""

from datetime import UTC, datetime

from docx import Document as new_document
from docx.document import Document
from docx.shared import Cm, Pt

from genyin.reports.documents import word
from genyin.reports.documents.blocks import Report, Section, Table, Tile


def produce(report: Report, *, at: datetime) -> bytes:
    """The Word file as bytes. `at` is the moment written into its properties."""
    document = new_document()
    word.set_up(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = report.title[:250], report.organisation[:250], ""
    properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    front(document, report)
    for section in report.sections:
        write_section(document, section)
    signoff(document, report)
    footer(document, report)
    return word.to_bytes(document)


def front(document: Document, report: Report) -> None:
    """Organisation, title, and what the report is about."""
    word.write(document.add_paragraph(), report.organisation, quiet=True)
    word.write(document.add_paragraph(), report.title, size=20, bold=True)
    if report.draft:
        word.write(document.add_paragraph(), report.draft, bold=True)
    rows = (len(report.meta) + 1) // 2
    table = document.add_table(rows, 4)
    for place, (label, value) in enumerate(report.meta):
        row, column = divmod(place, 2)
        word.fill(table.cell(row, column * 2), label, size=9, quiet=True)
        word.fill(table.cell(row, column * 2 + 1), value, size=9)
    word.widths(table, (1.2, 3.4, 1.2, 3))


def write_section(document: Document, section: Section) -> None:
    """Heading, text, headline figures, tables. The chart stays with PDF and Excel; here its table stands."""
    word.heading(document, section.title)
    for paragraph in section.text:
        word.write(document.add_paragraph(), paragraph)
    if section.tiles:
        tiles(document, section.tiles)
    for table in section.tables:
        write_table(document, table)


def tiles(document: Document, given: tuple[Tile, ...]) -> None:
    """Three headline figures to a row, each with its formula."""
    table = document.add_table((len(given) + 2) // 3, 3)
    for place, tile in enumerate(given):
        cell = table.cell(*divmod(place, 3))
        word.fill(cell, tile.name, size=8.5, quiet=True)
        figure = cell.add_paragraph()
        figure.paragraph_format.space_after = Pt(0)
        word.write(figure, tile.figure, size=17, bold=True)
        if tile.unit:
            word.write(figure, " " + tile.unit, size=9)
        for text in (tile.formula, tile.before):
            paragraph = cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(1)
            word.write(paragraph, text, size=7.5, quiet=True)
    word.widths(table, (1, 1, 1))
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def write_table(document: Document, table: Table) -> None:
    """Title, head that repeats, rows, note."""
    size = 7 if table.small else 8.5
    if table.title:
        title = document.add_paragraph()
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(8), Pt(3)
        word.write(title, table.title, bold=True)
    made = document.add_table(len(table.rows) + 1, len(table.columns))
    # All cells at once: asking a table for each cell of a long one reads it anew every time.
    cells = made._cells
    across = len(table.columns)
    for place, column in enumerate(table.columns):
        word.fill(cells[place], column.head, size=size, bold=True, quiet=True, right=column.number)
    for number, row in enumerate(table.rows, start=1):
        for place, (cell, column) in enumerate(zip(row.cells, table.columns, strict=True)):
            target = cells[number * across + place]
            word.fill(target, cell.text, size=size, bold=row.strong, right=column.number)
            if row.strong:
                word.shade(target)
    word.frame(made)
    word.repeat_head(made)
    word.widths(made, [column.width for column in table.columns])
    if table.small:
        word.narrow(made)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    word.write(after, table.note, size=7.5, quiet=True)


def signoff(document: Document, report: Report) -> None:
    """Who wrote it and when; room to sign."""
    document.add_paragraph().paragraph_format.space_after = Pt(8)
    table = document.add_table(2, len(report.signoff))
    for place, (label, value) in enumerate(report.signoff):
        word.fill(table.cell(0, place), label, size=8.5, quiet=True)
        word.fill(table.cell(1, place), value, size=9.5)
    table.rows[1].height = Cm(1.4)
    word.frame(table, grid=True)
    word.repeat_head(table)


def footer(document: Document, report: Report) -> None:
    """The seal and the page number on every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    word.write(paragraph, report.footer + "    ", size=7, quiet=True)
    word.page_number(paragraph, size=7)
