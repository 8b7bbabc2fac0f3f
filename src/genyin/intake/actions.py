"""Imports: understood first, read through once without writing, then written in short transactions.

An import killed at any moment is begun again with the same file and goes on where it stood; a second import of
the same file changes nothing.
"""

import hashlib
import shutil
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import BadFile, BadInput, Conflict, GenyinError, gettext_noop
from genyin.base.sentences import say
from genyin.incidents.data import Record
from genyin.intake import kinds, library, rejects
from genyin.intake.models import ImportRun, RunState
from genyin.intake.progress import Listener, Meter, Pace, nobody
from genyin.intake.records import Told
from genyin.intake.rejects import Rejects
from genyin.intake.rows import RowProblem, bad_file
from genyin.intake.stream import Reading, understand
from genyin.intake.survey import survey
from genyin.people.roles import Right, held, require
from genyin.procedure import queries as procedure

SOURCE_LENGTH = 40
UNFINISHED = (RunState.CHECKING, RunState.CHECKED, RunState.WRITING)
MAX_NOTES_KEPT = 50
MAX_UPLOAD = 512 * 2**20


def run(
    path: Path, *, source: str = "", kind: str = "", mapping: Path | None = None, dry_run: bool = False,
    progress: Listener = nobody, by: Actor,
) -> ImportRun:  # fmt: skip
    """Import a file from beginning to end, or go on with an import of it that was cut off.

    Raises BadFile, having written no record, for a file that is not what it says or is damaged anywhere.
    """
    begun = begin(path, source=source, kind=kind, mapping=mapping, by=by)
    if begun.state == RunState.CHECKING or (dry_run and begun.state == RunState.CHECKED):
        check(begun, progress=progress, by=by)
    return begun if dry_run else carry_out(begun, progress=progress, by=by)


def begin(
    path: Path, *, source: str = "", kind: str = "", mapping: Path | None = None, by: Actor
) -> ImportRun:  # fmt: skip
    """Understand the file and open a run for it; an unfinished run of the same file, source and mapping goes on.

    Without `source` the records are filed under the mapping's name. Raises BadFile or BadInput.
    """
    _may_import(by)
    if len(source) > SOURCE_LENGTH:
        raise BadInput(
            gettext_noop("The name of a source has at most %(limit)s characters."), field="source", limit=SOURCE_LENGTH
        )
    reading = understand(path, source=source, kind=kind, mapping=mapping, zone=procedure.site().zone)
    identity = {
        "sha256": _sha256(path), "kind": reading.mapping.kind, "source": reading.source,
        "mapping_digest": _mapping_digest(reading, mapping),
    }  # fmt: skip
    open_run = ImportRun.objects.filter(state__in=UNFINISHED, **identity).order_by("-id").first()
    paths = {"path": str(path.resolve()), "mapping_path": str(mapping.resolve()) if mapping else ""}
    if open_run is not None:
        if open_run.path != paths["path"]:
            _forget_upload(open_run)
        # One that was only looked at begins now; one that wrote goes on.
        begins = {"begun_at": clock.now()} if open_run.state == RunState.CHECKED else {}
        ImportRun.objects.filter(pk=open_run.pk).update(**paths, **begins, seen_at=clock.now())
        open_run.refresh_from_db()
        return open_run
    shape = reading.shape
    return ImportRun.objects.create(
        file=path.name[:255], mapping=reading.mapping.name, form=shape.form, encoding=shape.encoding,
        separator=shape.separator, begun_at=clock.now(), begun_by=by.name, seen_at=clock.now(), **paths, **identity,
    )  # fmt: skip


def check(run: ImportRun, *, progress: Listener = nobody, by: Actor) -> ImportRun:
    """Read the whole file without writing a record: what it holds, what is refused, and that it is not damaged."""
    _may_import(by)
    reading = reading_of(run)
    try:
        found = survey(reading, Rejects(rejects.folder(run.pk), reading.shape), progress)
    except BadFile as damage:
        fail(run, damage)
        raise
    ImportRun.objects.filter(pk=run.pk, state__in=(RunState.CHECKING, RunState.CHECKED)).update(
        state=RunState.CHECKED, rows_found=found.rows, records_found=found.records, rejects_found=found.rejected,
        foreseen=found.foreseen, notes=_notes(reading), seen_at=clock.now(),
    )  # fmt: skip
    run.refresh_from_db()
    return run


def carry_out(run: ImportRun, *, progress: Listener = nobody, by: Actor) -> ImportRun:
    """Write the records of a checked run in short transactions, from its checkpoint on."""
    through = _may_import(by)
    reading = reading_of(run)
    ImportRun.objects.filter(pk=run.pk, state=RunState.CHECKED).update(state=RunState.WRITING)
    run.refresh_from_db()
    if run.state != RunState.WRITING:
        raise Conflict(gettext_noop("This import is %(state)s and cannot be carried out."), state=run.state)
    told = islice(reading.told(), run.told, None)
    bad = Rejects(rejects.folder(run.pk), reading.shape)
    meter, pace = Meter("writing", progress, total=run.rows_found, done=run.rows), Pace()
    while chunk := list(islice(told, pace.size)):
        began = time.monotonic()
        _write(run, chunk, bad, by=by)
        pace.took(time.monotonic() - began, len(chunk))
        meter.at(run.rows, run.rejected)
    meter.at(run.rows, run.rejected, last=True)
    return _end(run, by=by, through=through)


