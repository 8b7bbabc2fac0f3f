"""Reads one sheet of an xlsx workbook: the one whose header is known best."""

import datetime as dt
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from genyin.base.errors import gettext_noop
from genyin.intake.opening import DAMAGE
from genyin.intake.rows import MAX_COLUMNS, Row, Shape, bad_file, familiar, header_at, named

# A workbook is held in memory while it is read: 100,000 rows of 20 columns take about 150 MB.
MAX_UNPACKED = 512 * 2**20
MAX_RATIO = 250
RATIO_FROM = 32 * 2**20
MAX_AREA = 20_000_000  # cells, empty ones between included
MAX_PARTS = 5_000
# The references of cells, such as r="AB12": by letters and by figures, since one group each is found in no time.
_LETTERS = re.compile(rb"""\br=["']([A-Z]{1,3})[0-9]{1,7}["']""")
_FIGURES = re.compile(rb"""\br=["'][A-Z]{1,3}([0-9]{1,7})["']""")
_CHUNK = 2**20
HEAD = 20  # rows among which the header is sought

Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta


def look(stream: BinaryIO, *, file: str, packing: str, known: frozenset[str] = frozenset()) -> Shape:
    """The sheet and its header. Raises BadFile for a workbook that would not fit into memory."""
    with closing(_workbook(file, stream)) as book:
        heads = dict(_heads(file, book))
        tables = {name: max(familiar(cells, known) for cells in rows) for name, rows in heads.items()}
        # A cover or a list of codes often stands before the table; the first of equals is taken.
        chosen = max(tables, key=lambda name: tables[name])
        first = heads[chosen]
        at = header_at(first, known)
        if at is None:
            raise bad_file(gettext_noop("%(file)s has no header row: it holds blank lines only."), file=file)
        if len(first[at]) > MAX_COLUMNS:
            raise bad_file(gettext_noop("%(file)s has more than %(limit)s columns."), file=file, limit=MAX_COLUMNS)
        unread = tuple(name for name, score in tables.items() if name != chosen and score >= 2)
        return Shape(file, ".xlsx", packing, "", "", chosen, named(first[at]), at + 1, unread=unread)


def rows(stream: BinaryIO, shape: Shape) -> Iterator[Row]:
    """The rows below the header."""
    with closing(_workbook(shape.file, stream)) as book:
        sheet = book.get_sheet_by_name(shape.sheet)
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            if line > shape.header_line:
                texts = [_text(cell) for cell in cells]
                if any(texts):
                    yield Row(line, dict(zip(shape.columns, texts, strict=False)))


def _workbook(name: str, stream: BinaryIO) -> CalamineWorkbook:
    # A workbook is read from its end; what comes out of a packed stream must lie on disk for that.
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, _CHUNK)
        _refuse_bombs(name, copy)
        copy.seek(0)
        return _opened(name, copy)


def _opened(name: str, copy: BinaryIO) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(copy)
    except (CalamineError, OSError, ValueError) as error:
        raise bad_file(
            gettext_noop("%(file)s is not a readable workbook (%(why)s)."), file=name, why=str(error)
        ) from error


def _heads(name: str, book: CalamineWorkbook) -> Iterator[tuple[str, list[list[str]]]]:
    """The first rows of each visible sheet that holds anything."""
    found = False
    for meta in book.sheets_metadata:
        if meta.visible == SheetVisibleEnum.Visible:
            try:
                sheet = book.get_sheet_by_name(meta.name)
            except (CalamineError, OSError, ValueError) as error:
                raise bad_file(
                    gettext_noop("%(file)s is not a readable workbook (%(why)s)."), file=name, why=str(error)
                ) from error
            if sheet.height:
                found = True
                rows = zip(range(HEAD), sheet.iter_rows(), strict=False)
                yield sheet.name, [[_text(cell) for cell in cells] for _, cells in rows]
    if not found:
        raise bad_file(gettext_noop("%(file)s is empty."), file=name)


def _refuse_bombs(name: str, stream: BinaryIO) -> None:
    """Refuse a workbook that swells when unpacked, or that has a cell in a far corner.

    The reader keeps the rectangle around all cells in memory: two cells in opposite corners of a sheet
    would ask for 17 thousand million cells and kill the process. So every part is unpacked once here, in
    pieces, and the references of its cells are looked at.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise bad_file(
                    gettext_noop("%(file)s has %(count)s parts; that is no workbook."), file=name, count=len(parts)
                )
            room = min(MAX_UNPACKED, max(RATIO_FROM, MAX_RATIO * sum(part.compress_size for part in parts)))
            for part in parts:
                room = _weigh(name, archive, part, room)
    except DAMAGE as damage:
        raise bad_file(
            gettext_noop("%(file)s is damaged or not complete (%(why)s); send it again."), file=name, why=str(damage)
        ) from damage


def _weigh(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    """What is left of `room` bytes after this part."""
    is_sheet = part.filename.startswith("xl/worksheets/")
    columns: set[bytes] = set()
    bottom, tail = 0, b""
    with archive.open(part) as content:
        while chunk := content.read(_CHUNK):
            room -= len(chunk)
            if room < 0:
                raise bad_file(
                    gettext_noop("%(file)s is too large when it is unpacked; split it, or send it as .csv."), file=name
                )
            if is_sheet:
                text = tail + chunk
                columns.update(_LETTERS.findall(text))
                bottom = max(bottom, max(map(int, set(_FIGURES.findall(text))), default=0))
                tail = chunk[-16:]
    width = max((_number(letters) for letters in columns), default=0)
    if width * bottom > MAX_AREA:
        raise bad_file(
            gettext_noop(
                "%(file)s has cells as far as row %(row)s and column %(width)s; delete what stands outside the table."
            ),
            file=name,
            row=bottom,
            width=width,
        )
    return room


def _number(letters: bytes) -> int:
    """Column number of its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form without a zone, true and false."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, dt.timedelta):
        return str(int(cell.total_seconds())) + " s"
    return cell.isoformat()
