"""`trends run`."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.trends import queries, runs
from genyin.trends.queries import CandidateSeen
from genyin.web.trends.reasons import why

app = typer.Typer()
SHOWN = 20


@command(app, "trends run")
def run(
    *, scheduler: Annotated[str, typer.Option(help=_("Address of a Dask scheduler, such as tcp://host:8786."))] = ""
) -> dict[str, object]:
    by = operator()
    done = runs.analyse(by=by, scheduler=scheduler)
    result: dict[str, object] = {
        "incidents": done.incidents,
        "families": done.families,
        "candidates": done.candidates,
        "seconds": round(done.seconds, 2),
        "peak_mb": round(done.peak_mb, 1),
        "run": done.run.ref,
    }
    voice.say(
        _("%(incidents)s incidents in %(families)s families; %(candidates)s new candidates in %(seconds)s s.") % result
    )
    listed = queries.explained(queries.candidates(by), seen_by=by)
    for one in listed[:SHOWN]:
        voice.say(f"{one.ref}  {one.title} ({one.service})\n    {why(one)}")
    if len(listed) > SHOWN:
        voice.say(_("... and %(count)s more, on the page of the trends.") % {"count": len(listed) - SHOWN})
    return {**result, "listed": [_told(one) for one in listed]}


def _told(one: CandidateSeen) -> dict[str, object]:
    """A candidate with what speaks for it."""
    return {
        "ref": one.ref,
        "title": one.title,
        "service": one.service,
        "proposes": one.proposes,
        "rules": one.rules,
        "count": one.count,
        "from": one.since,
        "to": one.until,
        "rise": one.rise,
        "family": one.family.ref if one.family else None,
        "terms": one.family.terms if one.family else (),
        "why": why(one),
    }
