"""Turns a row into one of our records, by a mapping. Every bad value of a row is named, not only the first."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from genyin.base.errors import gettext_noop
from genyin.incidents.data import HistoryItem, IncidentData, ProblemData, Record, State
from genyin.intake import values
from genyin.intake.cells import clean, listed, taken
from genyin.intake.mapping import Mapping as ColumnMapping
from genyin.intake.mapping import Spec, plain
from genyin.intake.rows import Row, RowProblem, Shape
from genyin.intake.targets import KINDS, Reads, Target
from genyin.intake.values import BadValue

SHOWN = 200  # characters of a bad value that are repeated in the list of rejects
MAX_NOTES = 500
MAX_MEMORY = 20_000  # values read once and not again
SINGULAR = (Reads.TEXT, Reads.TITLE, Reads.IDENTITY)  # what seldom comes twice


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was accepted otherwise than written; `what` is a marked message."""

    column: str
    value: str
    what: str


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a file tells: a record, or a row that is refused. `rows` of the file went into it,
    the one on `line` last."""

    rows: int
    line: int
    record: Record | None
    problems: tuple[RowProblem, ...] = ()


UNLISTED = gettext_noop("is not in the table of known values; left empty")
UNTITLED = gettext_noop("has no title; named by its number")
SHORTENED = gettext_noop("is too long; shortened, the whole text is kept beside it")


class Columns:
    """Finds the columns of a mapping in a file, whatever their order and case."""

    def __init__(self, shape: Shape) -> None:
        self._known = {plain(name): name for name in reversed(shape.columns)}
        # A record of a JSON file may have fields that the first ones lack.
        self._open = shape.form in (".jsonl", ".json")

    def find(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `names` that the file has, as it writes them."""
        found = (
            name if name.startswith("@") else self._known.get(plain(name), name if self._open else None)
            for name in names
        )
        return tuple(dict.fromkeys(name for name in found if name is not None))

    def has(self, name: str) -> bool:
        return plain(name) in self._known


