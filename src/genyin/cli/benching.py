"""`bench`: the measured claims come with the source, not with the package; each is a `main` of its own."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin import config
from genyin.base.errors import BadInput, gettext_noop
from genyin.cli import voice
from genyin.cli.command import command, wrong_use

app = typer.Typer()
CHECKOUT = Path(__file__).resolve().parents[3]
FORMATS = "csv, xlsx, jsonl"
DRAWN = _("The same seed, the same incidents; without it one is drawn and printed.")
Figures = dict[str, object]


@command(app, "bench match", needs_database=False)
def match(
    *,
    data: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=_("Folder with the reports."))] = None,
) -> Figures:
    return _on_data("match", data, beside="jira_apache")


@command(app, "bench chinese", needs_database=False)
def chinese(
    *,
    data: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=_("File with the pairs."))] = None,
    across: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=_("File with reports and their translations."))
    ] = None,
) -> Figures:
    beside = _beside("vscode_multilingual/vscode_multilingual.first70.csv.xz")
    return _on_data("chinese", data, across or beside, beside="zh_bq_corpus/bq_dev.tsv.xz")


@command(app, "bench events", needs_database=False)
def events(
    *,
    data: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help=_("Folder with the lines."))] = None,
    seed: Annotated[int, typer.Option(min=0, help=_("Another seed, other lines."))] = 0,
) -> Figures:
    return _on_data("events", data, seed, beside="loghub_2k")


@command(app, "bench codes", needs_database=False)
def codes(
    *,
    train: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help=_("File with the incidents that are learned."))
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help=_("File with those to guess; else the last 30% of the first.")),
    ] = None,
) -> Figures:
    return _on_data("codes", train, test, beside="bpi2014_rabobank_partial/incident_at_open.first70.csv.xz")


@command(app, "bench group", needs_database=False)
def group(
    *,
    n: Annotated[int, typer.Option("--n", min=10, help=_("How many incidents are generated."))],
    seed: Annotated[int | None, typer.Option(min=0, help=DRAWN)] = None,
    dirty: Annotated[float, typer.Option(min=0, max=1, help=_("Share of wrong or missing CIs."))] = 0.0,
) -> Figures:
    return _said(_main("group")(n, seed=seed, dirty=dirty))


@command(app, "bench assign", needs_database=False)
def assign(
    *,
    n: Annotated[int, typer.Option("--n", min=100, help=_("How many incidents are generated."))],
    seed: Annotated[int | None, typer.Option(min=0, help=DRAWN)] = None,
) -> Figures:
    return _said(_main("assign")(n, seed=seed))


@command(app, "bench candidates", needs_database=False)
def candidates(
    *,
    n: Annotated[int, typer.Option("--n", min=100, help=_("How many incidents are generated."))] = 20_000,
    seed: Annotated[int | None, typer.Option(min=0, help=DRAWN)] = None,
) -> Figures:
    return _said(_main("candidates")(n, seed=seed))


@command(app, "bench stats", needs_database=False)
def stats(
    *,
    rows: Annotated[int, typer.Option(min=60, help=_("How many incidents are generated."))] = 10_000_000,
    seed: Annotated[int, typer.Option(min=0, help=_("Another seed, other incidents."))] = 0,
) -> Figures:
    return _said(_main("stats")(rows, seed=seed))


@command(app, "bench novelty", needs_database=False)
def novelty(
    *,
    n: Annotated[int, typer.Option("--n", min=600, help=_("How many incidents are generated."))] = 25_000,
    seed: Annotated[int | None, typer.Option(min=0, help=DRAWN)] = None,
    data: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help=_("Folder with the real data."))
    ] = None,
) -> Figures:
    return _said(_main("novelty")(n, seed=seed, data=data or config.load().data))


@command(app, "bench rise", needs_database=False)
def rise(
    *,
    seed: Annotated[int | None, typer.Option(min=0, help=DRAWN)] = None,
    quick: Annotated[bool, typer.Option("--quick", help=_("Fewer histories: under half a minute."))] = False,
) -> Figures:
    return _said(_main("rise")(config.load().data, seed=seed, quick=quick))


@command(app, "bench all", needs_database=False)
def everything(
    *, quick: Annotated[bool, typer.Option("--quick", help=_("Fewer records: a few minutes."))] = False
) -> Figures:
    found = _main("everything")(config.load().data, quick=quick, tell=lambda name, one: voice.say(f"{name}: {one}"))
    return {**found, **_said({"seconds": found["seconds"]})}


@command(app, "bench index", needs_database=False)
def index(
    *,
    n: Annotated[int, typer.Option("--n", min=10, help=_("How many incidents are generated."))],
    seed: Annotated[int | None, typer.Option(min=0, help=DRAWN)] = None,
) -> Figures:
    return _said(_main("index")(n, seed=seed))


@command(app, "bench import", needs_database=False)
def import_file(
    *,
    rows: Annotated[int, typer.Option(min=1, help=_("How many incidents the file holds."))] = 100_000,
    form: Annotated[str, typer.Option("--format", help=FORMATS)] = "csv",
    seed: Annotated[int, typer.Option(min=0, help=_("Another seed, other incidents."))] = 0,
) -> Figures:
    if form not in FORMATS.split(", "):
        raise wrong_use(
            _("There is no format “%(format)s”. Choose from: %(known)s.") % {"format": form, "known": FORMATS}
        )
    return _said(_main("intake")(rows, form=form, seed=seed))


def _on_data(name: str, given: Path | None, *more: Path | int | None, beside: str) -> Figures:
    """Measure on what was named, else on what lies in the folder of real data."""
    data = given or _beside(beside)
    if data is None:
        raise wrong_use(_("%(flag)s is missing.") % {"flag": "--train" if name == "codes" else "--data"})
    try:
        return _said(_main(name)(data, *more))
    except FileNotFoundError as lacking:
        nothing = gettext_noop("%(folder)s does not hold the files of this measurement: %(why)s.")
        raise BadInput(nothing, field="data", folder=data, why=lacking) from lacking


def _beside(name: str) -> Path | None:
    known = config.load().data
    return known / name if known else None


def _main(name: str) -> Callable[..., Figures]:
    return _of(name, "main")


def _of(name: str, function: str) -> Callable[..., Figures]:
    if not (CHECKOUT / "bench" / f"{name}.py").is_file():
        raise wrong_use(_("The measurements come with the source code: call ./genyin bench in a checkout."))
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
    found: Callable[..., Figures] = getattr(importlib.import_module(f"bench.{name}"), function)
    return found


def _said(figures: Figures) -> Figures:
    """The figures, and the machine they were measured on."""
    told = {**figures, "machine": _of("machine", "here")()}
    for name, value in told.items():
        voice.say(f"{name}: {value}")
    return told
