"""The command at the root, on a machine made of nothing but the programs named here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.house import repository

BASICS = [
    "bash",
    "sh",
    "env",
    "cat",
    "dirname",
    "readlink",
    "sha256sum",
    "grep",
    "rm",
    "mkdir",
    "ln",
    "chmod",
    "tr",
    "locale",
    "flock",
    "sleep",
]
PYTHON = f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n"
BARE_PYTHON = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\n'
OLD_PYTHON = '#!/bin/sh\ncase "$*" in *platform*) echo 3.9.2;; esac\nexit 1\n'
# Stands in for the package installer: slow enough to be met by a second call, and it can be told to fail.
UV = """#!/bin/sh
echo "$1 $2" >>"$FAKE/calls"
for last; do :; done
if [ "$1" = venv ]; then mkdir -p "$last/bin"; ln -sf "$FAKE/python3" "$last/bin/python"; exit; fi
if [ -e "$FAKE/broken" ]; then echo "no network" >&2; exit 1; fi
sleep 0.2
printf '#!/bin/sh\\necho "called: $*"\\n' >"$last/.venv/bin/genyin" 2>/dev/null && chmod +x "$last/.venv/bin/genyin"
exit 0
"""
PERSON, ROOT = "#!/bin/sh\necho 1000\n", "#!/bin/sh\necho 0\n"
APT = '#!/bin/sh\necho "apt-get $*" >>"$FAKE/calls"\n'


class Machine:
    """A checkout in a folder with a difficult name, and a PATH that holds what we put there."""

    def __init__(self, folder: Path, programs: Mapping[str, str]) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.calls_file = self.bin / "calls"
        self.checkout = folder / "Ge nyin 根因"
        self.checkout.mkdir()
        for name in ("genyin", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
            shutil.copy(repository.ROOT / name, self.checkout / name)
        for name in BASICS:
            (self.bin / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")
        for name, text in {"id": PERSON, "apt-get": APT, **programs}.items():
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def run(self, *words: str, command: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(command or self.checkout / "genyin"), *words],
            cwd="/",
            env={"PATH": str(self.bin), "FAKE": str(self.bin), "LC_ALL": "C", "HOME": os.devnull},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, {"python3": PYTHON, "uv": UV})


def test_the_first_call_installs_and_the_command_has_standard_output_for_itself(machine: Machine) -> None:
    done = machine.run("match", "两个 words", "--json")
    assert (done.returncode, done.stdout) == (0, "called: match 两个 words --json\n")
    assert machine.calls() == ["venv --quiet", "pip install", "pip install"]


def test_the_second_call_installs_nothing_also_through_a_link(machine: Machine, tmp_path: Path) -> None:
    machine.run()
    before = machine.calls()
    link = tmp_path / "link"
    link.symlink_to(machine.checkout / "genyin")
    assert machine.run("doctor", command=link).stdout == "called: doctor\n"
    assert machine.calls() == before


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_list_of_packages_is_installed_into_what_is_there(machine: Machine, name: str) -> None:
    machine.run()
    with (machine.checkout / name).open("a") as file:
        file.write("\n# newer\n")
    assert machine.run().returncode == 0
    assert machine.calls().count("venv --quiet") == 1
    assert machine.calls().count("pip install") == 4


def test_an_installation_that_failed_says_so_and_the_next_call_starts_anew(machine: Machine) -> None:
    (machine.bin / "broken").touch()
    failed = machine.run("demo")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert "could not be installed" in failed.stderr
    (machine.bin / "broken").unlink()
    assert machine.run("demo").stdout == "called: demo\n"
    assert machine.calls().count("venv --quiet") == 2


def test_two_calls_at_once_install_once(machine: Machine) -> None:
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(machine.run, ["one", "two", "three"]))
    assert [call.stdout for call in done] == ["called: one\n", "called: two\n", "called: three\n"]
    assert machine.calls().count("venv --quiet") == 1


def test_without_the_venv_package_a_person_gets_one_apt_line_and_exit_2(tmp_path: Path) -> None:
    done = Machine(tmp_path, {"python3": BARE_PYTHON}).run("demo", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    lines = [line for line in done.stderr.splitlines() if "apt-get" in line]
    assert lines == ["    apt-get update && apt-get install -y --no-install-recommends python3-venv"]


def test_without_the_venv_package_root_installs_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {"python3": BARE_PYTHON, "id": ROOT})
    machine.run("demo")
    assert [call.split()[-1] for call in machine.calls()] == ["-qq", "python3-venv"]


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    done = Machine(tmp_path, {"python3": OLD_PYTHON}).run()
    assert done.returncode == 2
    assert "Genyin needs Python 3.11 or newer; python3 here is 3.9.2." in done.stderr


def test_the_tests_name_every_missing_program_in_one_line(machine: Machine) -> None:
    done = machine.run("test")
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if "apt-get" in line]
    assert len(lines) == 1
    assert {"chromium", "poppler-utils"} <= set(lines[0].split())


@pytest.mark.parametrize("script", ["genyin", ".ci/run"])
def test_shellcheck_finds_nothing(script: str) -> None:
    done = subprocess.run(["shellcheck", script], cwd=repository.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
