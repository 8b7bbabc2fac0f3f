"""What every command has in common: `--json`, a database that is ready, refusals in words with their exit code."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any

import typer
from django.db import OperationalError
from django.utils.translation import gettext as _

from genyin.base.errors import BadFile, BadInput, ControlPointOpen, GenyinError
from genyin.base.sentences import say as sentence
from genyin.cli import database, voice
from genyin.cli.table import HELP

REFUSED, WRONG_USE, BAD_INPUT = 1, 2, 3
Work = Callable[..., Mapping[str, object] | None]


def command(app: typer.Typer, name: str, *, needs_database: bool = True) -> Callable[[Work], Work]:
    """Make the function a command of `app`; `name` has the group in front, as in "user add".

    What it returns is the JSON answer. GenyinError becomes one sentence and an exit code of the contract.
    """

    def register(work: Work) -> Work:
        @wraps(work)
        def run(*, as_json: bool, **given: Any) -> None:
            voice.speak_json(as_json)
            code = _done(work, given, needs_database=needs_database)
            if code:
                raise typer.Exit(code)

        run.__signature__ = _with_json(work)  # type: ignore[attr-defined]
        app.command(name.split()[-1], help=_(HELP[name]))(run)
        return work

    return register


def wrong_use(text: str) -> typer.Exit:
    """Say what is wrong with the call itself; raise what this answers."""
    voice.refuse(text)
    voice.answer({"error": "wrong_use", "message": text})
    return typer.Exit(WRONG_USE)


def _done(work: Work, given: dict[str, Any], *, needs_database: bool) -> int:
    try:
        if needs_database:
            database.require()
        result = work(**given)
    except GenyinError as refusal:
        return _told(refusal)
    except OperationalError as silent:
        text = _("The database does not answer: %(why)s") % {"why": str(silent).splitlines()[0]}
        voice.refuse(text)
        voice.answer({"error": "database", "message": text})
        return REFUSED
    if result is not None:
        voice.answer(result)
    return 0


def _told(refusal: GenyinError) -> int:
    """Say the refusal and answer its exit code: 3 for input that cannot be read, else 1."""
    said: dict[str, object] = {"error": refusal.code, "message": sentence(refusal), "field": refusal.field}
    where = ""
    if isinstance(refusal, BadFile):
        said |= {"file": refusal.file, "line": refusal.line, "column": refusal.column}
        where = "".join(f"{part}: " for part in (refusal.file, refusal.line, refusal.column) if part)
    if isinstance(refusal, ControlPointOpen):
        said["points"] = refusal.points
    voice.refuse(f"{where}{said['message']}")
    voice.answer(said)
    return BAD_INPUT if isinstance(refusal, BadFile | BadInput) else REFUSED


def _with_json(work: Work) -> inspect.Signature:
    signature = inspect.signature(work)
    as_json = inspect.Parameter(
        "as_json",
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[bool, typer.Option("--json", help=_("End standard output with one JSON object."))],
    )
    return signature.replace(parameters=[*signature.parameters.values(), as_json], return_annotation=None)
