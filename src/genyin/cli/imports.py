"""`import`: a file of another system becomes records here."""

import resource
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from genyin.base.errors import BadFile, gettext_noop
from genyin.cli import database, voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.intake import actions, queries
from genyin.intake.models import ImportRun
from genyin.intake.progress import Progress as Told

app = typer.Typer()


@command(app, "import", needs_database=False)
def import_file(
    file: Annotated[Path, typer.Argument(help=_("csv, tsv, xlsx, json or jsonl; also packed as .gz, .xz or .zip."))],
    *,
    source: Annotated[str, typer.Option(help=_("The system it comes from; of that name is its ready mapping."))],
    kind: Annotated[
        str, typer.Option(help=_("incidents, problems, known_errors, changes, services or people; else recognised."))
    ] = "",
    mapping: Annotated[Path | None, typer.Option(help=_("A mapping file of your own (TOML)."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Read everything, write nothing."))] = False,
) -> dict[str, object]:
    for path in (file, *([mapping] if mapping else [])):
        if not path.is_file():
            raise BadFile(gettext_noop("There is no file %(path)s."), file=path.name, path=path)
    if database.make_if_missing(by=operator()):
        voice.say(_("A database was made. Name the organisation and people with: genyin setup"))
    started = time.monotonic()
    with _bar() as bar:
        run = actions.run(
            file, source=source, kind=kind, mapping=mapping, dry_run=dry_run, progress=_shown(bar), by=operator()
        )
    result = _result(run, dry_run=dry_run, seconds=time.monotonic() - started)
    _say(run, result, dry_run=dry_run)
    return result


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    )  # fmt: skip
    # Without a terminal a bar is noise in somebody's log.
    return Progress(*columns, console=voice.aside, disable=not sys.stderr.isatty())


class _shown:
    """A listener that draws one bar per phase."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, told: Told) -> None:
        names = {"checking": _("Checking"), "writing": _("Writing")}
        if told.phase not in self.tasks:
            self.tasks[told.phase] = self.bar.add_task(names.get(told.phase, told.phase), rate=0.0)
        self.bar.update(self.tasks[told.phase], completed=told.rows, total=told.total, rate=told.rate)


def _result(run: ImportRun, *, dry_run: bool, seconds: float) -> dict[str, object]:
    foreseen = {name: run.foreseen.get(name, 0) for name in ("created", "updated", "unchanged")}
    counts = foreseen if dry_run else {name: getattr(run, name) for name in foreseen}
    rejects = queries.rejects_of(run)
    return {
        "run": run.pk,
        "kind": run.kind,
        "source": run.source,
        "mapping": run.mapping,
        "rows": run.rows_found if dry_run else run.rows,
        run.kind: run.records_found if dry_run else run.records,
        **counts,
        "rejected": run.rejects_found if dry_run else run.rejected,
        "rejects_file": str(rejects) if rejects else None,
        "new_services": run.foreseen.get("new_services", []) if dry_run else run.new_services,
        "encoding": run.encoding,
        "separator": run.separator,
        "dry_run": dry_run,
        "seconds": round(seconds, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _say(run: ImportRun, result: dict[str, object], *, dry_run: bool) -> None:
    voice.say(_("Read as %(mapping)s (%(form)s %(encoding)s).") % {
        "mapping": run.mapping, "form": run.form, "encoding": run.encoding,
    })  # fmt: skip
    voice.say(
        _("%(rows)s rows: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(rejected)s rejected.")
        % result
    )
    if dry_run:
        voice.say(_("Nothing was written: this was a dry run."))
    if result["new_services"]:
        voice.warn(
            _("New services, to be confirmed: %(names)s") % {"names": ", ".join(map(str, run.new_services[:20]))}
        )
    if result["rejects_file"]:
        voice.warn(_("The rejected rows and why: %(file)s") % {"file": result["rejects_file"]})
