"""`demo`: an invented provider with a year of work, ready to be looked at."""

import os
import subprocess
import sys
from typing import Annotated, Literal

import typer
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rich.cells import cell_len, set_cell_size

from genyin import config
from genyin.base.errors import GenyinError, gettext_noop
from genyin.base.models import Event
from genyin.cli import database, voice
from genyin.cli.command import command
from genyin.cli.running import MOST_WORKERS, Port, free_port, run, url
from genyin.demo import LOADED
from genyin.demo.accounts import PASSWORD, Account, accounts
from genyin.incidents.models import Incident
from genyin.problems.models import Problem
from genyin.web.words import word

app = typer.Typer()
HOST = "127.0.0.1"
BUILD = [sys.executable, "-m", "genyin.cli.demo_process"]
Language = Literal["zh", "en"]


class NotBuilt(GenyinError):
    """The demo's database holds something else, or building it was cut off."""

    code = "not_built"


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
    """Cut off at any moment, nothing of it is there: it is loaded in one transaction. Raises NotBuilt."""
    if database.pending():
        database.migrate()
    if not Event.objects.filter(verb=LOADED).exists():
        voice.say(_("Making the demo's database; the first time this takes up to a minute ..."))
        if subprocess.run([*BUILD, language], stdout=sys.stderr, check=False).returncode:
            raise NotBuilt(gettext_noop("The demo could not be made; the lines above say why."))
    holds = _("The demo holds %(incidents)s incidents and %(problems)s problems.")
    voice.say(holds % {"incidents": Incident.objects.count(), "problems": Problem.objects.count()})


def _told(address: str, people: tuple[Account, ...]) -> dict[str, object]:
    voice.say(_("Sign in with one of these; the password of all is %(password)s:") % {"password": PASSWORD})
    rows = [(account.username, word("role", account.role), account.look_at) for account in people]
    logins, roles = (max(cell_len(row[place]) for row in rows) + 2 for place in (0, 1))
    for login, role, look_at in rows:
        voice.say(f"  {set_cell_size(login, logins)}{set_cell_size(role, roles)}{look_at}")
    listed = [
        {"username": a.username, "password": PASSWORD, "name": a.name, "role": a.role, "look_at": a.look_at}
        for a in people
    ]
    return {"url": address, "accounts": listed}
