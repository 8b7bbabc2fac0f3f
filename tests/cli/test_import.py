"""`genyin import` as somebody calls it: the answer, the exit codes, a kill in the middle."""

import csv
import itertools
import lzma
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Home
from tests.cli.conftest import Table

EXTRACT = ROOT / "tests" / "reports" / "data" / "uci_extract.csv.xz"
UCI = ROOT / "examples" / "uci_servicenow"
HEAD = ["编号", "标题", "服务", "发生时间"]


@pytest.mark.procedure("R18")
def test_an_event_log_makes_its_database_on_the_way_and_a_second_import_changes_nothing(empty: Home) -> None:
    first = empty.genyin("import", EXTRACT, "--source", "uci", "--json")
    assert first.code == 0
    told = first.json
    assert told["rows"] > told["incidents"] == told["created"] > 100
    assert (told["updated"], told["unchanged"], told["rejected"], told["rejects_file"]) == (0, 0, 0, None)
    assert (told["kind"], told["mapping"], told["encoding"], told["separator"]) == (
        "incidents", "servicenow", "utf-8", ",",
    )  # fmt: skip
    assert told["new_services"] == ["uci"]
    assert told["seconds"] > 0
    assert told["peak_mb"] > 0
    assert "servicenow" in first.err  # prose leaves standard output to the answer

    second = empty.genyin("import", EXTRACT, "--source", "uci", "--json").json
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, told["incidents"])
    assert empty.genyin("audit", "verify", "--json").json["ok"] is True


def test_a_bad_row_is_listed_with_its_reason_and_stops_no_good_one(home: Home, table: Table) -> None:
    file = table("list.csv", [HEAD, ["1", "告警", "网络", "2024-01-05 10:00"], ["2", "告警", "网络", "never"]])
    said = home.genyin("import", file, "--source", "desk", "--json")
    assert said.code == 0
    assert (said.json["created"], said.json["rejected"]) == (1, 1)
    listed = Path(said.json["rejects_file"])
    assert listed.is_relative_to(home.path / "imports")
    assert str(listed) in said.err.replace("\n", "")
    with listed.open(encoding="utf-8-sig", newline="") as rows:
        (row,) = csv.DictReader(rows)
    assert (row["file"], row["line"], row["column"], row["value"]) == ("list.csv", "3", "发生时间", "never")
    assert row["reason"]


