"""How far an import is: a value for any surface to show, and a pace that keeps transactions short."""

import time
from collections.abc import Callable
from dataclasses import dataclass

MAX_CHUNK = 1000  # records in one transaction
MAX_SECONDS = 0.25  # aimed at; on a busy machine it may become twice that, and nobody should wait longer


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is checking or writing; `total` rows are known once the file has been read through."""

    phase: str
    rows: int
    total: int | None
    rejected: int
    rate: float  # rows a second
    seconds_left: float | None


Listener = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """Listens to nothing."""


class Pace:
    """Says how many records the next transaction may hold, from how long the last one took."""

    def __init__(self) -> None:
        self.size = 100

    def took(self, seconds: float, records: int) -> None:
        """Aim at the time allowed; grow at most threefold, since the first transactions warm caches."""
        if records:
            fitting = int(MAX_SECONDS / max(seconds / records, 1e-6))
            self.size = max(1, min(MAX_CHUNK, fitting, self.size * 3))


class Meter:
    """Measures the rate of a phase and tells the listener a few times a second."""

    EVERY = 0.2

    def __init__(self, phase: str, listener: Listener, *, total: int | None, done: int = 0) -> None:
        self._phase, self._listener, self._total = phase, listener, total
        self._began, self._first, self._told = time.monotonic(), done, 0.0

    def at(self, rows: int, rejected: int, *, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self._told < self.EVERY:
            return
        self._told = now
        rate = (rows - self._first) / max(now - self._began, 1e-6)
        left = (self._total - rows) / rate if self._total is not None and rate > 0 else None
        self._listener(Progress(self._phase, rows, self._total, rejected, rate, left))
