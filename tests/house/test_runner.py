"""The runner itself: nothing is left behind, nothing of the caller's is touched, no silence passes for success."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.house import repository
from tests.runner import parts, summary
from tests.runner.cluster import cluster

pytestmark = pytest.mark.slow


def test_the_cluster_answers_as_nobody_special_and_is_gone_afterwards() -> None:
    with cluster() as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT current_setting('data_directory'), pg_backend_pid()").fetchone()
        assert row is not None
        folder, backend = Path(row[0]).parent, row[1]
        assert folder.exists()
        assert (folder / "data").stat().st_uid != 0
    assert not folder.exists()
    assert not Path(f"/proc/{backend}").exists()


def test_the_cluster_asks_for_its_password() -> None:
    with cluster() as url, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.replace("genyin:", "genyin:wrong"))


@pytest.mark.fault
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_stopped_run_leaves_no_server(how: signal.Signals) -> None:
    hold = (
        "import time\n"
        "from tests.runner.__main__ import _stopped_by_sigterm\n"
        "from tests.runner.cluster import cluster\n"
        "with _stopped_by_sigterm(), cluster() as url:\n"
        "    print(url, flush=True)\n"
        "    time.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold], cwd=repository.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert holder.stdout is not None
    url = holder.stdout.readline().strip()
    psycopg.connect(url).close()
    holder.send_signal(how)
    holder.communicate(timeout=40)
    assert _falls_silent(url)


def _falls_silent(url: str) -> bool:
    for _attempt in range(600):
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return True
        time.sleep(0.1)
    return False


def test_a_run_knows_nothing_of_the_callers_genyin(tmp_path: Path) -> None:
    mine = {"PATH": "/bin", "GENYIN_HOME": "/precious", "GENYIN_DATABASE_URL": "postgresql://real", "GENYIN_DATA": "/d"}
    given = parts.environment(tmp_path, "", mine)
    assert (given["PATH"], given["GENYIN_DATA"], given["GENYIN_HOME"]) == ("/bin", "/d", str(tmp_path / "home"))
    assert "GENYIN_DATABASE_URL" not in given
    assert given["TMPDIR"] == str(tmp_path / "tmp")


def test_what_a_run_compiles_it_keeps(tmp_path: Path) -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in parts.environment(tmp_path, "", {"PYTHONDONTWRITEBYTECODE": "1"})


@pytest.mark.parametrize(
    ("body", "passed", "failed", "problem"),
    [
        ("def test_one(): pass\n", 1, 0, ""),
        ("def test_one(): assert False\ndef test_two(): pass\n", 1, 1, "pytest ended with 1"),
        ("", 0, 1, "no test was found"),
        ("import nothing_of_that_name\n", 0, 1, "pytest ended with 2"),
        ("import os\ndef test_one(): os._exit(0)\n", 0, 1, "pytest left no report"),
    ],
)
def test_a_part_counts_what_happened(tmp_path: Path, body: str, passed: int, failed: int, problem: str) -> None:
    (tmp_path / "test_it.py").write_text(body)
    part = parts.Part("try", "Try", "not browser", paths=(str(tmp_path), "-p", "no:cacheprovider"))
    with open(os.devnull, "w") as silence:
        outcome = parts.run(part, output=silence)
    assert (outcome.passed, outcome.failed, outcome.problem) == (passed, failed, problem)
    assert outcome.ok == (problem == "")


def test_the_last_line_is_the_plain_one() -> None:
    told = summary.lines(
        [
            summary.Outcome("SQLite", 10, 0, 2, 3.5, ""),
            summary.Outcome("PostgreSQL", 4, 1, 0, 2.0, "pytest ended with 1"),
        ]
    )
    assert told[-1] == "14 passed, 1 failed, 2 skipped"
