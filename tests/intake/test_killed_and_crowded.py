"""An import is killed where it hurts, and others write while it runs."""

import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from genyin.base import events
from genyin.base.actor import job
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData
from genyin.incidents.models import Incident
from genyin.intake import actions
from tests.intake.conftest import Table

ROOT = Path(__file__).parents[2]
ROWS = 4_000
BAD = 40


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "GENYIN_DATABASE_URL"}
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**kept, "GENYIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "genyin.settings", "PYTHONPATH": path}


def start(home: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.intake.importing", str(file), "desk"]
    return subprocess.Popen(command, env=environment(home), cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_after(process: subprocess.Popen[str], lines: int, delay: float) -> str:
    """Let it write that many times, wait a moment, kill without warning; answers the last line read."""
    assert process.stdout is not None
    last = "begun"
    while lines and last and not last.startswith("done"):
        last = process.stdout.readline()
        lines -= last.startswith("writing")
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    process.stdout.close()
    return last


@pytest.mark.fault
def test_an_import_killed_again_and_again_ends_as_if_nothing_had_happened(tmp_path: Path, table: Table) -> None:
    home = tmp_path / "home"
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=environment(home), cwd=ROOT, check=True, timeout=120)
    rows = [
        [f"SJ-{n}", f"告警 {n}", "网络", "never" if n % (ROWS // BAD) == 7 else f"2024-01-{n % 28 + 1:02d} 10:00"]
        for n in range(ROWS)
    ]
    file = table([["编号", "标题", "服务", "发生时间"], *rows])
    chance = random.Random(11)
    for _ in range(4):
        process = start(home, file)
        kill_after(process, lines=chance.randint(3, 9), delay=chance.random() * 0.05)
    with sqlite3.connect(home / "genyin.sqlite3") as database:
        half = database.execute("select count(*) from incidents_incident").fetchone()[0]
        checkpoint = database.execute("select count(*), max(told), max(created) from intake_importrun").fetchone()
    assert 0 < half < ROWS - BAD
    assert checkpoint[0] == 1
    assert checkpoint[2] == half

    process = start(home, file)
    output, _ = process.communicate(timeout=120)
    assert output.splitlines()[-1] == f"done 1 {ROWS - BAD} 0 0 {BAD}"
    with sqlite3.connect(home / "genyin.sqlite3") as database:
        assert database.execute("select count(*) from incidents_incident").fetchone()[0] == ROWS - BAD
        told = database.execute(
            "select sum(json_extract(after, '$.created')) from base_eventcontent c"
            " join base_event e on e.id = c.event_id where e.verb = 'incidents.imported'"
        )
        assert told.fetchone()[0] == ROWS - BAD
    with (home / "imports" / "1" / "rejects.csv").open(encoding="utf-8-sig", newline="") as listed:
        lines = [row[1] for row in csv.reader(listed)][1:]
    assert lines == [str(n + 2) for n in range(ROWS) if n % (ROWS // BAD) == 7]


@pytest.mark.fault
def test_others_write_while_a_large_import_runs(transactional_db: None, table: Table) -> None:
    """Nobody gets an error, nobody waits longer than a person notices, and the chain of events stays whole."""
    rows = ([f"SJ-{n}", f"告警 {n}", f"网络 {n % 9}", "2024-01-05 10:00"] for n in range(6_000))
    path = table([["编号", "标题", "服务", "发生时间"], *rows])
    failed: list[BaseException] = []

    def carry_on() -> None:
        try:
            actions.run(path, source="desk", by=job("command"))
        except Exception as error:  # noqa: BLE001  told to the test below
            failed.append(error)
        finally:
            connection.close()

    importing = threading.Thread(target=carry_on)
    since = time.monotonic()
    importing.start()
    waits: list[float] = []
    while importing.is_alive():
        moment = datetime(2024, 1, 5, tzinfo=UTC)
        data = IncidentData("monitor", f"ALM-{len(waits)}", title="disk full", occurred_at=moment, opened_at=moment)
        began = time.monotonic()
        incidents.receive(data, by=job("monitor"))
        waits.append(time.monotonic() - began)
        time.sleep(0.02)
    importing.join()
    took = time.monotonic() - since
    assert not failed
    assert Incident.objects.filter(source="desk").count() == 6_000
    assert Incident.objects.filter(source="monitor").count() == len(waits) > 5
    assert max(waits) < max(5, took / 2)  # on a busy machine both take longer
    assert events.verify().first_broken is None
