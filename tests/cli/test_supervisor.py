"""The supervisor with children that do what children do: start slowly, die, refuse to die."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.terminal import PLAIN
from tests.processes import gone, is_alive

pytestmark = pytest.mark.fault

#: A supervisor over one child that runs the given lines; what it tells goes to standard output.
PROGRAM = """
import sys
from genyin.cli import supervisor
from genyin.cli.supervisor import Child, Supervisor
supervisor.GRACE = {grace}
child = Child("child", [sys.executable, "-c", {child!r}])
tell = lambda what, child: print(what, flush=True)
ended = Supervisor([child], tell=tell, when_ready=lambda: print("ready", child.pid, flush=True)).run()
print("ended", ended, flush=True)
"""
READY = "import os, sys, time\nos.write(int(sys.argv[1]), b'ready')\n"


@contextmanager
def supervised(child: str, grace: float = 30.0) -> Iterator["subprocess.Popen[str]"]:
    program = PROGRAM.format(child=READY + textwrap.dedent(child), grace=grace)
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, env=PLAIN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def heard(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_sigterm_ends_the_child_and_then_the_supervisor() -> None:
    with supervised("time.sleep(60)") as process:
        pid = int(heard(process).split()[1])
        process.terminate()
        assert heard(process) == "ended True"
        assert process.wait(60) == 0
    assert gone(pid)


def test_a_child_that_ignores_sigterm_is_killed_after_its_grace() -> None:
    stubborn = """
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(2, b"x")
        time.sleep(60)
    """
    with supervised(stubborn, grace=1.0) as process:
        pid = int(heard(process).split()[1])
        assert process.stderr is not None
        process.stderr.read(1)  # it ignores the signal from now on
        process.terminate()
        assert heard(process) == "killed"
        assert process.wait(60) == 0
    assert gone(pid)


def test_a_killed_child_is_started_again_and_what_it_forked_is_gone() -> None:
    forking = """
        pid = os.fork()
        if pid:
            os.write(2, f"{pid}\\n".encode())
        time.sleep(60)
    """
    with supervised(forking) as process:
        pid = int(heard(process).split()[1])
        assert process.stderr is not None
        fork = int(process.stderr.readline())
        os.kill(pid, signal.SIGKILL)
        assert heard(process) == "restarting"
        assert gone(fork)
        again = int(process.stderr.readline())
        assert is_alive(again)
        process.terminate()
        process.wait(60)
    assert gone(again)


def test_a_supervisor_that_is_killed_takes_its_children_along() -> None:
    orphan = """
        from genyin.cli.child import end_with_the_supervisor
        end_with_the_supervisor()
        os.write(2, b"x")
        time.sleep(60)
    """
    with supervised(orphan) as process:
        pid = int(heard(process).split()[1])
        assert process.stderr is not None
        process.stderr.read(1)  # from now on
        process.kill()
        process.wait(60)
        assert gone(pid)


def test_a_child_that_dies_again_and_again_is_given_up() -> None:
    with supervised("sys.exit(3)") as process:
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
    assert lines.count("restarting") == 4
    assert lines[-2:] == ["given_up", "ended False"]
