"""Imports that a page has asked for, carried out by the worker.

The queue delivers at least once; both jobs are idempotent.
"""

from genyin.base import jobs
from genyin.base.actor import Actor, job
from genyin.base.errors import BadFile, Conflict
from genyin.intake import actions
from genyin.intake.models import ImportRun, RunState
from genyin.people.queries import actor_for


def check_later(run: ImportRun) -> None:
    """Let the worker read the file through; the page looks at the run's state."""
    jobs.later("genyin.intake.background.check", run.pk)


def carry_out_later(run: ImportRun) -> None:
    """Let the worker write the records of a checked run."""
    jobs.later("genyin.intake.background.carry_out", run.pk)


def check(run_id: int) -> None:
    """Check a run; one that is past its check already is left alone."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state != RunState.CHECKING:
        return
    try:
        actions.check(run, progress=actions.note_progress(run), by=_beginner(run))
    except BadFile:
        return  # the run is marked as failed and says why


def carry_out(run_id: int) -> None:
    """Carry out a run, or go on with one whose worker was stopped."""
    run = ImportRun.objects.get(pk=run_id)
    if run.state not in (RunState.CHECKED, RunState.WRITING):
        return
    try:
        actions.carry_out(run, by=_beginner(run))
    except Conflict:
        return  # delivered twice: another worker is at it
    except BadFile as why:
        actions.fail(run, why)


def _beginner(run: ImportRun) -> Actor:
    """The person who began it, with the rights they have now."""
    return actor_for(run.beginner) if run.beginner else job(run.begun_by)
