"""Reads jsonl, and a small json document that holds a list, as a REST answer does.

Both endings are used for both forms, so the first line says which it is.
"""

import json
import math
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from genyin.base.errors import gettext_noop
from genyin.intake.rows import Row, RowProblem, Shape, bad_file

MAX_LINE = 16 * 2**20
MAX_DOCUMENT = 64 * 2**20
LOOK = 200  # rows that are looked at for column names
DEPTH = 6
LISTS = ("result", "results", "issues", "bugs", "records", "items", "data", "value", "values", "tickets", "rows")
BOTH = frozenset(("value", "display_value", "link"))  # a field that is told twice: as a code and as it is shown


def look(stream: BinaryIO, *, file: str, form: str, packing: str) -> Shape:
    """The columns that the first rows fill."""
    columns: dict[str, None] = {}
    first = RowProblem(file, 1, "", "", gettext_noop("holds no record"))
    found = 0
    for row in rows(stream, Shape(file, form, packing, "utf-8", "", "", (), 0)):
        if isinstance(row, RowProblem):
            first = row if not found else first
        else:
            columns.update(dict.fromkeys(row.cells))
            found += 1
        if found >= LOOK or (not found and row.line >= LOOK):
            break
    if not columns:
        raise bad_file(
            gettext_noop("%(file)s holds no readable record: line %(line)s %(why)s."),
            file=file,
            line=first.line,
            why=str(first),
        )
    return Shape(file, form, packing, "utf-8", "", "", tuple(columns), 0)


def rows(stream: BinaryIO, shape: Shape) -> Iterator[Row | RowProblem]:
    """One row for each record; names of nested fields are joined by dots, lists stay JSON text."""
    for line, record in _records(stream, shape):
        if isinstance(record, RowProblem):
            yield record
        elif isinstance(record, dict):
            cells: dict[str, str] = {}
            _flatten(record, "", cells, DEPTH)
            yield Row(line, cells)
        else:
            yield RowProblem(shape.file, line, "", str(record)[:80], gettext_noop("is not a JSON object"))


def _records(stream: BinaryIO, shape: Shape) -> Iterator[tuple[int, object]]:
    """A document where the first line opens a list or is only the beginning of a record; else a record each line."""
    blank, first = 0, stream.readline(MAX_LINE + 1)
    while first and not first.strip(b"\xef\xbb\xbf \t\r\n"):
        blank, first = blank + 1, stream.readline(MAX_LINE + 1)
    start = first.removeprefix(b"\xef\xbb\xbf").strip()
    is_record = isinstance(_parsed(start, shape.file, 1), dict) and len(first) <= MAX_LINE
    wide = first.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16, whose lines cannot be told by bytes
    second = stream.readline(MAX_LINE + 1) if is_record and shape.form == ".json" else b""
    whole = shape.form == ".json" and (not is_record or not second.strip())
    if whole or wide or start.startswith(b"[") or start == b"{":
        yield from _document(stream, shape, first + second)
    else:
        yield from _lines(stream, shape, [line for line in (first, second) if line], blank)


def _lines(stream: BinaryIO, shape: Shape, begun: list[bytes], number: int) -> Iterator[tuple[int, object]]:
    """`begun` are lines that have been taken from the stream, `number` how many blank ones stood before them."""
    for raw in chain(begun, iter(lambda: stream.readline(MAX_LINE + 1), b"")):
        number += 1
        if len(raw) > MAX_LINE:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(MAX_LINE)
            problem = gettext_noop("is longer than %(limit)s MB")
            yield number, RowProblem(shape.file, number, "", "", problem, {"limit": MAX_LINE // 2**20})
        elif raw.strip():
            yield number, _parsed(raw.removeprefix(b"\xef\xbb\xbf"), shape.file, number)


def _parsed(raw: bytes, file: str, number: int) -> object:
    try:
        return json.loads(raw)
    except UnicodeDecodeError:
        return RowProblem(file, number, "", "", gettext_noop("holds bytes that are not UTF-8"))
    except json.JSONDecodeError as error:
        problem = gettext_noop("is not JSON (%(why)s at character %(at)s)")
        return RowProblem(
            file, number, "", raw[:80].decode("utf-8", "replace"), problem, {"why": error.msg, "at": error.pos + 1}
        )
    except (RecursionError, ValueError) as error:
        return RowProblem(file, number, "", "", gettext_noop("cannot be read (%(why)s)"), {"why": str(error)[:80]})


def _document(stream: BinaryIO, shape: Shape, begun: bytes) -> Iterator[tuple[int, object]]:
    """The records of a whole document, numbered from 1; a list, or an object that wraps one."""
    raw = begun + stream.read(MAX_DOCUMENT + 1)
    if len(raw) > MAX_DOCUMENT:
        raise bad_file(
            gettext_noop("%(file)s is larger than %(limit)s MB; send it as .jsonl, one record on each line."),
            file=shape.file,
            limit=MAX_DOCUMENT // 2**20,
        )
    content = _parsed(raw.removeprefix(b"\xef\xbb\xbf"), shape.file, 1)
    if isinstance(content, RowProblem):
        raise bad_file(gettext_noop("%(file)s %(why)s."), file=shape.file, line=1, why=str(content))
    if isinstance(content, dict):
        content = next((content[name] for name in LISTS if isinstance(content.get(name), list | dict)), content)
    yield from enumerate(content if isinstance(content, list) else [content], start=1)


def _flatten(value: dict[str, object], prefix: str, cells: dict[str, str], depth: int) -> None:
    for name, content in value.items():
        path = f"{prefix}{name}"
        if isinstance(content, dict) and "value" in content and content.keys() <= BOTH:
            # The code under the plain name, as where it is told once; what is shown beside it.
            cells[path] = as_text(content["value"])
            cells[f"{path}.display_value"] = as_text(content.get("display_value"))
        elif isinstance(content, dict) and depth and content:
            _flatten(content, f"{path}.", cells, depth - 1)
        else:
            cells[path] = as_text(content)


def as_text(value: object) -> str:
    """A JSON value as a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return ""  # NaN stands for nothing in what pandas writes
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
