"""`demo`: an invented provider with a year of work, ready to be looked at."""

import os
import sys
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from genyin import config
from genyin.base import clock
from genyin.cli import database, voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.cli.running import MOST_WORKERS, Port, require_port, run, url
from genyin.demo.accounts import PASSWORD, Account, accounts
from genyin.demo.load import load
from genyin.demo.world import TIME_ZONE

app = typer.Typer()
HOST = "127.0.0.1"


@command(app, "demo", needs_database=False)
def demo(
    *,
    port: Port = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=_("Make it ready and end."))] = False,
    language: Annotated[Literal["zh", "en"] | None, typer.Option(help=_("In which language its people write."))] = None,
) -> dict[str, object] | None:
    if not config.load().demo:
        _in_its_own_home()
    if not no_serve:
        require_port(HOST, port)
    spoken = language or ("zh" if get_language().startswith("zh") else "en")
    _make(spoken)
    told = _told(port, accounts(spoken))
    if no_serve:
        return told
    run(HOST, port, MOST_WORKERS, told)
    return None


def _in_its_own_home() -> None:
    """Become the same command in the demo's folder: settings are read once, when the program starts."""
    home = config.load().home / "demo"
    again = [sys.executable, "-m", "genyin.cli.main", *sys.argv[1:]]
    # An empty name of a database is the embedded one: the demo never touches a server's.
    changes = [f"GENYIN_HOME={home}", "GENYIN_DEMO=true", "GENYIN_DATABASE_URL="]
    os.execvp("env", ["env", *changes, *again])  # noqa: S607 (our own words)


def _make(language: Literal["zh", "en"]) -> None:
    if not database.exists() or database.pending():
        voice.say(_("Making the demo's database; this takes half a minute the first time ..."))
    database.migrate()
    today = clock.now().astimezone(ZoneInfo(TIME_ZONE)).date()
    loaded = load(today=today, by=operator(), language=language)
    voice.say(_("The demo holds %(incidents)s incidents and %(problems)s problems.") % {
        "incidents": loaded.incidents, "problems": loaded.problems,
    })  # fmt: skip


def _told(port: int, people: tuple[Account, ...]) -> dict[str, object]:
    voice.say(_("Sign in with one of these; the password of all is %(password)s:") % {"password": PASSWORD})
    width = max(len(account.username) for account in people)
    for account in people:
        voice.say(f"  {account.username:{width}}  {account.name}: {account.look_at}")
    listed = [
        {"login": a.username, "password": PASSWORD, "name": a.name, "role": a.role, "look_at": a.look_at}
        for a in people
    ]
    return {"url": url(HOST, port), "accounts": listed}
