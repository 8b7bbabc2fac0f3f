"""Work that happens after a verb. Only this module knows the queue.

A job is put into the queue within the verb's own transaction (the queue lives in the same database): it
exists exactly when the change does. The queue delivers at least once, so every job is idempotent.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django_q.models import Schedule
from django_q.tasks import async_task, schedule

from genyin.base.models import Event

_quiet: ContextVar[bool] = ContextVar("genyin_quiet", default=False)
Reaction = Callable[[Event], None]
Reactions = Mapping[str, tuple[Reaction, ...]]


def reactions() -> Reactions:
    """The table of consequences, given by dotted path: base imports nothing above it."""
    table: Reactions = import_string(settings.GENYIN_REACTIONS)
    return table


def react(event: Event) -> None:
    """Queue every reaction that the table names for this event."""
    if _quiet.get():
        return
    for number, _reaction in enumerate(reactions().get(event.verb, ())):
        async_task("genyin.base.jobs.run_reaction", event.seq, number)


@contextmanager
def quiet() -> Iterator[None]:
    """Tell a history without its consequences: nobody is to be told today of what happened a year ago."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def run_reaction(seq: int, number: int) -> None:
    """Run one reaction of one event; called by the worker."""
    event = Event.objects.select_related("content").get(seq=seq)
    reactions()[event.verb][number](event)


def later(path: str, *args: Any) -> str:
    """Queue a function by dotted path; answers the task's id."""
    return str(async_task(path, *args))


def every(name: str, path: str, *, cron: str) -> None:
    """Make sure a schedule of that name exists and calls `path` at `cron` (site's zone is UTC)."""
    if not Schedule.objects.filter(name=name).update(func=path, cron=cron):
        schedule(path, name=name, schedule_type=Schedule.CRON, cron=cron)
