"""The list of rejects: harmless in a spreadsheet program, mended by hand, imported again as it was."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.base.actor import job
from genyin.incidents.models import Incident
from genyin.intake import actions, mending
from genyin.intake.models import ImportRun
from genyin.intake.rejects import folder
from tests.intake.conftest import Table

BY = job("command")
HEADER = ["事件编号", "标题", "发生时间", "服务"]


def lines_of(run: ImportRun) -> list[list[str]]:
    with (folder(run.pk) / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def mended(run: ImportRun, path: Path, wrong: str, right: str) -> Path:
    """The list with one word put right, as a person would save it."""
    rows = [[cell.replace(wrong, right) if n >= mending.OURS else cell for n, cell in enumerate(row)]
            for row in lines_of(run)]  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_list_of_rejects_is_harmless_and_comes_back_with_the_same_values(
    db: None, table: Table, tmp_path: Path
) -> None:
    titles = {"SJ-1": "=HYPERLINK(1)", "-2": "+86 电话", "@3": "'=quoted", "SJ-4": "-", "SJ-5": "'plain"}
    path = table([HEADER, *([number, title, "never", "@网络"] for number, title in titles.items())])
    run = actions.run(path, source="desk", by=BY)
    assert run.rejected == len(titles)
    assert not [cell for row in lines_of(run) for cell in row if cell.startswith(("=", "+", "-", "@"))]
    again = actions.run(mended(run, tmp_path / "mended.csv", "never", "2024-01-05"), source="desk", by=BY)
    assert (again.created, again.rejected, again.mapping) == (len(titles), 0, "spreadsheet")
    # A dash alone means nothing in a spreadsheet of incidents: the number takes the place of the title.
    assert dict(Incident.objects.values_list("external_id", "title")) == titles | {"SJ-4": "SJ-4"}
    assert set(Incident.objects.values_list("service__name", flat=True)) == {"@网络"}


def test_refused_records_of_a_jsonl_file_come_back_as_columns(db: None, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record = {"key": "A-1", "fields": {"summary": "=1+1", "created": "never", "components": [{"name": "core"}]}}
    path.write_text(json.dumps(record) + "\n")
    run = actions.run(path, source="A", by=BY)
    assert run.rejected == 1
    again = actions.run(mended(run, tmp_path / "m.csv", "never", "2024-01-05T10:00:00Z"), source="A", by=BY)
    assert (again.created, again.rejected) == (1, 0)
    incident = Incident.objects.get()
    assert (incident.external_id, incident.title, incident.category) == ("A-1", "=1+1", "core")


def test_columns_of_the_file_that_are_called_like_ours_are_not_taken_for_ours(
    db: None, table: Table, tmp_path: Path
) -> None:
    path = table([["value", "line", "编号", "标题", "发生时间"], ["7", "8", "SJ-1", "a", "never"]])
    run = actions.run(path, source="desk", by=BY)
    again = actions.run(mended(run, tmp_path / "m.csv", "never", "2024-01-05"), source="desk", by=BY)
    assert (again.created, again.rejected) == (1, 0)


def test_an_apostrophe_in_anybody_elses_file_is_text(db: None, table: Table) -> None:
    actions.run(table([HEADER, ["SJ-1", "'=kept", "2024-01-05", ""]]), source="desk", by=BY)
    assert Incident.objects.get().title == "'=kept"


@given(st.text(alphabet="'=+-@a \t"))
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    out = mending.harmless(cell)
    assert not out.startswith(("=", "+", "-", "@", "\t"))
    assert mending.undone(out) == cell


@pytest.mark.parametrize("header", [[*mending.HEADER], ["file", "line", "column", "reason", "编号", "标题"]])
def test_only_a_list_of_ours_is_taken_for_one(header: list[str]) -> None:
    assert not mending.comes_back(header)
