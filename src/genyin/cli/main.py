"""`genyin`: sets Django up, finds the command that was called, and calls it."""

import importlib
import sys
from argparse import Namespace

import django
import typer
from django.core.management.base import handle_default_options
from django.utils import translation
from django.utils.translation import gettext as _

from genyin import config
from genyin.cli.table import AREAS, Area, area_of


def main() -> None:
    """The entry point of the package."""
    prepare()
    build(sys.argv[1:])()


def prepare() -> None:
    """Make Django ready, before any module that holds models is imported; speak the terminal's language."""
    # Django's own way of being told its settings by a command; children started from here inherit it.
    handle_default_options(Namespace(settings="genyin.settings", pythonpath=None))
    try:
        django.setup()
    except config.BadConfiguration as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)
    translation.activate("zh-hans" if config.terminal_language().startswith("zh") else "en")


def build(words: list[str]) -> typer.Typer:
    """The command that the words call; without one, everything that help should list."""
    app = typer.Typer(
        name="genyin",
        help=_("Problem management for IT-service teams."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_root)
    area = area_of(next((word for word in words if not word.startswith("-")), ""))
    if area is not None:
        commands: typer.Typer = importlib.import_module(area.module).app
        app.add_typer(commands, name=area.group or None, help=_(area.about) if area.about else None)
        return app
    for listed in AREAS:
        _list(app, listed)
    return app


def _root() -> None:
    """Keeps one command from becoming the whole program."""


def _list(app: typer.Typer, area: Area) -> None:
    """Name the area's commands for help and for suggestions; calling one is `build`'s business."""
    for name, about in {area.group: area.about}.items() if area.group else area.commands.items():
        app.command(name, help=_(about))(_root)


if __name__ == "__main__":
    main()
