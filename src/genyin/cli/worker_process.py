"""`python -m genyin.cli.worker_process [FD]`: the worker; with FD under a supervisor."""

import sys

from genyin.cli.main import prepare

prepare()

from django.core.management import call_command  # noqa: E402 (Django must be set up first)

from genyin import wiring  # noqa: E402
from genyin.cli.child import end_with_the_supervisor, tell_ready  # noqa: E402


def work(ready: int | None = None) -> None:
    """Take jobs from the queue until SIGTERM."""
    wiring.schedule()
    # Returns once the queue's own processes run; the interpreter then waits for them to end.
    call_command("qcluster")
    if ready is not None:
        tell_ready(ready)


if __name__ == "__main__":
    if sys.argv[1:]:
        end_with_the_supervisor()
    work(int(sys.argv[1]) if sys.argv[1:] else None)
