"""Work of this process for which nobody waits."""

import logging
import threading
from collections.abc import Callable

from django.db import connection

log = logging.getLogger(__name__)


class Aside:
    """Work in a thread of its own, never twice at a time: for a cache that each machine keeps for itself, where the
    queue's worker might belong to another one. What it raises is told in the log."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name, self._work = name, work
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self.failed = False  # whether it ended with an error the last time

    @property
    def is_on(self) -> bool:
        """Whether it is being done."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def start(self) -> None:
        """Begin, unless it is being done."""
        with self._starting:
            if not self.is_on:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait until it is done, no longer than so."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._work()
            self.failed = False
        except Exception:  # whatever it is: nobody waits who could be told
            self.failed = True
            log.exception("Preparing in the background failed (%s); the next who asks begins it anew", self._name)
        finally:
            connection.close()  # a thread has a connection of its own
