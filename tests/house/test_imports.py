"""The storeys of the house hold: the contracts stand in pyproject.toml under [tool.importlinter]."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house import repository

READS_ENVIRONMENT = {"config.py"}
PURE = ("rules", "lifecycle", "roles", "metrics")


def test_every_import_keeps_to_the_contracts() -> None:
    code, said = repository.run("tests.house.contracts")
    assert code == 0, said


def test_only_config_reads_the_environment() -> None:
    readers = {
        repository.place(path, line)
        for path in repository.PACKAGE.rglob("*.py")
        if path.name not in READS_ENVIRONMENT
        for line in _environment_lines(path)
    }
    assert not readers


def test_pure_modules_run_without_django() -> None:
    """The contracts look at import statements; here Python itself imports the modules and shows what came along."""
    names = [_dotted(path) for path in repository.PACKAGE.rglob("*.py") if _is_pure(path)]
    assert any(name.startswith("genyin.sift.") for name in names)
    look = (
        "import importlib, json, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'ninja', 'django_q'})))"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=repository.ROOT / "src", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == []


def _is_pure(path: Path) -> bool:
    parts = path.relative_to(repository.PACKAGE).with_suffix("").parts
    return parts[0] == "sift" or not set(PURE).isdisjoint(parts)


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(repository.PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def _environment_lines(path: Path) -> Iterator[int]:
    for node in ast.walk(repository.tree(path)):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "getenv" | "environb"):
                yield node.lineno
            case ast.ImportFrom(module="os", names=names) if {"environ", "getenv"} & {name.name for name in names}:
                yield node.lineno
            case ast.Import(names=names) if any(name.name.startswith("environs") for name in names):
                yield node.lineno
            case ast.ImportFrom(module="environs"):
                yield node.lineno
