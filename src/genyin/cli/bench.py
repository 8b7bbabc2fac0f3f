"""`bench NAME`: the measured claims, one file a claim. They come with the source, not with the package."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command, wrong_use

app = typer.Typer(name="bench")
CHECKOUT = Path(__file__).resolve().parents[3]


@command(app, "bench match", needs_database=False)
def match(
    *, data: Annotated[Path, typer.Option(help=_("Folder with duplicate sets, as jira_apache."))]
) -> dict[str, Any]:
    return _measured("match", data)


@command(app, "bench group", needs_database=False)
def group(
    *,
    n: Annotated[int, typer.Option("--n", min=1, help=_("How many incidents to generate."))],
    seed: Annotated[int, typer.Option(help=_("Another seed, other incidents."))] = 0,
) -> dict[str, Any]:
    return _measured("group", n, seed=seed)


def _measured(name: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    """Run bench/NAME.py's `main` and answer its figures."""
    if not (CHECKOUT / "bench" / f"{name}.py").is_file():
        raise wrong_use(_("The benches come with the source code: call ./genyin bench in a checkout."))
    # Beside the package, not in it: the benches measure the product and are no part of it.
    sys.path.insert(0, str(CHECKOUT))
    try:
        figures: dict[str, Any] = importlib.import_module(f"bench.{name}").main(*arguments, **options)
    except FileNotFoundError as missing:
        raise wrong_use(str(missing)) from missing
    for key, value in figures.items():
        voice.say(f"{key}: {value}")
    return figures
