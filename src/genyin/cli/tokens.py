"""`token add`."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.base.errors import UnknownReference, gettext_noop
from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.cli.sight import named
from genyin.people import actions as people
from genyin.people.models import User
from genyin.problems.writing import one_of
from genyin.procedure import queries as procedure

app = typer.Typer()


@command(app, "token add")
def add(
    *,
    name: Annotated[str, typer.Argument(help=_("What the token is for, such as crm."))],
    source: Annotated[str, typer.Option(help=_("Coded source of the problems that arrive through it."))] = "",
    user: Annotated[
        str, typer.Option(help=_("Login of the person whose rights it has; none for an integration."))
    ] = "",
    expires: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=_("Useless from this day on."))] = None,
    customer: Annotated[list[str], typer.Option(help=_("A customer whose services they see; several times."))] = [],  # noqa: B006
    service: Annotated[list[str], typer.Option(help=_("A service they see; may be given several times."))] = [],  # noqa: B006
) -> dict[str, object]:
    sight = named(customer, service)
    if source:
        one_of(source, procedure.read(procedure.current()).sources, "source")
    token, secret = people.add_token(
        name,
        source=source,
        user=_person(user),
        expires_at=expires.replace(tzinfo=UTC) if expires else None,
        by=operator(),
    )
    sight.open_to_token(token)
    voice.say(_("The secret of %(name)s is shown only now: %(secret)s") % {"name": token.name, "secret": secret})
    return {"name": token.name, "source": source, "token": secret}


def _person(login: str) -> User | None:
    if not login:
        return None
    user = User.objects.filter(username=login, is_active=True).first()
    if user is None:
        raise UnknownReference(gettext_noop("There is no active user %(login)s."), field="user", login=login)
    return user
