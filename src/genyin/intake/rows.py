"""What every reader yields: rows with the line they stand on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from genyin.base.errors import BadFile
from genyin.intake.mapping import plain

MAX_CELL = 2**20  # characters; a longer one is a quotation mark that was never closed
MAX_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One record as text by column. `line` counts as an editor does, the first line being 1.

    An empty cell is "". Dates and numbers of a workbook arrive in ISO form and plain decimals.
    """

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One bad value. `reason` is a marked message; its `params` are values.

    `original` holds the cells of the row as they came, for the list of rejects.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str
    params: Mapping[str, object] = field(default_factory=dict)
    original: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.reason % self.params if self.params else self.reason


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found out about a file; said to the person who sent it."""

    file: str
    form: str
    packing: str
    encoding: str
    separator: str
    sheet: str
    columns: tuple[str, ...]
    header_line: int
    mends: bool = False  # a list of rejects that comes back: our own columns stand before those of the file
    unread: tuple[str, ...] = ()  # further sheets with a table, of which nothing is read


def named(header: list[str]) -> tuple[str, ...]:
    """Column names from a header row: trimmed, never empty, never twice the same."""
    names: list[str] = []
    for number, raw in enumerate(header, start=1):
        name = " ".join(raw.replace("\ufeff", "").split()) or f"column {number}"
        repeat = 2
        unique = name
        while unique in names:
            unique = f"{name} ({repeat})"
            repeat += 1
        names.append(unique)
    while names and names[-1] == f"column {len(names)}":
        names.pop()
    return tuple(names)


def familiar(cells: Iterable[str], known: frozenset[str]) -> int:
    """How many of the cells are names of columns that some mapping knows."""
    return len({plain(cell) for cell in cells if cell.strip()} & known)


def header_at(rows: list[list[str]], known: frozenset[str] = frozenset()) -> int | None:
    """Which of the first rows is the header: the one with most names that a mapping knows (`known`).

    Where fewer than two are known: a title or a note above the table has one filled cell; the header is the first
    row with several. A table of one column has its header in the first filled row.
    """
    score, at = max(((familiar(cells, known), -number) for number, cells in enumerate(rows)), default=(0, 0))
    if score >= 2:
        return -at
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    several = next((number for number, count in enumerate(filled) if count >= 2), None)
    if several is not None:
        return several
    return next((number for number, count in enumerate(filled) if count), None)


def bad_file(message: str, *, file: str, line: int | None = None, column: str = "", **params: object) -> BadFile:
    """A BadFile whose sentence may name %(file)s, %(line)s and %(column)s besides its own values."""
    error = BadFile(message, file=file, line=line, column=column, **params)
    error.params.update(file=file, line=line, column=column)
    return error
