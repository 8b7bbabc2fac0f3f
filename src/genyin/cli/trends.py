"""`trends run`."""

import typer
from django.utils.translation import gettext as _

from genyin.cli import voice
from genyin.cli.command import command
from genyin.cli.operator import operator
from genyin.trends import runs

app = typer.Typer()


@command(app, "trends run")
def run() -> dict[str, object]:
    done = runs.run(by=operator())
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
    return result
