"""The parts of a test run: which tests, on which database, with how many processes."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.runner.summary import Outcome, read

ROOT = Path(__file__).resolve().parents[2]
NO_TESTS = 5  # pytest's exit code when nothing was selected: a run that proves nothing is a failed run


@dataclass(frozen=True, slots=True)
class Part:
    """One call of pytest. `minutes` bounds it: a test that hangs must not hang the run."""

    name: str
    title: str
    select: str
    paths: tuple[str, ...] = ("tests",)
    workers: int = 0
    minutes: int = 15

    def command(self, report: Path) -> list[str]:
        spread = ["--numprocesses", str(self.workers), "--dist", "worksteal"] if self.workers else []
        return [
            *[sys.executable, "-m", "pytest", *self.paths, "-m", self.select, *spread],
            *[f"--junitxml={report}", "--durations=8", "--durations-min=2"],
        ]


SQLITE = Part("sqlite", "SQLite", "not browser and not stricter", workers=2)
POSTGRESQL = Part("postgresql", "PostgreSQL", "database and not browser and not house and not once", workers=2)
BROWSER = Part("browser", "Chromium", "browser", paths=("tests/browser",), workers=2)
QUICK = Part("quick", "SQLite, quick", "not browser and not slow", workers=2, minutes=5)
FULL = (SQLITE, POSTGRESQL, BROWSER)


def run(part: Part, *, database_url: str = "", output: TextIO) -> Outcome:
    """Run one part in a home of its own and say how it ended."""
    with tempfile.TemporaryDirectory(prefix=f"genyin-{part.name}-") as scratch:
        room = Path(scratch)
        room.chmod(0o711)  # a test may start a server as somebody else, who must get through to its folder
        report = room / "report.xml"
        code = _finish(part, _start(part.command(report), environment(room, database_url), output))
        return read(report, part.title, problem=_problem(code, part))


def environment(room: Path, database_url: str, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The caller's environment without the caller's Genyin: a test run may never touch somebody's real data.

    Home and temporary files lie in `room`, so whatever a killed test leaves behind goes with it.
    """
    home, temporary = room / "home", room / "tmp"
    home.mkdir()
    temporary.mkdir()
    temporary.chmod(0o1777)
    kept = {name: value for name, value in given.items() if not name.startswith("GENYIN_") or name == "GENYIN_DATA"}
    # Without bytecode each process of each test would compile all of the product anew.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept |= {"GENYIN_HOME": str(home), "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    if database_url:
        kept["GENYIN_DATABASE_URL"] = database_url
    return kept


def _start(command: Sequence[str], env: Mapping[str, str], output: TextIO) -> subprocess.Popen[bytes]:
    # In a group of its own: one Ctrl-C reaches us alone, and we pass on exactly one, so pytest can clean up.
    return subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, process_group=0)


def _finish(part: Part, pytest: subprocess.Popen[bytes]) -> int | None:
    """pytest's exit code, or None when it did not end in time."""
    try:
        return pytest.wait(timeout=part.minutes * 60)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(pytest)


def _end(pytest: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGINT, signal.SIGKILL):
        if pytest.poll() is not None:
            return
        os.killpg(pytest.pid, how)
        try:
            pytest.wait(timeout=30)
        except subprocess.TimeoutExpired:
            continue


def _problem(code: int | None, part: Part) -> str:
    if code is None:
        return f"did not end within {part.minutes} minutes"
    if code == NO_TESTS:
        return "no test was found"
    return f"pytest ended with {code}" if code else ""
