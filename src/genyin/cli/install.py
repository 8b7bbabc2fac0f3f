"""`setup` and `upgrade`."""

import sys
from typing import Annotated

import typer
from django.conf import settings
from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.base.errors import BadInput, gettext_noop
from genyin.cli import database, voice
from genyin.cli.command import command, wrong_use
from genyin.cli.operator import operator
from genyin.people import actions as people
from genyin.people import queries as people_queries
from genyin.people.models import User
from genyin.procedure import actions as procedure

app = typer.Typer()


@command(app, "setup", needs_database=False)
def setup(
    *,
    organisation: Annotated[str, typer.Option(help=_("Name of the organisation."))] = "",
    zone: Annotated[str, typer.Option(help=_("Time zone in which months are cut and days counted."))] = "",
    language: Annotated[str, typer.Option(help=_("Language of records and reports: zh-hans or en."))] = "",
    admin: Annotated[str, typer.Option(help=_("Login of the first administrator."))] = "",
    admin_name: Annotated[str, typer.Option(help=_("Their name."))] = "",
    email: Annotated[str, typer.Option(help=_("Their e-mail address."))] = "",
    password: Annotated[str, typer.Option(help=_("Their password; asked for when left out."))] = "",
    lead: Annotated[bool, typer.Option("--lead", help=_("They are a service-management lead too."))] = False,
) -> dict[str, object]:
    organisation = _given(organisation, "--organisation", _("Organisation"), "")
    zone = _given(zone, "--zone", _("Time zone"), "Asia/Shanghai")
    language = _given(language, "--language", _("Language (zh-hans, en)"), "zh-hans")
    _check(zone, language)
    applied = database.upgrade(by=operator())
    procedure.set_site(name=organisation, zone=zone, language=language, by=operator())
    admin = _given(admin, "--admin", _("Login of the first administrator"), "admin")
    if User.objects.filter(username=admin).exists():
        voice.say(_("%(login)s is already there and stays as they are.") % {"login": admin})
    else:
        people.add_user(
            admin,
            name=admin_name or admin,
            email=_given(email, "--email", _("E-mail address"), ""),
            password=_given(password, "--password", _("Password"), "", hidden=True),
            roles=["administrator", *(["lead"] if lead else [])],
            language=language,
            by=operator(),
        )
    warn_of_too_few_leads()
    voice.say(_("Genyin is set up. Start it with: genyin serve"))
    return {"organisation": organisation, "zone": zone, "language": language, "admin": admin, "migrations": applied}


@command(app, "upgrade", needs_database=False)
def upgrade() -> dict[str, object]:
    applied = database.upgrade(by=operator())
    done = _("%(count)s migrations applied.") % {"count": applied}
    voice.say(done if applied else _("The database is already of this version."))
    return {"migrations": applied}


def leads() -> int:
    """How many people hold the lead's right or may stand in as the second person."""
    return people_queries.holders_of("lead", "management").count()


def warn_of_too_few_leads() -> None:
    """A waiver and the review of a lead's own problem need a second person: say so before they are needed."""
    if leads() < 2:
        voice.warn(
            _(
                "Fewer than two people hold the lead's right. Waivers, and reviews of a lead's own problems, "
                "need a second one: genyin user add --role lead"
            )
        )


def _given(value: str, flag: str, question: str, usual: str, *, hidden: bool = False) -> str:
    """The flag's value; asked for when there is a person to ask. Raises Exit(2) when there is none."""
    if value:
        return value
    if sys.stdin.isatty():
        # Asked on standard error: standard output may be somebody's pipe.
        asked: str = typer.prompt(
            question, default=usual or None, hide_input=hidden, confirmation_prompt=hidden, err=True
        )
        return asked
    if usual:
        return usual
    raise wrong_use(_("%(flag)s is missing.") % {"flag": flag})


def _check(zone: str, language: str) -> None:
    if zone not in clock.zones():
        raise BadInput(gettext_noop("“%(zone)s” is no time zone. An example: Asia/Shanghai."), field="zone", zone=zone)
    known = [code for code, _name in settings.LANGUAGES]
    if language not in known:
        raise BadInput(
            gettext_noop("“%(language)s” is not spoken here. Known are: %(known)s."),
            field="language", language=language, known=", ".join(known),
        )  # fmt: skip
