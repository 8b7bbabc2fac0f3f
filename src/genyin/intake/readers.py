"""One door to every file format: `look` says what a file is, `rows` streams it."""

from collections.abc import Iterator
from pathlib import Path

from genyin.intake import encoding, jsonrows, opening, sheets, tables
from genyin.intake.opening import opened
from genyin.intake.rows import Row, RowProblem, Shape


def look(path: Path, *, limit: int = opening.MAX_BYTES, known: frozenset[str] = frozenset()) -> Shape:
    """Format, encoding, separator and columns of a file; `known` are the names by which its header is found.

    Raises BadFile, with one sentence, for a file that is not what it says, is damaged, too large or no table.
    """
    with opened(path, limit=limit) as (kind, stream):
        if kind.form == ".xlsx":
            return sheets.look(stream, file=path.name, packing=kind.packing, known=known)
        if kind.form in (".jsonl", ".json"):
            return jsonrows.look(stream, file=path.name, form=kind.form, packing=kind.packing)
        found = encoding.detect(stream, file=path.name)
    with opened(path, limit=limit) as (kind, stream):
        return tables.look(
            stream, file=path.name, form=kind.form, packing=kind.packing, encoding=found, known=known
        )  # fmt: skip


def rows(path: Path, shape: Shape, *, limit: int = opening.MAX_BYTES) -> Iterator[Row | RowProblem]:
    """The records of the file in its order, in constant memory (a workbook is held whole, within bounds)."""
    with opened(path, limit=limit) as (_, stream):
        if shape.form == ".xlsx":
            yield from sheets.rows(stream, shape)
        elif shape.form in (".jsonl", ".json"):
            yield from jsonrows.rows(stream, shape)
        else:
            yield from tables.rows(stream, shape)
