"""Builds the shipped Word templates of 《问题记录表》 and 《会议纪要》, in Chinese and English.

Run `python -m genyin.reports.documents.build_templates` after a change here; the files it writes are committed.
A firm may replace them with its own: the fields between double braces are those of RecordForm and Minutes.
"""

from itertools import groupby
from pathlib import Path

from docx import Document as new_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.table import _Cell

from genyin.reports.documents import word
from genyin.reports.documents.form_layouts import FORMS, LANGUAGES, Listing, Long, Pairs

FOLDER = Path(__file__).parent / "templates"


def build(form: str, language: str) -> bytes:
    """One template as bytes."""
    title, parts, signatures = FORMS[form]
    place = LANGUAGES.index(language)
    document = new_document()
    word.set_up(document, size=9.5)
    document.core_properties.title, document.core_properties.author = title[place], ""
    document.core_properties.comments = ""
    head(document, title[place])
    for part in parts:
        word.heading(document, part.title[place], size=11)
        for long, blocks in groupby(part.blocks, lambda block: isinstance(block, Long)):
            if long:
                add_texts(document, [block for block in blocks if isinstance(block, Long)], place)
                continue
            for block in blocks:
                add(document, block, place)
    sign(document, [label[place] for label in signatures])
    footer = document.sections[0].footer.paragraphs[0]
    word.write(footer, "{{ organisation }} · {{ ref }} · {{ printed_at }}    ", size=7.5, quiet=True)
    word.page_number(footer, size=7.5)
    return word.to_bytes(document)


def head(document: Document, title: str) -> None:
    """The firm's name over the form's."""
    for text, size, bold in (("{{ organisation }}", 9.5, False), (title, 18, True)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        word.write(paragraph, text, size=size, bold=bold, quiet=not bold)


def add(document: Document, block: Pairs | Long | Listing, place: int) -> None:
    """One block of a form: pairs or a listing; texts come together through `add_texts`."""
    match block:
        case Pairs(rows):
            table = document.add_table(len(rows), 4)
            for row, pairs in enumerate(rows):
                for column, (label, name) in enumerate(pairs):
                    label_cell(table.cell(row, column * 2), label[place])
                    word.fill(table.cell(row, column * 2 + 1), "{{ " + name + " }}", size=9)
            word.widths(table, (2, 3.7, 2, 3.7))
        case Listing(title, name, columns):
            heading = document.add_paragraph()
            heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(6), Pt(3)
            heading.paragraph_format.keep_with_next = True
            word.write(heading, title[place], size=9.5, bold=True)
            # The rows of {%tr %} vanish when the template is filled; only what stands between them is repeated.
            table = document.add_table(4, len(columns))
            for column, (label, key, _width) in enumerate(columns):
                label_cell(table.cell(0, column), label[place])
                word.fill(table.cell(2, column), "{{ row." + key + " }}", size=8.5)
            word.fill(table.cell(1, 0), "{%tr for row in " + name + " %}", size=8.5)
            word.fill(table.cell(3, 0), "{%tr endfor %}", size=8.5)
            word.widths(table, [width for _label, _key, width in columns])
        case Long():
            return add_texts(document, [block], place)
    word.frame(table, grid=True)
    if isinstance(block, Listing):
        word.repeat_head(table)
    apart(document, 3 if isinstance(block, Listing) else 1)


def add_texts(document: Document, blocks: list[Long], place: int) -> None:
    """Texts over the whole width, one under the other."""
    table = document.add_table(len(blocks), 2)
    for row, block in enumerate(blocks):
        label_cell(table.cell(row, 0), block.label[place])
        word.fill(table.cell(row, 1), "{{ " + block.name + " }}", size=9)
    word.widths(table, (2, 9.4))
    word.frame(table, grid=True)
    apart(document, 1)


def apart(document: Document, points: float) -> None:
    """Word joins tables that touch; a paragraph of one point keeps them apart without showing."""
    between = document.add_paragraph()
    between.paragraph_format.space_after = Pt(0)
    between.paragraph_format.line_spacing = Pt(points)


def label_cell(cell: _Cell, text: str) -> None:
    """A tinted label."""
    word.fill(cell, text, size=8.5, quiet=True)
    word.shade(cell)


def sign(document: Document, labels: list[str]) -> None:
    """Room to sign by hand."""
    document.add_paragraph().paragraph_format.space_after = Pt(4)
    table = document.add_table(2, len(labels))
    for column, label in enumerate(labels):
        label_cell(table.cell(0, column), label)
    table.rows[1].height = Pt(36)
    word.frame(table, grid=True)
    word.widths(table, [1] * len(labels))


def main() -> None:
    """Write every template into the package."""
    for form in FORMS:
        for language in LANGUAGES:
            (FOLDER / f"{form}_{language}.docx").write_bytes(build(form, language))


if __name__ == "__main__":
    main()
