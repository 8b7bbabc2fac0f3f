"""`stats`: which few make 80 %, how each changed, and month by month."""

from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.base.errors import NotYet
from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.trends.statistics import partitions, store
from genyin.trends.statistics.figures import Statistics, statistics
from genyin.trends.statistics.scope import DIMENSIONS, Scope
from genyin.trends.statistics.standing import NOT_YET
from genyin.web.trends.figures import dimension, named, percent

app = typer.Typer()
KNOWN = ", ".join(DIMENSIONS)


@command(app, "stats")
def stats(
    *,
    by: Annotated[str, typer.Option(help=KNOWN)] = "service",
    since: Annotated[str, typer.Option("--from", help=_("First month, YYYY-MM; the last one when left out."))] = "",
    until: Annotated[str, typer.Option("--to", help=_("Last month, YYYY-MM; the newest one when left out."))] = "",
    customer: Annotated[str, typer.Option(help=_("Only incidents of this customer."))] = "",
    service: Annotated[str, typer.Option(help=_("Only incidents of this service."))] = "",
    source: Annotated[str, typer.Option(help=_("Only incidents of this source."))] = "",
    most: Annotated[int, typer.Option("-k", min=1, max=1000, help=_("How many are listed."))] = 20,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help=_("Throw the cache away and read everything again."))
    ] = False,
) -> dict[str, object]:
    if rebuild:
        store.forget()
    scope = Scope(customer=customer, service=service, source=source)
    partitions.refresh()
    found = statistics(operator(), by=by, since=since, until=until, scope=scope, most=most)
    if found is None:  # somebody threw the cache away at this moment
        raise NotYet(NOT_YET)
    _say(found)
    return {**asdict(found), "from": found.since, "to": found.until}


def _say(found: Statistics) -> None:
    """The same for a person."""
    head = {"from": found.since, "to": found.until, "total": found.total, "by": dimension(found.by)}
    voice.say(_("%(total)s incidents from %(from)s to %(to)s by: %(by)s") % head)
    for one in found.shares:
        changes = f"{percent(one.change):>8}  {percent(one.year_change):>8}"
        voice.say(f"{one.count:>9}  {one.cumulative:>6.1%}  {changes}  {' '.join(named(one.value).split())}")
    for month in found.months:
        voice.say(f"{month.month}  {month.count:>9}  {percent(month.change):>8}  {percent(month.year_change):>8}")
    voice.say(_("Data as of %(when)s.") % {"when": f"{found.as_of:%Y-%m-%d %H:%M} UTC"})
