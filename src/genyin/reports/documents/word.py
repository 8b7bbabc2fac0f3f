"""What every Word file of ours needs: fonts for both scripts, plain tables, fixed bytes."""

import io
from collections.abc import Sequence
from typing import cast

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from genyin.reports.documents.archive import settled

LATIN, CHINESE = "Arial", "Microsoft YaHei"
INK, QUIET = RGBColor(0x1B, 0x24, 0x30), RGBColor(0x5A, 0x66, 0x76)
RULE, TINT = "D5DBE3", "F3F5F8"


def set_up(document: Document, *, size: float = 10) -> None:
    """A4 with fonts for Latin and Chinese. Without w:eastAsia Word prints Chinese in a Japanese or default face."""
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(1.9)
        section.top_margin = section.bottom_margin = Cm(2)
    style = cast(ParagraphStyle, document.styles["Normal"])
    style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), CHINESE)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-GB")
    lang.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(lang)
    style.paragraph_format.space_after = Pt(4)
    style.paragraph_format.line_spacing = 1.15


def write(
    paragraph: Paragraph, text: str, *, size: float | None = None, bold: bool = False, quiet: bool = False
) -> Run:
    """A run of text in the paragraph."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if quiet:
        run.font.color.rgb = QUIET
    return run


def heading(document: Document, text: str, *, size: float = 13) -> Paragraph:
    """A section's heading with a line under it, kept with what follows."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(14), Pt(5)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, text, size=size, bold=True)
    properties = paragraph._p.get_or_add_pPr()
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    properties.append(borders("w:pBdr", bottom=("single", 6, "1B2430")))
    properties.append(level)
    return paragraph


def borders(tag: str, **edges: tuple[str, int, str]) -> OxmlElement:  # type: ignore[valid-type]
    """A border element; each edge is (style, eighths of a point, colour)."""
    element = OxmlElement(tag)
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if edge not in edges:
            continue
        style, width, colour = edges[edge]
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", style), ("sz", str(width)), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        element.append(line)
    return element


def frame(table: Table, *, grid: bool = False) -> None:
    """Hairlines between the rows; with `grid` also around every cell, as forms have them."""
    line = ("single", 4, "9AA5B1" if grid else RULE)
    edges = {"top": line, "bottom": line, "insideH": line}
    if grid:
        edges |= {"left": line, "right": line, "insideV": line}
    table._tbl.tblPr.append(borders("w:tblBorders", **edges))


def widths(table: Table, relative: Sequence[float], *, total: float = 17.2) -> None:
    """Column widths in proportion, fixed: Word keeps them, and so does every other reader."""
    table.autofit = False
    each = [Cm(total * width / sum(relative)) for width in relative]
    for column, width in zip(table.columns, each, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, each, strict=True):
            cell.width = width


def shade(cell: _Cell, colour: str = TINT) -> None:
    """A tinted cell."""
    element = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        element.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(element)


def fill(cell: _Cell, text: str, *, size: float, bold: bool = False, quiet: bool = False, right: bool = False) -> None:
    """A cell's text, one paragraph without space around it."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.05
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    write(paragraph, text, size=size, bold=bold, quiet=quiet)


def repeat_head(table: Table) -> None:
    """The first row comes again on every page, and no row is cut in two."""
    for place, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))


def narrow(table: Table) -> None:
    """Less room beside the text, for a table with many columns."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), "40")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)


def page_number(paragraph: Paragraph, *, size: float = 8) -> None:
    """The page number as a field."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = write(paragraph, "", size=size, quiet=True)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def to_bytes(document: Document) -> bytes:
    """The file; the same content gives the same bytes."""
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())
