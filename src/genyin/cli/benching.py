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


@command(app, "bench codes", needs_database=False)
def codes(
    *,
    data: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help=_("File with the incidents."))] = None,
) -> Figures:
    return _on_data("codes", data, beside="bpi2014_rabobank_partial/incident_at_open.first70.csv.xz")


@command(app, "bench group", needs_database=False)
def group(
    *,
    n: Annotated[int, typer.Option("--n", min=10, help=_("How many incidents are generated."))],
    seed: Annotated[int, typer.Option(min=0, help=_("Another seed, other incidents."))] = 0,
) -> Figures:
    return _said(_main("group")(n, seed=seed))


@command(app, "bench index", needs_database=False)
def index(
    *,
    n: Annotated[int, typer.Option("--n", min=10, help=_("How many incidents are generated."))],
    seed: Annotated[int, typer.Option(min=0, help=_("Another seed, other incidents."))] = 0,
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


def _on_data(name: str, given: Path | None, *more: Path | None, beside: str) -> Figures:
    """Measure on what was named, else on what lies in the folder of real data."""
    data = given or _beside(beside)
    if data is None:
        raise wrong_use(_("%(flag)s is missing.") % {"flag": "--data"})
    try:
        return _said(_main(name)(data, *more))
    except FileNotFoundError as lacking:
        nothing = gettext_noop("%(folder)s does not hold the files of this measurement: %(why)s.")
        raise BadInput(nothing, field="data", folder=data, why=lacking) from lacking


def _beside(name: str) -> Path | None:
    known = config.load().data
    return known / name if known else None


def _main(name: str) -> Callable[..., Figures]:
    if not (CHECKOUT / "bench" / f"{name}.py").is_file():
        raise wrong_use(_("The measurements come with the source code: call ./genyin bench in a checkout."))
    sys.path.insert(0, str(CHECKOUT))
    main: Callable[..., Figures] = importlib.import_module(f"bench.{name}").main
    return main


def _said(figures: Figures) -> Figures:
    for name, value in figures.items():
        voice.say(f"{name}: {value}")
    return figures
