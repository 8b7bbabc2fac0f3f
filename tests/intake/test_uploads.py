"""What a page does: keep the upload, check it, show what would happen, carry it out."""

from pathlib import Path

import pytest

from genyin.base.errors import BadFile, NotFound
from genyin.intake import actions, queries, rejects
from genyin.intake.models import RunState
from genyin.intake.survey import preview
from tests.cast import Cast
from tests.intake.conftest import Table

HEADER = ["编号", "标题", "服务", "发生时间"]
ROWS = [HEADER, ["SJ-1", "a", "network", "2024-01-05"], ["SJ-2", "b", "network", "nonsense"]]


def uploaded(path: Path) -> Path:
    return actions.keep_upload(path.name, [path.read_bytes()])


def test_an_upload_is_checked_shown_carried_out_and_then_deleted(cast: Cast, table: Table) -> None:
    run = actions.begin(uploaded(table(ROWS)), source="desk", by=cast.lead)
    actions.check(run, by=cast.lead)
    run = queries.get(run.pk, seen_by=cast.lead)
    assert (run.state, run.records_found, run.rejects_found) == (RunState.CHECKED, 1, 1)
    first = preview(actions.reading_of(run))
    seen = [record.external_id for record in first.records], [problem.line for problem in first.problems]
    assert seen == (["SJ-1"], [3])
    actions.carry_out(run, by=cast.lead)
    run.refresh_from_db()
    assert (run.state, run.created, run.rejected, run.begun_by) == (RunState.DONE, 1, 1, "lead")
    assert queries.rejects_of(run) is not None
    assert not Path(run.path).exists()


def test_an_upload_that_vanished_is_refused(cast: Cast, table: Table) -> None:
    path = uploaded(table(ROWS))
    run = actions.begin(path, source="desk", by=cast.lead)
    actions.check(run, by=cast.lead)
    path.unlink()
    with pytest.raises(BadFile, match="cannot be opened"):
        actions.carry_out(run, by=cast.lead)


def test_an_upload_beyond_all_measure_is_refused_and_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_UPLOAD", 10)
    with pytest.raises(BadFile, match="larger than"):
        actions.keep_upload("../../big.csv", [b"123456", b"789012"])


def test_the_name_of_an_upload_leads_nowhere_else(cast: Cast) -> None:
    path = actions.keep_upload("../../etc/passwd.csv", [b"id\n"])
    assert path.name == "passwd.csv"
    assert path.parent.parent == rejects.uploads()


@pytest.mark.parametrize("who", ["first_line", "owner", "representative", "auditor"])
def test_who_may_not_import_sees_no_run(cast: Cast, table: Table, who: str) -> None:
    run = actions.begin(table(ROWS), source="desk", by=cast.lead)
    with pytest.raises(NotFound):
        queries.get(run.pk, seen_by=getattr(cast, who))
