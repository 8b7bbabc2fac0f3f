"""`audit verify` and `audit head`."""

import re
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from genyin.base import events
from genyin.base.errors import BadInput, gettext_noop
from genyin.cli import voice
from genyin.cli.command import REFUSED, command

app = typer.Typer()


@command(app, "audit verify")
def verify(
    kept: Annotated[str, typer.Option(help=_("A head that “audit head” printed earlier: its number and hash."))] = "",
) -> None:
    found = events.verify(kept=_head(kept) if kept else None)
    broken = found.first_broken
    if broken is None:
        voice.say(
            _("%(count)s events, the chain is intact. Its head: %(hash)s") % {"count": found.events, "hash": found.head}
        )
    else:
        voice.refuse(_("The chain breaks at event %(seq)s: %(why)s.") % {"seq": broken, "why": _(found.reason)})
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


def _head(printed: str) -> tuple[int, str]:
    """Number and hash as `audit head` prints them. Raises BadInput."""
    parts = re.fullmatch(r"\s*(\d{1,18})[\s:]+([0-9a-f]{64})\s*", printed)
    if parts is None:
        raise BadInput(gettext_noop("This is no head. Write its number and its hash, as it was printed."), field="kept")
    return int(parts[1]), parts[2]
