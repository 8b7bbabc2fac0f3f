"""Keeps child processes alive: waits until each is ready, restarts the one that dies, ends all of them together."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

GRACE = 10.0  # seconds between SIGTERM and SIGKILL
TOO_OFTEN = 5  # deaths within the window mean that restarting does not help
WINDOW = 60.0
TICK = 0.2


@dataclass(slots=True)
class Child:
    """A program to keep running. It writes one line to the descriptor that follows its last argument once it is ready.

    Its standard input is a pipe that nobody writes to: it ends when the supervisor does, however that came about.
    """

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    ready_pipe: int = -1
    ready: bool = False
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.ready_pipe, told = os.pipe()
        self.ready = False
        self.process = subprocess.Popen(
            [*self.command, str(told)],
            stdin=subprocess.PIPE,
            stdout=sys.stderr,  # standard output is the supervisor's own
            pass_fds=[told],
            # A group of its own: Ctrl-C reaches the supervisor alone, and what the child forked dies with it.
            start_new_session=True,
        )
        os.close(told)

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def is_dead(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> None:
        """Remove what a dead child left: its forks would keep the port."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        if self.ready_pipe >= 0:
            os.close(self.ready_pipe)
        self.process, self.ready_pipe = None, -1


@dataclass(slots=True)
class Supervisor:
    """Runs children until SIGTERM or SIGINT. `tell` says what happens, `when_ready` is called once all are ready."""

    children: Sequence[Child]
    tell: Callable[[str, Child], None]
    when_ready: Callable[[], None]
    stopping: bool = False

    def run(self) -> bool:
        """True after an ordinary end, False when a child died again and again."""
        with self._signals():
            try:
                for child in self.children:
                    child.start()
                return self._watch()
            finally:
                self._end()

    def _watch(self) -> bool:
        announced = False
        while not self.stopping:
            self._hear()
            if not announced and all(child.ready for child in self.children):
                announced = True
                self.when_ready()
            for child in self.children:
                if child.is_dead() and not self._restart(child):
                    return False
        return True

    def _hear(self) -> None:
        """Wait a moment for a child to say that it is ready."""
        with selectors.DefaultSelector() as waiting:
            for child in self.children:
                if not child.ready and child.ready_pipe >= 0:
                    waiting.register(child.ready_pipe, selectors.EVENT_READ, child)
            silent = not waiting.get_map()
            for key, _events in waiting.select(TICK):
                key.data.ready = bool(os.read(key.fd, 16))
                silent = silent or not key.data.ready  # closed without a word: it is about to be found dead
        if silent:
            time.sleep(TICK)

    def _restart(self, child: Child) -> bool:
        now = time.monotonic()
        child.deaths = [*(death for death in child.deaths if now - death < WINDOW), now]
        child.bury()
        if len(child.deaths) >= TOO_OFTEN:
            self.tell("given_up", child)
            return False
        if self.stopping:
            return True
        self.tell("restarting", child)
        time.sleep(min(2.0 ** (len(child.deaths) - 2), 8.0))  # at once-ish, then slower
        child.start()
        return True

    def _end(self) -> None:
        for child in self.children:
            if child.process and not child.is_dead():
                child.process.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.children:
            if child.process:
                try:
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.tell("killed", child)
            child.bury()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stopping = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
