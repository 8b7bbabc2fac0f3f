"""A run as it is shown: the first rows as they were understood, the refused ones, and how far it is."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.base.errors import BadFile
from genyin.base.sentences import say, say_text
from genyin.incidents.data import Record
from genyin.intake import rejects
from genyin.intake.mending import HEADER, undone
from genyin.intake.models import ImportRun, RunState
from genyin.intake.stream import understand
from genyin.intake.survey import preview
from genyin.procedure import queries as procedures
from genyin.web.imports import jobs
from genyin.web.words import word

ROWS = 8
REFUSED = 20
MOST_COLUMNS = 7
LONGEST = 80
SILENT_FOR = 60  # seconds without a word from the worker after which a person may start it again
CODED = {"state": "incident", "priority": "grade", "level": "level"}


@dataclass(frozen=True, slots=True)
class Table:
    """The first records: a heading for each column, and the cells. `failure` is said instead of them."""

    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is. `waits`: the worker has not begun; `silent`: it has not said anything for long."""

    rows: int
    total: int
    rejected: int
    rate: int
    minutes: int
    seconds: int
    waits: bool
    silent: bool
    refusal: str

    @property
    def percent(self) -> int:
        return min(100, 100 * self.rows // self.total) if self.total else 0


def first_rows(run: ImportRun) -> Table:
    """The beginning of the file as it was understood."""
    mapping = Path(run.mapping_path) if run.mapping_path else None
    try:
        zone = procedures.site().zone
        reading = understand(Path(run.path), source=run.source, kind=run.kind, mapping=mapping, zone=zone)
        records = preview(reading, records=ROWS, problems=0).records
    except BadFile as refusal:
        return Table(failure=say(refusal))
    names = _columns(records)
    return Table(
        columns=[word("record_field", name) for name in names],
        rows=[[_cell(name, getattr(record, name)) for name in names] for record in records],
    )


def refused_rows(run: ImportRun) -> list[Mapping[str, str]]:
    """The first refused rows with place and reason, from the list that the check wrote."""
    path = rejects.folder(run.pk) / rejects.NAME
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.reader(file)
        next(rows, None)
        return [dict(zip(HEADER, map(undone, row), strict=False)) for row in islice(rows, REFUSED)]


def notes(run: ImportRun) -> list[str]:
    """What was accepted otherwise than written."""
    said = {
        (True, True): _("%(column)s: “%(value)s” %(what)s (%(times)s times)"),
        (True, False): _("%(column)s: %(what)s (%(times)s times)"),
        (False, True): _("“%(value)s” %(what)s"),  # about the file as a whole
        (False, False): _("%(times)s × %(what)s"),
    }
    return [
        said[bool(note["column"]), bool(note["value"])] % {**note, "what": say_text(note["what"], {})}
        for note in run.notes
    ]


def standing(run: ImportRun) -> Standing:
    """How far the check or the writing is."""
    progress, writing = jobs.told(run.pk), run.state in (RunState.CHECKED, RunState.WRITING)
    if progress is not None and (progress.phase == "writing") != writing:
        progress = None
    left = int(progress.seconds_left or 0) if progress else 0
    refusal, last_word = jobs.refusal(run.pk), max(run.seen_at, jobs.asked_at(run.pk) or run.seen_at)
    silence = (clock.now() - last_word).total_seconds()
    return Standing(
        rows=max(progress.rows if progress else 0, run.rows if writing else 0),
        total=run.rows_found if writing else 0,
        rejected=progress.rejected if progress else run.rejected,
        rate=round(progress.rate) if progress else 0,
        minutes=left // 60,
        seconds=left % 60,
        waits=progress is None and not run.told,
        silent=silence > SILENT_FOR and (writing or progress is None),
        refusal=refusal,
    )


def _columns(records: Sequence[Record]) -> list[str]:
    """Those of the known fields that any of the records fills, the identity first."""
    wanted = (
        "external_id", "title", "name", "service", "customer", "state", "occurred_at", "registered_at", "priority",
        "level", "availability_target", "roles", "email", "problem_number", "planned_at", "result", "workaround", "ci",
        "category",
    )  # fmt: skip
    return [name for name in wanted if any(getattr(record, name, None) for record in records)][:MOST_COLUMNS]


def _cell(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if value and name in CODED:
        return word(CODED[name], str(value))
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
