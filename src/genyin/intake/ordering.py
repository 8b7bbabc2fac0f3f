"""Whether day or month comes first in the dates of a file, where its mapping leaves that to the file ("either")."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from genyin.base.errors import gettext_noop
from genyin.intake import dates
from genyin.intake.mapping import Mapping
from genyin.intake.records import Columns, Note
from genyin.intake.rows import Row, RowProblem, Shape
from genyin.intake.targets import KINDS, Reads

LOOKED_AT = 20_000  # rows, as long as dates that can be read both ways go on
WITHOUT = 200  # rows without such a date after which none is expected

SHOWN = {
    "dmy": gettext_noop("shows that the day comes first in the dates of this file"),
    "mdy": gettext_noop("shows that the month comes first in the dates of this file"),
}


def settled(
    mapping: Mapping, shape: Shape, rows: Iterable[Row | RowProblem]
) -> tuple[Mapping, tuple[Note, ...]]:  # fmt: skip
    """The mapping with the order that the file shows, and what showed it.

    Where no date of the file shows it, each date that can be read both ways will be refused.
    """
    if "either" not in mapping.dates:
        return mapping, ()
    shown = dates.order_shown(_texts(mapping, shape, rows))
    if shown is None:
        return mapping, ()
    order, text = shown
    forms = tuple(order if form == "either" else form for form in mapping.dates)
    return replace(mapping, dates=forms), (Note("", text, SHOWN[order]),)


def _texts(mapping: Mapping, shape: Shape, rows: Iterable[Row | RowProblem]) -> Iterator[str]:
    """The cells that hold dates which begin with a day or a month."""
    targets, columns = KINDS[mapping.kind].targets, Columns(shape)
    specs = [spec for name, spec in mapping.fields.items() if targets[name].reads is Reads.MOMENT and not spec.dates]
    names = tuple(dict.fromkeys(name for spec in specs for name in columns.find(spec.columns)))
    found = False
    for number, row in enumerate(islice(rows, LOOKED_AT)):
        if number >= WITHOUT and not found:
            return
        for text in (row.cells.get(name, "") for name in names) if isinstance(row, Row) else ():
            if dates.either(text):
                found = True
                yield text
