"""How a command speaks: prose for people, and with `--json` one object as the last line of standard output."""

import json
import sys
from collections.abc import Mapping
from contextvars import ContextVar

from rich.console import Console
from rich.markup import escape

from genyin.base.events import plain

_as_json: ContextVar[bool] = ContextVar("genyin_cli_as_json", default=False)

#: Progress bars and warnings never stand on standard output, which may be somebody's pipe.
aside = Console(stderr=True, highlight=False, soft_wrap=True)


def speak_json(on: bool) -> None:
    """Whether this call answers in JSON; prose then goes to standard error."""
    _as_json.set(on)


def say(text: str) -> None:
    """Prose for the person at the terminal."""
    print(text, file=sys.stderr if _as_json.get() else sys.stdout, flush=True)


def warn(text: str) -> None:
    """What the person should know but what stops nothing."""
    aside.print(f"[yellow]{escape(text)}[/yellow]")


def refuse(text: str) -> None:
    """Why nothing was done."""
    aside.print(f"[red]{escape(text)}[/red]")


def answer(content: Mapping[str, object]) -> None:
    """The result as one JSON object; without `--json` the prose has already told it."""
    if _as_json.get():
        print(json.dumps(plain(content), ensure_ascii=False), flush=True)
