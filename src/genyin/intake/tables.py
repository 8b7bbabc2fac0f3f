"""Reads csv and tsv as a stream."""

import csv
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from genyin.base.errors import gettext_noop
from genyin.intake import encoding as encodings
from genyin.intake import mending
from genyin.intake.rows import MAX_CELL, MAX_COLUMNS, Row, RowProblem, Shape, bad_file, header_at, named

SEPARATORS = (",", ";", "\t", "|")
HEAD = 2**16
SHOWN = 80
MAX_RETURNS = 200  # each may read a megabyte again
UNCLOSED = gettext_noop("has a quotation mark that is never closed")

# The csv module has one limit for the whole process; nothing else in the product reads csv.
csv.field_size_limit(MAX_CELL)


def look(
    stream: BinaryIO, *, file: str, form: str, packing: str, encoding: str, known: frozenset[str] = frozenset()
) -> Shape:  # fmt: skip
    """The separator and the header, from the beginning of the stream."""
    text = io.TextIOWrapper(stream, encoding, encodings.ERRORS, newline="")
    head = text.read(HEAD)
    text.detach()
    complete = len(head) < HEAD
    separator = _separator(head if complete else head[: head.rfind("\n") + 1] or head, form)
    rows = _first_rows(head, separator)
    at = header_at([cells for _, cells in rows], known)
    if at is None:
        raise bad_file(gettext_noop("%(file)s has no header row: it holds blank lines only."), file=file)
    line, header = rows[at]
    if len(header) > MAX_COLUMNS:
        raise bad_file(
            gettext_noop("%(file)s has more than %(limit)s columns."), file=file, line=line, limit=MAX_COLUMNS
        )
    mends = mending.comes_back(header)
    columns = named(header[mending.OURS :] if mends else header)
    return Shape(file, form, packing, encoding, separator, "", columns, line, mends)


def _first_rows(head: str, separator: str, count: int = 20) -> list[tuple[int, list[str]]]:
    """The first rows with the line each begins on."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
            if len(rows) == count:
                break
    except csv.Error:
        pass  # a cell beyond the limit below the header: its own row will be refused when it is read
    return rows


def _separator(head: str, form: str) -> str:
    """The separator under which most rows have as many cells as the header, and the header has most."""
    if form == ".tsv":
        return "\t"

    def fit(separator: str) -> tuple[float, int]:
        widths = [len(cells) for _, cells in _first_rows(head, separator) if any(cells)]
        if not widths or max(widths) == 1:
            return 0.0, 0
        width, times = Counter(widths).most_common(1)[0]
        return (times / len(widths) if width > 1 else 0.0), width

    # Nine rows out of ten agreeing is a table; among tables the wider one wins, since a comma inside
    # text can make two columns by accident.
    return max(SEPARATORS, key=lambda separator: (fit(separator)[0] >= 0.9, fit(separator)[1], fit(separator)[0]))


def rows(stream: BinaryIO, shape: Shape) -> Iterator[Row | RowProblem]:
    """The rows below the header; a row that cannot be read is a RowProblem and the next one goes on."""
    text = io.TextIOWrapper(stream, shape.encoding, encodings.ERRORS, newline="")
    lines, width = _Lines(text), len(shape.columns)
    reader = csv.reader(lines, delimiter=shape.separator)
    while True:
        lines.row_begins()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield _unreadable(shape, lines.first, lines.last, error)
            continue
        if lines.first > shape.header_line and any(cells):
            row = _row(shape, lines.first, mending.bare(cells) if shape.mends else cells, width)
            if isinstance(row, RowProblem) and lines.go_back(shape.separator, width + mending.OURS * shape.mends):
                row = replace(row, reason=UNCLOSED, params={}, value=lines.line[:SHOWN])
            yield row
    text.detach()


class _Lines:
    """The lines of a text, of which those of a row that went wrong can be read again.

    A quotation mark that is never closed swallows the rows below it. Where one of these is a row of its own, the
    reader goes back to the line below the mark: one row is lost, not all as far as the next mark.
    """

    def __init__(self, text: Iterable[str]) -> None:
        self._text, self._again, self._row = iter(text), deque[str](), list[str]()
        self.first, self.last, self._left = 1, 0, MAX_RETURNS
        self.line = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._text)
        self.last += 1
        self._row.append(line)
        return line

    def row_begins(self) -> None:
        self.first = self.last + 1
        self._row.clear()

    def go_back(self, separator: str, width: int) -> bool:
        """Read the lines below the first of this row again, if any of them is a whole row."""
        below = self._row[1:]
        if not self._left or not any(len(next(csv.reader([line], delimiter=separator), ())) == width for line in below):
            return False
        self._left -= 1
        self.line = self._row[0]
        self._again.extendleft(reversed(below))
        self.last = self.first
        return True


def _row(shape: Shape, line: int, cells: list[str], width: int) -> Row | RowProblem:
    if len(cells) != width:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            return RowProblem(
                shape.file,
                line,
                "",
                shape.separator.join(cells)[:SHOWN],
                gettext_noop("has %(found)s cells where the header has %(expected)s"),
                {"found": len(cells), "expected": width},
                dict(
                    zip(
                        (*shape.columns, *(f"column {n}" for n in range(width + 1, len(cells) + 1))),
                        cells,
                        strict=False,
                    )
                ),
            )
    return Row(line, dict(zip(shape.columns, cells, strict=True)))


def _unreadable(shape: Shape, line: int, last: int, error: csv.Error) -> RowProblem:
    if "field larger" in str(error):
        return RowProblem(
            shape.file,
            line,
            "",
            "",
            gettext_noop(
                "a cell of the lines %(line)s to %(last)s is longer than %(limit)s characters; "
                "a quotation mark is probably never closed"
            ),
            {"line": line, "last": last, "limit": MAX_CELL},
        )
    return RowProblem(shape.file, line, "", "", gettext_noop("cannot be read (%(why)s)"), {"why": str(error)})
