"""What both supervised processes do: tell the supervisor that they are ready, and end when it is gone."""

import os
import signal
import sys
import threading
import time

GRACE = 10.0


def tell_ready(descriptor: int) -> None:
    """Say so on the pipe the supervisor listens to; it may be gone already."""
    try:
        os.write(descriptor, b"ready\n")
        os.close(descriptor)
    except BrokenPipeError:
        pass


def end_with_the_supervisor() -> None:
    """Standard input ends when the supervisor does, also when it was killed: then end too, with all that was forked."""
    threading.Thread(target=_wait_and_end, daemon=True, name="supervisor-watch").start()


def _wait_and_end() -> None:
    while os.read(sys.stdin.fileno(), 64):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(0, signal.SIGKILL)