def discard(run: ImportRun, *, by: Actor) -> ImportRun:
    """Let go of a run that has written nothing, with what was uploaded for it. Raises Conflict once it writes."""
    _may_import(by)
    moment = clock.now()
    waiting = ImportRun.objects.filter(pk=run.pk, state__in=(RunState.CHECKING, RunState.CHECKED))
    if not waiting.update(state=RunState.DISCARDED, ended_at=moment, seen_at=moment):
        raise Conflict(gettext_noop("This import has begun to write, or has ended; it cannot be discarded."))
    _forget_upload(run)
    run.refresh_from_db()
    return run


def reading_of(run: ImportRun) -> Reading:
    """The file of a run, understood again. Raises BadFile when it is gone or no longer the same."""
    path = Path(run.path)
    mapping = Path(run.mapping_path) if run.mapping_path else None
    reading = understand(path, source=run.source, kind=run.kind, mapping=mapping, zone=procedure.site().zone)
    if _sha256(path) != run.sha256:
        raise bad_file(gettext_noop("%(file)s has changed since it was checked; import it anew."), file=run.file)
    return reading


def keep_upload(name: str, chunks: Iterable[bytes]) -> Path:
    """Lay an uploaded file where an import can read it until it is done. Raises BadFile beyond the size allowed."""
    safe = Path(name).name[-150:] or "upload"
    folder = rejects.uploads() / uuid4().hex
    folder.mkdir(parents=True)
    size = 0
    with (folder / safe).open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_UPLOAD:
                shutil.rmtree(folder)
                raise bad_file(
                    gettext_noop("%(file)s is larger than %(limit)s MB; import it on the server with the command."),
                    file=safe,
                    limit=MAX_UPLOAD // 2**20,
                )
            file.write(chunk)
    return folder / safe


def _write(run: ImportRun, chunk: list[Told], bad: Rejects, *, by: Actor) -> None:
    """One transaction: the checkpoint moves, the area takes the records, the list of rejects grows."""
    records = [told.record for told in chunk if told.record is not None]
    lines = {told.record.external_id: told.line for told in chunk if told.record is not None}
    with transaction.atomic():
        claimed = ImportRun.objects.filter(pk=run.pk, told=run.told, state=RunState.WRITING)
        if not claimed.update(told=run.told + len(chunk), seen_at=clock.now()):
            raise Conflict(gettext_noop("This import is being carried out by another process."))
        taken = kinds.TAKERS[run.kind](records, run.source, by)
        problems = [problem for told in chunk for problem in told.problems]
        problems += [_refused(run, record, lines[record.external_id], refusal) for record, refusal in taken.refused]
        size = bad.append(problems, at=run.rejects_size)
        lost = sum(told.rows for told in chunk if told.problems) + len(taken.refused)
        ImportRun.objects.filter(pk=run.pk).update(
            rows=run.rows + sum(told.rows for told in chunk), records=run.records + len(records) - len(taken.refused),
            created=run.created + taken.created, updated=run.updated + taken.updated,
            unchanged=run.unchanged + taken.unchanged, rejected=run.rejected + lost, rejects_size=size,
            new_services=sorted({*run.new_services, *taken.new_services}),
        )  # fmt: skip
    run.refresh_from_db()


def _end(run: ImportRun, *, by: Actor, through: Delegated | None) -> ImportRun:
    with transaction.atomic():
        ended = ImportRun.objects.filter(pk=run.pk, state=RunState.WRITING)
        has_ended = ended.update(state=RunState.DONE, ended_at=clock.now(), seen_at=clock.now())
        if has_ended and (run.created or run.updated):
            counts = {name: getattr(run, name) for name in ("rows", "created", "updated", "unchanged", "rejected")}
            after = {"file": run.file, "sha256": run.sha256, "kind": run.kind, "source": run.source, **counts}
            events.record("import.done", run, by=by, after=after, through=through)
    run.refresh_from_db()
    _forget_upload(run)
    return run


def _forget_upload(run: ImportRun) -> None:
    """Delete what was uploaded for the run; a file that lay on the server before is left alone."""
    for kept in (Path(run.path).parent, Path(run.mapping_path).parent):
        if kept.parent == rejects.uploads():
            shutil.rmtree(kept, ignore_errors=True)


def fail(run: ImportRun, why: BadFile) -> None:
    """Mark a run as failed, with the sentence that says why."""
    moment = clock.now()
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, failure=say(why), ended_at=moment, seen_at=moment)


def _refused(run: ImportRun, record: Record, line: int, refusal: GenyinError) -> RowProblem:
    """A record that its area did not want, as a line of the list of rejects."""
    return RowProblem(run.file, line, refusal.field, record.external_id, refusal.message, refusal.params)


def _notes(reading: Reading) -> list[dict[str, object]]:
    return [
        {"column": note.column, "value": note.value, "what": note.what, "times": times}
        for note, times in reading.notes.most_common(MAX_NOTES_KEPT)
    ]


def _may_import(by: Actor) -> Delegated | None:
    return None if Right.JOB in held(by) else require(by, "import.run")


def _mapping_digest(reading: Reading, mapping: Path | None) -> str:
    """Another mapping or zone reads other records from the same file; such a run must not be gone on with."""
    path = mapping or library.READY / f"{reading.mapping.name}.toml"
    return hashlib.sha256(path.read_bytes() + (reading.mapping.zone or reading.zone).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
