"""A writer is killed without warning: what it had told is kept, what it had begun is gone, and the chain is whole."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path) -> Start:
    """`start("write")`: a process with the test's own PostgreSQL, or with an SQLite file of its own."""
    environment = {**os.environ, "GENYIN_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "genyin.settings"}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    if connection.vendor == "postgresql":
        url = urlsplit(environment["GENYIN_DATABASE_URL"])
        environment["GENYIN_DATABASE_URL"] = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()

    def started(what: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.actions.writing", what]
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    prepared = started("prepare")
    prepared.communicate(timeout=120)
    assert prepared.returncode == 0
    return started


def told(start: Start) -> Any:
    process = start("told")
    output, _ = process.communicate(timeout=60)
    return json.loads(output)


def lines_of(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


def killed(process: "subprocess.Popen[str]") -> list[str]:
    """Kill it, and read what it had still told."""
    process.kill()
    output, _ = process.communicate(timeout=60)
    return output.split()


@pytest.mark.fault
def test_a_verb_that_was_written_and_not_committed_leaves_nothing_behind(start: Start) -> None:
    before = told(start)
    half = start("halfway")
    assert lines_of(half, 1) == ["written"]
    killed(half)
    assert told(start) == before
    assert before["first"] == "submitted"
    after = start("write")  # and nobody waits for a lock that the dead one held
    assert len(lines_of(after, 3)) == 3
    killed(after)
    assert told(start)["first_broken"] is None


@pytest.mark.fault
def test_writers_killed_again_and_again_leave_a_whole_chain_and_lose_nothing_they_had_told(start: Start) -> None:
    chance, seen = random.Random(5), list[str]()
    others = start("write")  # goes on all the while
    for _ in range(3):
        writer = start("write")
        seen += lines_of(writer, chance.randint(2, 9))
        time.sleep(chance.random() * 0.02)
        seen += killed(writer)
    seen += killed(others)
    found = told(start)
    assert found["first_broken"] is None
    assert found["unlike"] == []  # each problem stands where its last event says
    assert len(set(seen)) == len(seen) > 10
    assert max(int(seq) for seq in seen) <= found["events"]