@dataclass(slots=True)
class Translator:
    """Reads the rows of one file by one mapping.

    `zone` is the site's, used where the mapping names none. `notes` counts what was accepted otherwise than written.
    """

    mapping: ColumnMapping
    shape: Shape
    source: str
    zone: str
    notes: Counter[Note] = field(default_factory=Counter)
    _columns: Columns = field(init=False)
    _fields: list[tuple[str, Spec, Target]] = field(init=False)
    _extra: tuple[str, ...] = field(init=False)
    _memory: dict[tuple[str, str], object] = field(init=False, default_factory=dict)
    _longest_mark: int = field(init=False)

    def __post_init__(self) -> None:
        self._columns = Columns(self.shape)
        targets = KINDS[self.mapping.kind].targets
        found = (
            (name, replace(spec, columns=self._columns.find(spec.columns), join=self._columns.find(spec.join)))
            for name, spec in self.mapping.fields.items()
        )
        self._fields = [(name, spec, targets[name]) for name, spec in found if spec.columns or spec.join]
        self._longest_mark = max(len(mark) for mark in self.mapping.missing)
        self._extra = self._columns.find(self.mapping.extra)

    def used_columns(self) -> tuple[str, ...]:
        """The columns that are read; the rest of a row need not be kept."""
        names = [name for _, spec, _ in self._fields for name in (*spec.columns, *spec.join)]
        return tuple(dict.fromkeys((*names, *self._extra)))

    def record(self, row: Row, history: tuple[HistoryItem, ...] = ()) -> Record | list[RowProblem]:
        """The record that the row tells, or everything that is wrong with it."""
        found: dict[str, object] = {}
        problems: list[RowProblem] = []
        extra = {name: text for name in self._extra if (text := self._filled(row, name))}
        for name, spec, target in self._fields:
            # Names, codes and dates repeat from row to row; reading them anew is half the work of an import.
            first, raw = self._first(row, spec)
            if raw and (known := self._memory.get((name, raw))) is not None:
                found[name] = known
                continue
            column, text = self._cell(row, spec)
            if not text:
                continue
            try:
                value = self._read(name, text, column, spec, target, extra)
            except BadValue as bad:
                # Two fields may read one cell; one complaint is enough.
                if not any((it.column, it.reason) == (column, bad.reason) for it in problems):
                    problems.append(self.problem(row, column, text, bad))
            else:
                if value not in ("", None, ()):
                    found[name] = value
                    if column == first:
                        self._remember(name, raw, value, target)
        problems += self._missing(row, found, problems)
        if problems:
            return problems
        return self._finished(found, extra, history)

    def problem(self, row: Row, column: str, value: str, bad: BadValue) -> RowProblem:
        return RowProblem(self.shape.file, row.line, column, value[:SHOWN], bad.reason, bad.params, row.cells)

    def _remember(self, name: str, text: str, value: object, target: Target) -> None:
        """Only what was read without a note: a note counts every row."""
        if target.reads in SINGULAR or len(text) > target.limit:
            return
        if len(self._memory) >= MAX_MEMORY:
            self._memory.clear()
        self._memory[name, text] = value

    def _filled(self, row: Row, column: str) -> str:
        text = row.cells.get(column, "").strip()
        is_mark = len(text) <= self._longest_mark and text.casefold() in self.mapping.missing
        return "" if is_mark else text

    def _first(self, row: Row, spec: Spec) -> tuple[str, str]:
        """The first column with anything in it, and that as it stands there."""
        for column in spec.columns:
            if raw := row.cells.get(column, ""):
                return column, raw
        return "", ""

    def _cell(self, row: Row, spec: Spec) -> tuple[str, str]:
        """The column that decides and its text; empty text when nothing is said."""
        for column in spec.columns:
            if text := self._filled(row, column):
                if not spec.take:
                    return column, text.removeprefix(spec.strip)
                if text := taken(text, spec):
                    return column, text
        joined = spec.separator.join(text for column in spec.join if (text := self._filled(row, column)))
        return (spec.columns or spec.join or ("",))[0], joined

    def _read(
        self, name: str, text: str, column: str, spec: Spec, target: Target, extra: dict[str, str]
    ) -> object:  # fmt: skip
        value = self._value(text, column, spec, target)
        if target.reads in (Reads.TITLE, Reads.NAME) and len(cast(str, value)) > target.limit:
            return self._shortened(name, cast(str, value), column, target.limit, extra)
        return value

    def _value(self, text: str, column: str, spec: Spec, target: Target) -> object:
        if target.reads is Reads.NAMES:
            words = (self._coded(word, column, spec, target) for word in listed(clean(text, target), spec))
            return tuple(word for word in words if word)
        text = self._coded(clean(text, target), column, spec, target)
        match target.reads:
            case Reads.MOMENT:
                return values.moment(text, spec.dates or self.mapping.dates, self.mapping.zone or self.zone)
            case Reads.TRUTH:
                return values.truth(text)
            case Reads.MINUTES:
                return values.minutes(text, spec.unit)
            case Reads.PERCENT:
                return values.percent(text)
            case Reads.IDENTITY if len(text) > target.limit:
                raise BadValue(gettext_noop("is longer than %(limit)s characters"), limit=target.limit)
            case _ if spec.split:
                return ", ".join(listed(text, spec))
            case _:
                return target.codes.get(text, text)

    def _coded(self, text: str, column: str, spec: Spec, target: Target) -> str:
        """Our code for their word, where the field is coded or the mapping has a table for it."""
        word = text.casefold()
        if spec.table is not None:
            return spec.table[word] if word in spec.table else self._unlisted(text, column, spec, target)
        if target.codes:
            return word if word in target.codes else self._unlisted(text, column, spec, target)
        return text

    def _unlisted(self, text: str, column: str, spec: Spec, target: Target) -> str:
        if spec.otherwise == "keep" and not target.codes:
            return text
        if spec.otherwise == "empty":
            self.note(Note(column, text[:SHOWN], UNLISTED))
            return ""
        known = sorted(target.codes) if spec.table is None else list(spec.table)
        raise BadValue(gettext_noop("is not one of: %(known)s"), known=", ".join(known[:20]))

    def note(self, note: Note) -> None:
        """Count it; beyond a few hundred different ones the list helps nobody."""
        if note in self.notes or len(self.notes) < MAX_NOTES:
            self.notes[note] += 1

    def _shortened(self, name: str, value: str, column: str, limit: int, extra: dict[str, str]) -> str:
        self.note(Note(column, "", SHORTENED))
        extra[name] = value
        return value[: limit - 1] + "…"

    def _missing(self, row: Row, found: dict[str, object], problems: list[RowProblem]) -> list[RowProblem]:
        """Required fields that are neither filled nor already complained about."""
        complained = {problem.column for problem in problems}
        lacking: list[RowProblem] = []
        for names in KINDS[self.mapping.kind].required:
            columns = [column for name, spec, _ in self._fields if name in names for column in spec.columns]
            if not any(name in found for name in names) and not complained.intersection(columns):
                bad = BadValue(gettext_noop("is empty and must be filled"))
                lacking.append(self.problem(row, columns[0] if columns else names[0], "", bad))
        return lacking

    def _finished(self, found: dict[str, object], extra: dict[str, str], history: tuple[HistoryItem, ...]) -> Record:
        """Complete what follows from other fields, and build the record."""
        kind = KINDS[self.mapping.kind]
        if kind.data in (IncidentData, ProblemData):
            found["history"] = history
            if "state" not in found:
                found["state"] = _state(found)
        if kind.data is IncidentData:
            found.setdefault("opened_at", found.get("occurred_at"))
            found.setdefault("occurred_at", found["opened_at"])
        if "title" in kind.targets and "title" not in found:
            self.note(Note("", "", UNTITLED))
            found["title"] = found["external_id"]
        if self.mapping.kind == "services":
            found.setdefault("external_id", found.get("name"))
            found.setdefault("name", found["external_id"])
        build = cast(Callable[..., Record], kind.data)
        return build(source=self.source, extra=extra, **found)


def _state(found: Mapping[str, object]) -> State:
    """The state that the dates tell, where the source's own word says nothing we know."""
    if "closed_at" in found:
        return State.CLOSED
    return State.RESOLVED if "resolved_at" in found else State.OPEN
