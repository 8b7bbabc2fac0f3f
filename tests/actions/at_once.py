"""Several verbs at the same moment, each on a connection of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from genyin.base.errors import GenyinError
from genyin.base.models import ChainHead

PATIENCE = 60  # seconds until a verb must have ended
# Of this database alone: another process of the test run has verbs that wait in its own.
WAITING = (
    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


def at_once(*verbs: Callable[[], object]) -> list[GenyinError]:
    """Run the verbs in a thread each and answer what was refused. Whatever else one raises is raised here."""
    ready = threading.Barrier(len(verbs))

    def together(verb: Callable[[], object]) -> None:
        ready.wait(PATIENCE)
        verb()

    running = [_Run(lambda verb=verb: together(verb)) for verb in verbs]  # type: ignore[misc]
    for run in running:
        run.start()
    return _ended(running)


def in_turn(*verbs: Callable[[], object], held: QuerySet[Any] | None = None) -> list[GenyinError]:
    """Start the verbs one after the other while the chain's head is held, each when the one before waits; then let go.

    Each has then taken every row that it takes before the head. Two that take them the other way round deadlock on
    PostgreSQL every time, not once in a hundred. On SQLite they simply go one after the other. `held` are other rows
    to hold instead: each verb has then taken what it takes before those.
    """
    running = [_Run(verb) for verb in verbs]
    with transaction.atomic():
        list((ChainHead.objects.all() if held is None else held).select_for_update())
        for number, run in enumerate(running, start=1):
            run.start()
            _until_waiting(number)
    return _ended(running)


class _Run(threading.Thread):
    """A verb in its thread, and what it ended with."""

    def __init__(self, verb: Callable[[], object]) -> None:
        super().__init__()
        self.verb = verb
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            self.verb()
        except Exception as failure:  # noqa: BLE001 (judged in the test's own thread)
            self.failure = failure
        finally:
            connection.close()


def _ended(running: list[_Run]) -> list[GenyinError]:
    for run in running:
        run.join(PATIENCE)
    failures = [run.failure for run in running if run.failure is not None]
    for failure in failures:
        if not isinstance(failure, GenyinError):
            raise failure
    return [failure for failure in failures if isinstance(failure, GenyinError)]


def _until_waiting(number: int) -> None:
    if connection.vendor != "postgresql":
        time.sleep(0.1)
        return
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= number:
                return
            time.sleep(0.02)
    raise TimeoutError(f"{number} verbs should wait for what is held")
