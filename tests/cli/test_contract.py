"""What other programs rely on: exit codes, the JSON line, and where prose goes."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from genyin.cli.main import build
from genyin.cli.table import AREAS, HELP
from tests.cli.terminal import Terminal

COMMANDS = [words.split() for words in HELP]


def test_help_lists_every_command(tmp_path: Path) -> None:
    said = Terminal(tmp_path)("--help")
    assert said.code == 0
    for area in AREAS:
        for name in [area.group] if area.group else list(area.commands):
            assert f"\n  {name} " in said.out


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = "numpy", "scipy", "ninja", "granian", "docxtpl"
    look = (
        "from genyin.cli.main import prepare, build; import sys; prepare(); build([]); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    environment = Terminal(tmp_path).environment
    done = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_takes_json(words: list[str]) -> None:
    inner = [group.typer_instance for group in build(words).registered_groups if group.typer_instance]
    (command,) = [made for app in inner for made in app.registered_commands if made.name == words[-1]]
    assert command.callback is not None
    assert "as_json" in inspect.signature(command.callback).parameters


@pytest.mark.parametrize(
    "words", [["frobnicate"], ["user", "drop"], ["serve", "--colour", "red"], ["serve", "--port", "0"]]
)
def test_wrong_use_ends_with_2(tmp_path: Path, words: list[str]) -> None:
    assert Terminal(tmp_path)(*words).code == 2


def test_web_and_worker_apart_refuse_the_embedded_database(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    assert terminal("upgrade").code == 0
    for apart in ("web", "worker"):
        said = terminal(apart, "--json")
        assert (said.code, said.answer["error"]) == (1, "sqlite_apart")
        assert "genyin serve" in said.err


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    nowhere = Terminal(tmp_path, more=(("GENYIN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"),))
    said = nowhere("audit", "head", "--json")
    assert (said.code, said.answer["error"]) == (1, "database")
    assert "Traceback" not in said.err


def test_a_bad_environment_is_wrong_use(tmp_path: Path) -> None:
    said = Terminal(tmp_path, more=(("GENYIN_DATABASE_URL", "mysql://secret@host/db"),))("upgrade")
    assert said.code == 2
    assert "GENYIN_DATABASE_URL" in said.err
    assert "secret" not in said.err
