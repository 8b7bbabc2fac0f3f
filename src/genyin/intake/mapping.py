"""Mapping files: how the columns of a foreign export become our fields.

The ready ones lie in `mappings/` and show the form of the file; `library` loads and checks them.
"""

import unicodedata
from collections.abc import Mapping as Table
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Spec:
    """Where one of our fields comes from.

    columns   : the first of these that is filled wins
    join      : else these, joined by `separator`
    where,take: a cell holding a JSON list of objects: of those matching `where`, the value of `take`
    split     : for a list, what stands between its items ("json" for a JSON list)
    strip     : a prefix that is cut off
    table     : their word -> our code, compared without case and surrounding blanks
    otherwise : what to do with a word that is not in the table: "reject" the row, leave the field "empty"
                (listed in the result), or "keep" the word
    """

    columns: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    separator: str = " / "
    where: Table[str, str] = field(default_factory=dict)
    take: str = ""
    split: str = ""
    strip: str = ""
    table: Table[str, str] | None = None
    otherwise: str = "reject"
    dates: tuple[str, ...] = ()
    unit: str = "minutes"


@dataclass(frozen=True, slots=True)
class Log:
    """An event log: several rows make one record. The last by `order` tells its final state; a later row wins a tie."""

    key: tuple[str, ...]
    order: tuple[str, ...]
    order_is: str  # "number" or "date"
    at: tuple[str, ...]
    by: tuple[str, ...]
    track: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file, checked."""

    name: str
    title: str
    kind: str
    zone: str
    dates: tuple[str, ...]
    point: str
    missing: frozenset[str]
    recognise: tuple[tuple[str, ...], ...]
    unless: tuple[str, ...]
    fields: Table[str, Spec]
    extra: tuple[str, ...]
    log: Log | None


def plain(name: str) -> str:
    """A column name for comparison: only its letters and figures count, whatever their width and case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded
