"""The command as a person calls it: another process, with a home of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GENYIN = [sys.executable, "-m", "genyin.cli.main"]
SRC = str(Path(__file__).resolve().parents[2] / "src")
# Nothing of the caller's environment decides what a test sees.
PLAIN = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONPATH": SRC, "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The last line of standard output, as the contract has it."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


@dataclass(frozen=True)
class Terminal:
    """A terminal whose GENYIN_HOME is `home`."""

    home: Path
    language: str = "C.UTF-8"
    more: tuple[tuple[str, str], ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        return {**PLAIN, "GENYIN_HOME": str(self.home), "LC_ALL": self.language, **dict(self.more)}

    def __call__(self, *words: str, timeout: float = 120) -> Said:
        done = subprocess.run(
            [*GENYIN, *words], env=self.environment, cwd=self.home, capture_output=True, text=True, check=False,
            timeout=timeout, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """A command that goes on running."""
        return subprocess.Popen(
            [*GENYIN, *words], env=self.environment, cwd=self.home, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
