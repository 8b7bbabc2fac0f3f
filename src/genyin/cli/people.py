"""`user add`."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.cli.sight import named
from genyin.people import actions as people
from genyin.people.roles import PERSONAL

app = typer.Typer()
KNOWN = ", ".join(PERSONAL)


@command(app, "user add")
def add(
    *,
    login: Annotated[str, typer.Argument(help=_("Name to sign in with."))],
    name: Annotated[str, typer.Option(help=_("Name that others read."))] = "",
    email: Annotated[str, typer.Option(help=_("E-mail address."))],
    role: Annotated[list[str], typer.Option(help=_("May be given several times: %(known)s.") % {"known": KNOWN})],
    language: Annotated[str, typer.Option(help=_("zh-hans or en."))] = "zh-hans",
    phone: Annotated[str, typer.Option(help=_("Telephone."))] = "",
    password: Annotated[str, typer.Option(help=_("Without one they cannot sign in until it is set."))] = "",
    customer: Annotated[list[str], typer.Option(help=_("A customer whose services they see; several times."))] = [],  # noqa: B006
    service: Annotated[list[str], typer.Option(help=_("A service they see; may be given several times."))] = [],  # noqa: B006
) -> dict[str, object]:
    sight = named(customer, service)
    user = people.add_user(
        login, name=name or login, email=email, password=password or None, roles=role, language=language, phone=phone,
        by=operator(),
    )  # fmt: skip
    sight.open_to(user)
    roles = sorted(set(role))
    voice.say(_("%(name)s was added: %(roles)s.") % {"name": user, "roles": ", ".join(roles)})
    return {"login": user.username, "name": user.name, "roles": roles}
