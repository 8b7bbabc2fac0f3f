"""`test`: the tests come with the source, not with the package, so the checkout's own launcher runs them."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.cli.command import command, wrong_use

app = typer.Typer()
CHECKOUT = Path(__file__).resolve().parents[3]


@command(app, "test", needs_database=False)
def run_tests(quick: Annotated[bool, typer.Option(help=_("SQLite only, no browser, nothing slow."))] = False) -> None:
    launcher = CHECKOUT / "genyin"
    if not (launcher.is_file() and (CHECKOUT / "tests" / "runner").is_dir()):
        raise wrong_use(_("The tests come with the source code: call ./genyin test in a checkout."))
    # Becomes the launcher, with the words it was called with: it installs what the tests need and runs them.
    os.execv(launcher, [str(launcher), *sys.argv[1:]])
