"""`audit verify` and `audit head`."""

import typer
from django.utils.translation import gettext as _

from genyin.base import events
from genyin.cli import voice
from genyin.cli.command import REFUSED, command

app = typer.Typer()


@command(app, "audit verify")
def verify() -> None:
    found = events.verify()
    broken = found.first_broken
    if broken is None:
        voice.say(
            _("%(count)s events, the chain is intact. Its head: %(hash)s") % {"count": found.events, "hash": found.head}
        )
    else:
        voice.refuse(_("The chain breaks at event %(seq)s: %(why)s.") % {"seq": broken, "why": found.reason})
    voice.answer(
        {
            "events": found.events,
            "ok": broken is None,
            "first_broken": broken,
            "reason": found.reason,
            "head": found.head,
        }
    )
    if broken is not None:
        raise typer.Exit(REFUSED)


@command(app, "audit head")
def head() -> dict[str, object]:
    seq, digest = events.head()
    voice.say(f"{seq} {digest}")
    return {"events": seq, "hash": digest}