def test_a_dry_run_says_what_would_be_done_and_writes_no_record(home: Home, table: Table) -> None:
    file = table("list.csv", [HEAD, *([str(n), "告警", "网络", "2024-01-05 10:00"] for n in range(5))])
    dry = home.genyin("import", file, "--source", "desk", "--dry-run", "--json").json
    assert (dry["rows"], dry["incidents"], dry["created"], dry["dry_run"]) == (5, 5, 5, True)
    with sqlite3.connect(home.path / "genyin.sqlite3") as database:
        assert database.execute("select count(*) from incidents_incident").fetchone() == (0,)
    done = home.genyin("import", file, "--source", "desk", "--json")
    assert done.json["created"] == 5
    assert "cut off" not in done.err, "nothing was: it had only been looked at"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", b"PK\x03\x04 not a table", "ZIP"),
        ("list.csv", "编号,标题\n1,告警\n".encode(), "--mapping"),
        ("list.pdf", b"%PDF-1.4", ".csv"),
        ("absent.csv", None, "absent.csv"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_exit_3_and_one_sentence(
    home: Home, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    said = home.genyin("import", file, "--source", "desk", "--json")
    assert said.code == 3
    assert said.json["error"] == "bad_file"
    assert said.json["file"] == name
    assert says in said.json["message"]
    assert len(said.json["message"].splitlines()) == 1
    assert "Traceback" not in said.err


def test_a_wrong_call_is_exit_2_and_makes_nothing(empty: Home) -> None:
    assert empty.genyin("import", EXTRACT, "--json").code == 2
    said = empty.genyin("import", EXTRACT, "--source", "uci", "--kind", "elephants", "--json")
    assert said.code == 2
    assert "known_errors" in said.json["message"]
    assert not (empty.path / "genyin.sqlite3").exists()


def test_a_folder_and_a_wrong_mapping_are_exit_3_and_one_sentence(home: Home, tmp_path: Path, table: Table) -> None:
    said = home.genyin("import", tmp_path, "--source", "desk", "--json")
    assert (said.code, "is a folder" in said.json["message"]) == (3, True)
    own = tmp_path / "own.toml"
    own.write_text('[fields]\nexternal_id = "a"\nopened_at = { columns = "b", dates = ["DD.MM"] }\n')
    said = home.genyin("import", table("a.csv", [["a", "b"]]), "--source", "desk", "--mapping", own, "--json")
    assert (said.code, said.json["file"]) == (3, "own.toml")
    assert "fields.opened_at.dates" in said.json["message"]
    assert "ymd" in said.json["message"]


def test_what_a_file_shows_about_its_dates_and_sheets_is_said(home: Home, table: Table) -> None:
    file = table(
        "list.csv", [HEAD, ["1", "告警", "网络", "24/10/2023 10:00"], ["2", "告警", "网络", "5/10/2023 10:00"]]
    )
    said = home.genyin("import", file, "--source", "desk", "--json")
    assert (said.json["created"], said.json["rejected"]) == (2, 0)
    assert "“24/10/2023 10:00” shows that the day comes first" in said.err


def test_the_measurement_of_an_import_tells_rows_time_and_memory(empty: Home) -> None:
    said = empty.genyin("bench", "import", "--rows", "1000", "--format", "xlsx", "--json")
    assert said.code == 0, said.err
    figures = said.json
    assert (figures["rows"], figures["created"], figures["rejected"]) == (1000, 999, 1)
    assert min(figures["seconds"], figures["cpu_seconds"], figures["peak_mb"]) > 0
    assert empty.genyin("bench", "import", "--format", "pdf", "--json").code == 2


@pytest.mark.fault
def test_an_import_killed_while_it_writes_goes_on_where_it_stood(home: Home, table: Table) -> None:
    rows = 6_000
    file = table("list.csv", [HEAD, *([f"SJ-{n}", f"告警 {n}", "网络", "2024-01-05 10:00"] for n in range(rows))])
    words = ("import", file, "--source", "desk", "--json")
    process = subprocess.Popen(
        home.command(*words), env=home.environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    half = wait_for_records(home.path / "genyin.sqlite3", process)
    process.kill()
    process.wait(60)
    assert 0 < half < rows
    told = home.genyin(*words).json
    assert (told["rows"], told["incidents"], told["created"], told["unchanged"]) == (rows, rows, rows, 0)
    with sqlite3.connect(home.path / "genyin.sqlite3") as database:
        assert database.execute("select count(*) from incidents_incident").fetchone() == (rows,)
        assert database.execute("select count(*) from intake_importrun").fetchone() == (1,)


def wait_for_records(path: Path, process: subprocess.Popen[bytes]) -> int:
    """Until some records are committed; answers how many."""
    for _ in range(3_000):
        assert process.poll() is None, "the import ended before it could be killed"
        time.sleep(0.02)
        if not path.exists():
            continue
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60) as database:
            made = database.execute("select count(*) from sqlite_master where name = 'incidents_incident'").fetchone()
            found: int = database.execute("select count(*) from incidents_incident").fetchone()[0] if made[0] else 0
        if found:
            return found
    raise AssertionError("nothing was imported")


def test_the_beginning_of_the_uci_log_gives_the_counts_somebody_else_counted(home: Home, tmp_path: Path) -> None:
    """The log goes by opening, so its first 2,000 events hold all that February saw; the whole: test_uci_log."""
    beginning = tmp_path / "events.csv"
    with lzma.open(UCI / "incident_event_log.first70.csv.xz", "rt") as log:
        beginning.write_text("".join(itertools.islice(log, 2_001)))
    told = home.genyin("import", beginning, "--source", "uci", "--json").json
    assert (told["rows"], told["rejected"]) == (2_000, 0)
    with (UCI / "expected_monthly.csv").open(newline="") as file:
        february = next(row for row in csv.DictReader(file) if row["month"] == "2016-02")
    said = home.genyin("report", "2016-02", "--source", "uci", "--format", "xlsx", "--json").json
    assert said["zone"] == "UTC"
    assert said["incidents"] == {name: int(february[name]) for name in ("opened", "resolved", "closed")}
