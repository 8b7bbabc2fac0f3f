"""`match`: what is like this text?"""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.incidents import queries as incidents
from genyin.knowledge import matching
from genyin.knowledge.matching import Similar
from genyin.knowledge.matching.coded import FIELDS
from genyin.knowledge.reasons import shares, strength, why

app = typer.Typer()
KNOWN = ", ".join(FIELDS)


@command(app, "match")
def match(
    *,
    text: Annotated[str, typer.Argument(help=_("What was reported; the first line counts as its title."))],
    service: Annotated[str, typer.Option(help=_("Incidents of this service rank higher."))] = "",
    field: Annotated[
        list[str],
        typer.Option(help=_("A coded field as NAME=VALUE, several times: %(known)s.") % {"known": KNOWN}),
    ] = [],  # noqa: B006 (typer reads it)
    k: Annotated[int, typer.Option("-k", min=1, max=100, help=_("How many are listed."))] = 10,
) -> dict[str, object]:
    by = operator()
    of = incidents.service_named(service, seen_by=by) if service else None
    fields = _fields(field)
    alike = [
        *matching.known_errors_for(text, seen_by=by, k=k, service=of, fields=fields),
        *matching.similar_incidents(text, seen_by=by, k=k, service=of, fields=fields),
    ]
    # The sort is stable: a known error stands before the incident that led to it.
    hits = sorted(alike, key=lambda hit: -hit.score)[:k]
    for hit in hits:
        kind = _("known error") if hit.kind == "known_error" else _("incident")
        voice.say(f"{strength(hit):3d}  {kind} {hit.ref}  {hit.title} ({hit.service})\n       {why(hit)}")
    if not hits:
        voice.say(_("Nothing here is like that."))
    return {"results": [_told(hit) for hit in hits]}


def _fields(said: list[str]) -> dict[str, str]:
    fields = dict(one.partition("=")[::2] for one in said)
    if unknown := fields.keys() - set(FIELDS):
        raise typer.BadParameter(_("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))})
    return fields


def _told(hit: Similar) -> dict[str, object]:
    return {
        "ref": hit.ref,
        "score": strength(hit),
        "why": [
            {"code": one.code, "field": one.field, "detail": one.detail, "share": share}
            for one, share in zip(hit.why, shares(hit), strict=True)
        ],
        "reason": why(hit),
        "kind": hit.kind,
        "title": hit.title,
        "service": hit.service,
        "state": hit.state,
        "at": hit.at,
    }
