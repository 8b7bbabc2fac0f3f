"""From a file to a stream of our records: what it is, by which mapping, record after record."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from genyin.base.errors import gettext_noop
from genyin.incidents.data import Record
from genyin.intake import library, opening, ordering, readers
from genyin.intake.fold import Folder
from genyin.intake.mapping import Mapping
from genyin.intake.recognise import check, recognised
from genyin.intake.records import Columns, Note, Told, Translator
from genyin.intake.rows import Row, RowProblem, Shape, bad_file
from genyin.intake.values import BadValue

UNREAD = gettext_noop("is a further sheet with a table; it was not read, save it as a file of its own")
MAX_SEEN = 2_000_000  # numbers remembered to find a second row of the same record; 200 MB at most


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, understood. `told` may be called again and tells the same in the same order."""

    path: Path
    shape: Shape
    mapping: Mapping
    source: str
    zone: str
    limit: int
    said: tuple[Note, ...] = ()  # about the file as a whole
    notes: Counter[Note] = field(default_factory=Counter)

    @property
    def folds(self) -> bool:
        """Whether several rows make one record: the mapping knows how and the file has the columns for it.

        A plain table of the same system, one row for each record, is read by the same mapping without.
        """
        columns = Columns(self.shape)
        log = self.mapping.log
        return log is not None and all(any(columns.has(name) for name in names) for names in (log.key, log.order))

    def told(self) -> Iterator[Told]:
        """Everything the file tells, in constant memory. Raises BadFile when it proves damaged on the way."""
        self.notes.clear()
        self.notes.update(self.said)
        translator = Translator(self.mapping, self.shape, self.source, self.zone, self.notes)
        rows = readers.rows(self.path, self.shape, limit=self.limit)
        if self.mapping.log is not None and self.folds:
            yield from Folder(self.mapping.log, translator).told(rows)
        else:
            yield from _single(rows, translator)


def understand(
    path: Path, *, source: str = "", kind: str = "", mapping: Path | None = None, zone: str = "UTC",
    limit: int = opening.MAX_BYTES,
) -> Reading:  # fmt: skip
    """Say what a file is and by which mapping it is read; nothing but its beginning has been believed yet.

    The mapping is the one given, else the ready one called like the source, else the one its columns tell.
    Raises BadFile, with one sentence, when the file or the mapping will not do.
    """
    stands = tuple(_standing(one) for one in (path, mapping))
    reading = _understood(path, stands, source=source, kind=kind, mapping=mapping, zone=zone, limit=limit)
    return replace(reading, notes=Counter())


def _standing(path: Path | None) -> tuple[int, int]:
    """Changes when the file does; zeros where there is none, which is refused when it is opened."""
    try:
        found = path.stat() if path else None
    except OSError:
        found = None
    return (found.st_mtime_ns, found.st_size) if found else (0, 0)


@lru_cache(maxsize=8)
def _understood(
    path: Path, _stands: tuple[tuple[int, int], ...], *,
    source: str, kind: str, mapping: Path | None, zone: str, limit: int,
) -> Reading:  # fmt: skip
    """Remembered while the files are the same: a run asks three times, and a workbook is parsed whole each time."""
    own = library.load(mapping) if mapping else None
    chosen = own or library.ready(source)
    shape = readers.look(path, limit=limit, known=library.vocabulary(own))
    if chosen is None or (kind and chosen.kind != kind and mapping is None):
        chosen = recognised(shape, kind=kind)
    if kind and chosen.kind != kind:
        raise bad_file(
            gettext_noop("The mapping %(mapping)s reads %(has)s, not %(wanted)s."),
            file=path.name,
            mapping=chosen.name,
            has=chosen.kind,
            wanted=kind,
        )
    check(chosen, shape)
    ordered, why = ordering.settled(chosen, shape, readers.rows(path, shape, limit=limit))
    sheets = [Note("", name, UNREAD) for name in shape.unread]
    return Reading(path, shape, ordered, source or chosen.name, zone, limit, (*why, *sheets))


def _single(rows: Iterator[Row | RowProblem], translator: Translator) -> Iterator[Told]:
    """One record for each row. A number that comes a second time is refused: nobody can tell which row is right."""
    seen: dict[str, int] = {}
    for row in rows:
        if isinstance(row, RowProblem):
            yield Told(1, row.line, None, (row,))
            continue
        told = translator.record(row)
        if not isinstance(told, Record):
            yield Told(1, row.line, None, tuple(told))
        elif told.external_id in seen:
            bad = BadValue(gettext_noop("stands already on line %(line)s"), line=seen[told.external_id])
            yield Told(1, row.line, None, (translator.problem(row, "", told.external_id, bad),))
        else:
            if len(seen) < MAX_SEEN:
                seen[told.external_id] = row.line
            yield Told(1, row.line, told)
