"""Folds an event log, in which each row tells one change of a record, into the records with their history.

The rows of one record may stand anywhere in the file, so every row must have been seen before the first record
is told. They are spread over temporary files by their key and folded file by file: memory holds one of them.
"""

import marshal
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO

from genyin.base.errors import gettext_noop
from genyin.incidents.data import HistoryItem, Record
from genyin.intake import values
from genyin.intake.mapping import Log
from genyin.intake.records import Columns, Told, Translator
from genyin.intake.rows import Row, RowProblem
from genyin.intake.values import BadValue

SINCE = "@since "
PARTS = 128  # ten million rows leave 80,000 in each
TOGETHER = 100  # rows of one part in memory before they are written

_Aside = tuple[str, float, int, list[str]]  # key, order, line and the kept cells of a row


class _Part:
    """Rows put aside in a file, taken back in their order; many at a time, since each reading costs."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting: list[_Aside] = []

    def put(self, row: _Aside) -> None:
        self._waiting.append(row)
        if len(self._waiting) == TOGETHER:
            self._write()

    def taken(self) -> Iterator[_Aside]:
        self._write()
        self._file.seek(0)
        while size := self._file.read(8):
            yield from marshal.loads(self._file.read(int.from_bytes(size)))  # noqa: S302  written by ourselves

    def _write(self) -> None:
        rows = marshal.dumps(self._waiting)
        self._file.write(len(rows).to_bytes(8))
        self._file.write(rows)
        self._waiting = []


class _Told:
    """Columns that no row has and the course of the rows tells; a mapping names them like others.

    "@first", "@last"    : when the first, the last row was written
    "@since COLUMN=WORD" : since when the column has held the word it ends with; empty when it ends otherwise
    """

    def __init__(self, used: tuple[str, ...], columns: Columns) -> None:
        self._since: dict[str, tuple[str, str]] = {}
        self._wanted = tuple(name for name in used if name.startswith("@"))
        for name in self._wanted:
            if name.startswith(SINCE):
                column, _, word = name.removeprefix(SINCE).partition("=")
                if found := columns.find((column,)):
                    self._since[name] = (found[0], word.casefold())
        self.columns = tuple(
            dict.fromkeys(
                (*(n for n in used if n not in self._wanted), *(column for column, _ in self._since.values()))
            )
        )

    def cells(self, rows: list[Row], times: list[str]) -> dict[str, str]:
        """Values of these columns; `times` are those of the rows."""
        found = {"@first": times[0], "@last": times[-1]}
        for name, (column, word) in self._since.items():
            found[name] = ""
            for row, time in zip(reversed(rows), reversed(times), strict=True):
                if row.cells[column].strip().casefold() != word:
                    break
                found[name] = time
        return {name: found.get(name, "") for name in self._wanted}


class Folder:
    """Folds by the `log` part of a mapping. The order of the records told depends on the file alone."""

    def __init__(self, log: Log, translator: Translator) -> None:
        columns = Columns(translator.shape)
        self._translator, self._log = translator, log
        self._key, self._order = columns.find(log.key)[0], columns.find(log.order)[0]
        self._at, self._by = columns.find(log.at), columns.find(log.by)
        self._track = columns.find(log.track)
        self._told = _Told(translator.used_columns(), columns)
        self._kept = tuple(
            dict.fromkeys((self._key, self._order, *self._at, *self._by, *self._track, *self._told.columns))
        )

    def told(self, rows: Iterable[Row | RowProblem]) -> Iterator[Told]:
        """Each record once, as the last readable of its rows tells it, and every row that could not be read."""
        with ExitStack() as stack:
            parts = [_Part(stack.enter_context(tempfile.TemporaryFile())) for _ in range(PARTS)]
            for row in rows:
                if isinstance(row, RowProblem):
                    yield Told(1, row.line, None, (row,))
                elif problem := self._spread(row, parts):
                    yield Told(1, row.line, None, (problem,))
            for part in parts:
                yield from self._fold(part)

    def _spread(self, row: Row, parts: Sequence[_Part]) -> RowProblem | None:
        """Put the row aside with those of its record, or say why it belongs to none."""
        key = row.cells.get(self._key, "").strip()
        column, value = self._key, ""
        try:
            if key.casefold() in self._translator.mapping.missing:
                raise BadValue(gettext_noop("is empty and must be filled"))
            column, value = self._order, row.cells.get(self._order, "").strip()
            order = self._rank(value)
        except BadValue as bad:
            return self._translator.problem(row, column, value, bad)
        part = parts[zlib.crc32(key.encode("utf-8", "surrogatepass")) % PARTS]
        part.put((key, order, row.line, [row.cells.get(name, "") for name in self._kept]))
        return None

    def _rank(self, value: str) -> float:
        if self._log.order_is == "number":
            return values.decimal(value, self._translator.mapping.point)
        return self._moment(value).timestamp()

    def _fold(self, part: _Part) -> Iterator[Told]:
        cases: dict[str, list[tuple[float, int, list[str]]]] = {}
        for key, order, line, cells in part.taken():
            cases.setdefault(key, []).append((order, line, cells))
        for events in cases.values():
            # By order, then by line: a later row wins a tie.
            events.sort(key=lambda event: event[:2])
            yield from self._case([Row(line, dict(zip(self._kept, cells, strict=True))) for _, line, cells in events])

    def _case(self, rows: list[Row]) -> Iterator[Told]:
        """The record as its last row tells it. A row with a bad value is refused and the one before it speaks."""
        good = list(rows)
        while good:
            told = self._translator.record(self._final(good), self._history(good))
            if isinstance(told, Record):
                yield Told(len(good), good[-1].line, told)
                return
            yield Told(1, good.pop().line, None, tuple(told))

    def _final(self, rows: list[Row]) -> Row:
        """The last row, with what the course of the rows tells beside it."""
        times = [self._first(row, self._at) for row in rows]
        return Row(rows[-1].line, {**rows[-1].cells, **self._told.cells(rows, times)})

    def _history(self, rows: list[Row]) -> tuple[HistoryItem, ...]:
        """What each row changed in the tracked columns; the first row gives the values it begins with."""
        items: list[HistoryItem] = []
        before = dict.fromkeys(self._track, "")
        cells: Mapping[str, str] = dict(before)
        for row in rows:
            when, who = self._first(row, self._at), self._first(row, self._by)
            changed = [name for name in self._track if row.cells[name] != cells[name]]
            cells = row.cells
            for name in changed:
                if (now := self._filled(cells[name])) != before[name]:
                    at = self._moment_or_none(when)
                    items.append(HistoryItem(at, name, before[name], now, who))
                    before[name] = now
        return tuple(items)

    def _filled(self, text: str) -> str:
        text = text.strip()
        return "" if text.casefold() in self._translator.mapping.missing else text.replace("\0", "\ufffd")

    def _first(self, row: Row, names: tuple[str, ...]) -> str:
        return next((text for name in names if (text := self._filled(row.cells[name]))), "")

    def _moment(self, text: str) -> datetime:
        mapping = self._translator.mapping
        return values.moment(text, mapping.dates, mapping.zone or self._translator.zone)

    def _moment_or_none(self, text: str) -> datetime | None:
        """The time of a change; a history item without a readable time is kept, undated."""
        try:
            return self._moment(text) if text else None
        except BadValue:
            return None
