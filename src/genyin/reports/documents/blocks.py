"""What a report consists of once every word is chosen: the three formats only lay it out.

A cell carries the text that is printed and, where it is a number, the number itself, so that a spreadsheet
can go on calculating with it.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from genyin.reports.documents.text import figure_text, printable
from genyin.reports.metrics import Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `unit` says how `value` is to be shown."""

    text: str
    value: Fraction | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; `width` is relative to the other columns, `number` aligns to the right."""

    head: str
    width: float = 1
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. `strong` marks a total or a group's heading."""

    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure with its formula and last month's value."""

    name: str
    figure: str
    formula: str
    before: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[int, ...]
    line: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars by month, and lines over them."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A service report, ready to be laid out. `sheet` is the short name of each section on a spreadsheet tab."""

    language: str
    number: str
    title: str
    organisation: str
    subtitle: str
    meta: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    signoff: tuple[tuple[str, str], ...]
    footer: str
    draft: str = ""
    page: str = ""
    sheets: tuple[str, ...] = field(default_factory=tuple)


def words(text: str) -> Cell:
    """A cell of text, safe for every format."""
    return Cell(printable(text))


def number(value: Fraction | int | None, unit: Unit = Unit.COUNT) -> Cell:
    """A cell with a number."""
    exact = None if value is None else Fraction(value)
    return Cell(figure_text(exact, unit), exact, unit)
