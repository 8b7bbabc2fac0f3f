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
from genyin.cli.running import MOST_WORKERS, Port, free_port, run, url
from genyin.demo.accounts import PASSWORD, Account, accounts
from genyin.demo.load import load
from genyin.demo.world import TIME_ZONE

app = typer.Typer()
HOST = "127.0.0.1"
Language = Literal["zh", "en"]


@command(app, "demo", needs_database=False)
def demo(
    *,
    port: Port = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=_("Make it ready and end."))] = False,
    language: Annotated[Language | None, typer.Option(help=_("In which language its people write."))] = None,
) -> dict[str, object] | None:
    _live_in_its_own_home()
    chosen = port if no_serve else free_port(HOST, port)
    spoken: Language = language or ("zh" if get_language().startswith("zh") else "en")
    _make(spoken)
    told = _told(url(HOST, chosen), accounts(spoken))
    if no_serve:
        return told
    run(HOST, chosen, MOST_WORKERS, told)
    return None


def _live_in_its_own_home() -> None:
    """Become the same command in the demo's home: settings are read once, when the program starts."""
    environment = config.demo_environment()
    if environment is not None:
        again = [sys.executable, "-m", "genyin.cli.main", *sys.argv[1:]]
        os.execve(sys.executable, again, environment)


def _make(language: Language) -> None:
    if not database.exists() or database.pending():
        voice.say(_("Making the demo's database; the first time this takes up to a minute ..."))
    database.migrate()
    today = clock.now().astimezone(ZoneInfo(TIME_ZONE)).date()
    loaded = load(today=today, by=operator(), language=language)
    holds = _("The demo holds %(incidents)s incidents and %(problems)s problems.")
    voice.say(holds % {"incidents": loaded.incidents, "problems": loaded.problems})


def _told(address: str, people: tuple[Account, ...]) -> dict[str, object]:
    voice.say(_("Sign in with one of these; the password of all is %(password)s:") % {"password": PASSWORD})
    width = max(len(account.username) for account in people)
    for account in people:
        voice.say(f"  {account.username:{width}}  {account.name}: {account.look_at}")
    listed = [
        {"login": a.username, "password": PASSWORD, "name": a.name, "role": a.role, "look_at": a.look_at}
        for a in people
    ]
    return {"url": address, "accounts": listed}
