"""`match`: what is like a text."""

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.incidents import queries as incidents
from genyin.knowledge import matching

app = typer.Typer()


@command(app, "match")
def match(
    text: Annotated[str, typer.Argument(help=_("A text as somebody would report it."))],
    *,
    service: Annotated[str, typer.Option(help=_("What belongs to this service ranks higher."))] = "",
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help=_("How many of each kind."))] = 10,
) -> dict[str, object]:
    by = operator()
    chosen = incidents.service_named(service, seen_by=by) if service else None
    found = [
        *matching.known_errors_for(text, seen_by=by, k=k, service=chosen),
        *matching.similar_incidents(text, seen_by=by, k=k, service=chosen),
    ]
    found.sort(key=lambda hit: -hit.score)
    for hit in found:
        voice.say(f"{hit.score:.3f}  {hit.ref}  {hit.title}  ({', '.join(_why(why) for why in hit.why[:4])})")
    if not found:
        voice.say(_("Nothing is like this."))
    return {"results": [_answer(hit) for hit in found]}


def _answer(hit: matching.Similar) -> dict[str, object]:
    why = [{"code": w.code, "field": w.field, "detail": w.detail, "value": round(w.value, 4)} for w in hit.why]
    return {
        "ref": hit.ref,
        "kind": hit.kind,
        "title": hit.title,
        "service": hit.service,
        "score": round(hit.score, 4),
        "why": why,
    }


def _why(why: matching.Why) -> str:
    return why.detail or why.code
