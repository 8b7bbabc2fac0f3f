"""Work of this process for which nobody waits."""

import threading
from collections.abc import Callable

from django.db import connection


class Beside:
    """Work in a thread of its own, never twice at a time: for a cache that each machine keeps for itself, where the
    queue's worker might belong to another one."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name, self._work = name, work
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless it is being done."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait until it is done, no longer than so."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._work()
        finally:
            connection.close()  # a thread has a connection of its own
