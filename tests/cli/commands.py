"""`genyin` called as a program, in a home of its own, and what it said."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SETUP = (
    "setup", "--organisation", "Example Provider", "--zone", "UTC", "--language", "en", "--admin", "admin",
    "--email", "admin@example.com", "--password", "a-long-password-1", "--lead",
)  # fmt: skip
OURS = ("GENYIN_DATABASE_URL", "GENYIN_DEMO", "GENYIN_DEMO_HOME", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The last line of standard output."""
        answer: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return answer


@dataclass(frozen=True, slots=True)
class Home:
    """A GENYIN_HOME with nothing in it until a command makes it."""

    path: Path

    def genyin(self, *words: str | Path, timeout: float = 120) -> Said:
        done = subprocess.run(
            self.command(*words), env=self.environment(), cwd=ROOT, capture_output=True, text=True, timeout=timeout,
            check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def copied(self, to: Path) -> "Home":
        """Another home with the same in it."""
        shutil.copytree(self.path, to)
        return Home(to)

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "genyin.cli.main", *map(str, words)]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        return {**kept, "GENYIN_HOME": str(self.path), "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
