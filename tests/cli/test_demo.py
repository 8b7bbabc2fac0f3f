"""`genyin demo`: a home of its own, built once, whatever happens on the way."""

import os
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Home

DATABASE = Path("demo") / "genyin.sqlite3"


def rows(home: Home, name: str) -> int:
    with sqlite3.connect(f"file:{home.path / DATABASE}?mode=ro", uri=True, timeout=10) as database:
        count: int = database.execute(f"select count(*) from {name}").fetchone()[0]  # noqa: S608 (our own table)
    return count


@pytest.mark.slow
@pytest.mark.fault
def test_the_demo_is_built_once_even_when_the_first_time_was_cut_off(empty: Home) -> None:
    home, words = empty, ("demo", "--no-serve", "--json")
    cut_off = subprocess.Popen(
        home.command(*words), env=home.environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert cut_off.stderr is not None
    assert "Making the demo's database" in cut_off.stderr.readline()
    time.sleep(4)  # in the middle of its one transaction
    signal_group(cut_off)
    assert rows(home, "incidents_incident") == rows(home, "base_event") == 0

    first = home.genyin(*words, timeout=300)
    assert first.code == 0, first.err
    accounts = {one["username"]: one for one in first.json["accounts"]}
    assert accounts["lead"]["role"] == "lead"
    assert all(one["look_at"] and one["password"] for one in accounts.values())
    assert first.json["url"].startswith("http://localhost:")
    assert not (home.path / "genyin.sqlite3").exists()  # a home of its own

    incidents, events = rows(home, "incidents_incident"), rows(home, "base_event")
    assert incidents > 5_000
    made = (home.path / DATABASE).stat().st_ino
    second = home.genyin(*words)
    assert second.code == 0
    assert "Making the demo's database" not in second.err  # nothing is built again
    assert second.json == first.json
    assert (rows(home, "incidents_incident"), rows(home, "base_event")) == (incidents, events)
    assert (home.path / DATABASE).stat().st_ino == made
    serves_beside_a_taken_port(home)


def serves_beside_a_taken_port(home: Home) -> None:
    """The built demo is served on the next free port, which its answer names, and ends with a signal."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        served = subprocess.Popen(
            home.command("demo", "--port", str(port), "--json"), env=home.environment(), cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip
        assert served.stdout is not None
        answer = served.stdout.readline()
        assert '"accounts"' in answer
        address = answer.split('"')[3]
        assert not address.endswith(f":{port}/")
        with urllib.request.urlopen(f"{address}accounts/login/", timeout=30) as page:  # noqa: S310 (our own server)
            assert page.status == 200
        served.send_signal(signal.SIGTERM)
        assert served.wait(60) == 0
        served.stdout.close()


def signal_group(process: subprocess.Popen[str]) -> None:
    """Kill a command with everything it started, without warning."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)
    assert process.stderr is not None
    process.stderr.close()
