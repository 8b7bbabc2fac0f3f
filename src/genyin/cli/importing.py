"""`import`: a file of another system becomes records here."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from genyin.base import clock
from genyin.base.errors import BadFile, gettext_noop
from genyin.cli import database, voice
from genyin.cli.command import command, wrong_use
from genyin.cli.effort import Effort
from genyin.cli.operator import operator
from genyin.intake import actions, queries
from genyin.intake.kinds import TAKERS
from genyin.intake.models import ImportRun
from genyin.intake.progress import Listener
from genyin.intake.progress import Progress as Stand
from genyin.web.imports.shown import notes
from genyin.web.words import listed, word

app = typer.Typer()
KINDS = ", ".join(TAKERS)
COUNTS = ("created", "updated", "unchanged")
SERVICES_SHOWN = 20
SEPARATORS = {"\t": "TAB", " ": "SPACE"}


@command(app, "import", needs_database=False)
def import_file(
    *,
    file: Annotated[Path, typer.Argument(help=_("csv, tsv, xlsx, jsonl; .gz .xz .zip."))],
    source: Annotated[str, typer.Option(help=_("Where it comes from; also the name of a ready mapping."))],
    kind: Annotated[str, typer.Option(help=_("Recognised when left out: %(known)s.") % {"known": KINDS})] = "",
    mapping: Annotated[Path | None, typer.Option(help=_("A mapping of your own."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Say what would be done and write no record."))] = False,
) -> dict[str, object]:
    if kind and kind not in TAKERS:
        raise wrong_use(_("There is no kind “%(kind)s”. Choose one of: %(known)s.") % {"kind": kind, "known": KINDS})
    for path in (file, mapping):
        if path is not None and path.is_dir():
            raise BadFile(gettext_noop("%(path)s is a folder; name a file in it."), file=path.name, path=path)
        if path is not None and not path.is_file():
            raise BadFile(gettext_noop("There is no file %(path)s."), file=path.name, path=path)
    if database.make_if_missing(by=operator()):
        voice.say(_("A database was made. Name the organisation and people with: genyin setup"))
    effort, began = Effort(), clock.now()
    spare_the_collector()
    with progress() as tell:
        run = actions.run(
            file, source=source, kind=kind, mapping=mapping, dry_run=dry_run, progress=tell, by=operator()
        )
    if run.begun_at < began:
        voice.say(_("An import of this file that was cut off went on where it stood."))
    told = answer(run, dry_run=dry_run)
    say(run, told)
    return {**told, **effort.told()}


def spare_the_collector() -> None:
    """Look for cycles seldom: an import makes millions of values and no cycles; looking takes a tenth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@contextmanager
def progress() -> Iterator[Listener]:
    """A bar on standard error: phase, share, rows, rows a second, time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
    )
    phases = {"checking": _("Checking"), "writing": _("Writing")}
    with Progress(*columns, console=voice.aside) as shown:
        tasks = {code: shown.add_task(name, total=None, said="", visible=False) for code, name in phases.items()}

        def tell(stand: Stand) -> None:
            said = _("%(rows)s rows, %(rate)s a second") % {"rows": f"{stand.rows:,}", "rate": f"{stand.rate:,.0f}"}
            shown.update(tasks[stand.phase], visible=True, total=stand.total, completed=stand.rows, said=said)

        yield tell


def answer(run: ImportRun, *, dry_run: bool) -> dict[str, object]:
    """The figures of a run: what was done, or after a dry run what would be."""
    rejects = queries.rejects_of(run)
    if dry_run:
        counts = {name: run.foreseen[name] for name in COUNTS}
        rows, records, rejected, services = run.rows_found, run.records_found, run.rejects_found, _foreseen(run)
    else:
        counts = {name: getattr(run, name) for name in COUNTS}
        rows, records, rejected, services = run.rows, run.records, run.rejected, run.new_services
    return {
        "rows": rows,
        run.kind: records,
        **counts,
        "rejected": rejected,
        "rejects_file": str(rejects) if rejects else None,
        "new_services": services,
        "notes": run.notes,
        "kind": run.kind,
        "source": run.source,
        "mapping": run.mapping,
        "encoding": run.encoding,
        "separator": run.separator,
        "dry_run": dry_run,
    }


def say(run: ImportRun, told: dict[str, object]) -> None:
    """The same for a person."""
    separator = SEPARATORS.get(run.separator, run.separator)
    seen = {
        _("form %(form)s") % {"form": run.form.lstrip(".")}: run.form,
        _("encoding %(encoding)s") % {"encoding": run.encoding}: run.encoding,
        _("separator “%(separator)s”") % {"separator": separator}: run.separator,
        _("mapping %(mapping)s") % {"mapping": run.mapping}: run.mapping,
    }
    voice.say(f"{run.file}: {listed(said for said, there in seen.items() if there)}")
    figures = {name: told[name] for name in ("rows", *COUNTS, "rejected")}
    form = _(
        "%(rows)s rows, %(records)s × %(kind)s: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, "
        "%(rejected)s rows rejected."
    )
    voice.say(form % {**figures, "records": told[run.kind], "kind": word("import_kind", run.kind)})
    if told["dry_run"]:
        voice.say(_("This was a dry run: no record was written."))
    for note in notes(run):
        voice.say(note)
    if told["rejects_file"]:
        voice.warn(_("The rejected rows, each with its reason: %(path)s") % {"path": told["rejects_file"]})
    _say_services(told["new_services"])


def _say_services(new: object) -> None:
    if not isinstance(new, list) or not new:
        return
    shown = listed(str(name) for name in new[:SERVICES_SHOWN]) + (" …" if len(new) > SERVICES_SHOWN else "")
    said = ngettext(
        "%(count)s service is new and waits to be confirmed: %(names)s",
        "%(count)s services are new and wait to be confirmed: %(names)s",
        len(new),
    )
    voice.say(said % {"count": len(new), "names": shown})


def _foreseen(run: ImportRun) -> list[str]:
    return [str(name) for name in run.foreseen["new_services"]]
