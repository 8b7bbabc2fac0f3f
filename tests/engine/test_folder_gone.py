"""A folder of an index that is deleted, in somebody else's hands, or not to be had at all."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from genyin.sift.folder import Folder
from genyin.sift.index import Index
from tests.engine.dying import TAIL_ROWS, YOUNG, opened, records, write_on
from tests.engine.test_folder import QUERY, assert_holds, in_memory, written


def test_a_folder_deleted_under_a_running_process_is_written_anew_with_all_it_holds(tmp_path: Path) -> None:
    folder = written(tmp_path / "index", 40)
    shutil.rmtree(tmp_path / "index")
    write_on(folder, 48)
    assert_holds(opened(tmp_path / "index"), 48)
    assert_holds(folder, 48)


def test_a_folder_that_can_be_neither_made_nor_looked_into_is_told_in_the_log_and_does_not_stop_anybody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = opened(tmp_path / "file" / "index")
    folder.index.extend(records(0, 16))
    folder.checkpoint("16")
    assert folder._worker is not None
    folder._worker.join()
    assert "could not be written" in caplog.text
    assert folder.index.match(QUERY) == in_memory(16).match(QUERY)


@pytest.mark.parametrize(("closed", "kind"), [("stat", ""), ("read_bytes", ""), ("open", ".rows")])
def test_what_one_may_not_read_is_as_good_as_not_there(
    tmp_path: Path, closed: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, 40)
    allowed = getattr(Path, closed)

    def refused(path: Path, *args: Any, **named: Any) -> Any:
        if path.suffix == kind:
            raise PermissionError(path)
        return allowed(path, *args, **named)

    monkeypatch.setattr(Path, closed, refused)
    folder = Folder(tmp_path, Index(tail_rows=TAIL_ROWS, young=YOUNG))
    assert not folder.refresh()
    assert len(folder.index) == 0
