"""What the worker does for the import screen, and how it tells how far it is."""

import shutil
import time
from datetime import datetime
from pathlib import Path

from django.core.cache import cache
from django.utils import translation

from genyin.base import clock, jobs
from genyin.base.actor import Actor
from genyin.base.errors import Conflict, GenyinError
from genyin.base.sentences import say
from genyin.intake import actions, rejects
from genyin.intake.models import ImportRun, RunState
from genyin.intake.progress import Progress
from genyin.people.models import User
from genyin.people.queries import actor_for

KEPT = 3600  # seconds
EVERY = 1.0  # a row of the cache each second is enough for a page that asks once a second


def ask(run: ImportRun, user: User) -> None:
    """Put the next step of a run into the queue, and remember that it is there."""
    what = "check" if run.state == RunState.CHECKING else "carry_out"
    cache.delete(_key("refusal", run.pk))
    cache.set(_key("asked", run.pk), clock.now(), KEPT)
    jobs.later(f"genyin.web.imports.jobs.{what}", run.pk, user.pk)


def asked_at(run_id: int) -> datetime | None:
    """Since when the next step waits for the worker."""
    moment: datetime | None = cache.get(_key("asked", run_id))
    return moment


def check(run_id: int, user_id: int) -> None:
    """Read the whole file; what it holds stands on the run afterwards."""
    _work(run_id, user_id, writing=False)


def carry_out(run_id: int, user_id: int) -> None:
    """Write the records; begun again after a kill it goes on where it stood."""
    _work(run_id, user_id, writing=True)


def told(run_id: int) -> Progress | None:
    """How far the worker last said it was."""
    progress: Progress | None = cache.get(_key("progress", run_id))
    return progress


def refusal(run_id: int) -> str:
    """Why the worker stopped, when it did."""
    return str(cache.get(_key("refusal", run_id), ""))


def _work(run_id: int, user_id: int, *, writing: bool) -> None:
    # The person's own rights: they may have lost them while the job waited.
    user = User.objects.get(pk=user_id, is_active=True)
    with translation.override(user.language):
        try:
            _go_on(ImportRun.objects.get(pk=run_id), writing=writing, by=actor_for(user))
        except Conflict:
            return  # another worker has it, or it is done: the queue delivers at least once
        except GenyinError as error:
            cache.set(_key("refusal", run_id), say(error), KEPT)
        cache.delete(_key("asked", run_id))


def _go_on(run: ImportRun, *, writing: bool, by: Actor) -> None:
    teller = _Teller(run.pk)
    if run.state == RunState.CHECKING and not writing:
        actions.check(run, progress=teller, by=by)
    elif run.state in (RunState.CHECKED, RunState.WRITING) and writing:
        _forget_upload(actions.carry_out(run, progress=teller, by=by))


def _forget_upload(run: ImportRun) -> None:
    """What was uploaded has been written: the file is not kept. One that lies elsewhere is somebody else's."""
    for path in (Path(run.path), Path(run.mapping_path)):
        if path.is_relative_to(rejects.uploads()):
            shutil.rmtree(path.parent, ignore_errors=True)


class _Teller:
    """Writes the progress into the cache, now and then."""

    def __init__(self, run_id: int) -> None:
        self._run, self._at = run_id, 0.0

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._at >= EVERY:
            self._at = time.monotonic()
            cache.set(_key("progress", self._run), progress, KEPT)


def _key(what: str, run_id: int) -> str:
    return f"import-{what}-{run_id}"
