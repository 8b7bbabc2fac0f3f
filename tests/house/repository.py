"""What lies in the repository: the files git would take, and their text."""

import ast
import gzip
import lzma
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "genyin"
TESTS = ROOT / "tests"
UNPACK = {".gz": gzip.decompress, ".xz": lzma.decompress}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked or would be: what .gitignore names is nobody's business."""
    listed = subprocess.run(
        # A checkout that belongs to somebody else than who runs the tests (root, CI) is still this checkout.
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name.decode() for name in listed.stdout.split(b"\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text, also when it is packed as .gz or .xz."""
    for path in files():
        content = path.read_bytes()
        if path.suffix in UNPACK:
            content = UNPACK[path.suffix](content)
        if b"\0" in content[:8192]:
            continue
        yield path, content.decode(errors="replace")


def sources(*, generated: bool = False) -> Iterator[Path]:
    """Our Python files; migrations are written by Django and left out unless asked for."""
    for path in files():
        if path.suffix == ".py" and (generated or "migrations" not in path.parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def place(path: Path, line: int | None = None) -> str:
    """A path as a person writes it, clickable with its line."""
    name = str(path.relative_to(ROOT))
    return name if line is None else f"{name}:{line}"


def run(*command: str) -> tuple[int, str]:
    """Call one of Python's tools at the root, with a throw-away home; its exit code and everything it said."""
    with tempfile.TemporaryDirectory(prefix="genyin-house-") as home:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, "GENYIN_HOME": home, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return done.returncode, done.stdout
