"""An index in a folder: shared, torn, killed while it is written."""

import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genyin.sift import manifest
from genyin.sift.asking import CHANNELS
from genyin.sift.files import HEAD, Torn, read
from genyin.sift.folder import LOCK, Folder
from genyin.sift.index import Index
from genyin.sift.manifest import MANIFEST
from genyin.sift.records import NO_SERVICE, Record
from tests.engine.dying import TAIL_ROWS, YOUNG, opened, records, write_on

ROOT = Path(__file__).parents[2]
QUERY = Record(-1, "disk full again, login fails", service=1, codes=(("ci", "ci-2"),), day=50.0)


def in_memory(until: int) -> Index:
    index = Index(tail_rows=TAIL_ROWS, young=YOUNG)
    index.extend(records(0, until))
    return index


def written(path: Path, until: int) -> Folder:
    folder = opened(path)
    write_on(folder, until)
    return folder


def assert_holds(folder: Folder, until: int) -> None:
    """What was mapped answers as an index does that was never written."""
    expected = in_memory(until)
    assert (int(folder.note or 0), len(folder.index)) == (until, until)
    assert folder.index.scores(QUERY).total.tolist() == expected.scores(QUERY).total.tolist()
    assert folder.index.match(QUERY) == expected.match(QUERY)


def segments(path: Path) -> list[Path]:
    return [one for one in path.iterdir() if one.name not in {MANIFEST, LOCK}]


def test_what_one_process_wrote_another_maps_with_the_note_that_came_with_it(tmp_path: Path) -> None:
    writer = written(tmp_path, 40)
    assert_holds(opened(tmp_path), 40)
    assert len(segments(tmp_path)) == len(writer.index.parts()) < 5


@pytest.mark.parametrize("silent", [{"title": ""}, {"codes": (), "service": NO_SERVICE}])
def test_rows_that_all_lack_the_same_are_written_and_mapped_too(tmp_path: Path, silent: dict[str, Any]) -> None:
    folder, rows = opened(tmp_path), [replace(record, **silent) for record in records(0, 64)]
    for first in range(0, len(rows), TAIL_ROWS):
        folder.index.extend(rows[first : first + TAIL_ROWS])
        folder.checkpoint(str(first + TAIL_ROWS))
        folder.settle()
    expected = Index(tail_rows=TAIL_ROWS, young=YOUNG)
    expected.extend(rows)
    found = opened(tmp_path).index
    assert len(found) == len(rows)
    assert found.match(rows[9]) == expected.match(rows[9])


def test_what_was_added_after_the_last_checkpoint_is_not_written(tmp_path: Path) -> None:
    folder = written(tmp_path, 40)
    folder.index.extend(records(40, 60))
    folder.settle()
    assert_holds(opened(tmp_path), 40)


def test_a_tail_that_is_not_full_is_written_when_asked_for(tmp_path: Path) -> None:
    folder = written(tmp_path, 40)
    folder.index.extend(records(40, 43))
    folder.checkpoint("43")
    folder.settle()
    assert opened(tmp_path).note == "40"
    folder.checkpoint("43", flush=True)
    folder.settle()
    assert_holds(opened(tmp_path), 43)


def test_the_first_rows_are_written_only_once_they_are_weighed_for_good(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    folder.index.extend(records(0, YOUNG))
    folder.checkpoint("5", flush=True)
    folder.settle()
    assert segments(tmp_path) == []


def test_two_who_share_a_folder_see_what_the_other_wrote(tmp_path: Path) -> None:
    one, other = written(tmp_path, 16), opened(tmp_path)
    write_on(other, 40)
    assert one.refresh()
    assert_holds(one, 40)
    assert not one.refresh()
    write_on(one, 48)
    assert other.refresh()
    assert_holds(other, 48)


def test_who_is_behind_writes_nothing_and_takes_over_what_the_other_wrote(tmp_path: Path) -> None:
    one, other = written(tmp_path, 16), opened(tmp_path)
    write_on(other, 40)
    one.index.extend(records(16, 32))
    one.checkpoint("32")
    assert not one.work()
    assert_holds(opened(tmp_path), 40)
    assert one.refresh()
    assert_holds(one, 40)


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    one, other = written(tmp_path, 16), opened(tmp_path)
    other.index.extend(records(16, 32))
    with one._locked() as mine:
        assert mine
        other.checkpoint("32")
        assert not other.work()


def test_who_still_maps_a_segment_that_was_merged_away_goes_on_asking_it(tmp_path: Path) -> None:
    slow = written(tmp_path, 16)
    before = slow.index.match(QUERY)
    gone = segments(tmp_path)
    write_on(opened(tmp_path), 80)
    assert not any(path.exists() for path in gone)
    assert slow.index.match(QUERY) == before


def test_retired_records_stay_retired_for_everybody(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    folder.index.extend(records(0, 16))
    folder.index.retire(3)
    folder.index.add(Record(5, "mail delayed"))
    folder.checkpoint("", flush=True)
    folder.settle()
    index = opened(tmp_path).index
    assert (len(index), 3 in index, 5 in index) == (15, False, True)
    assert [one.ref for one in index.match(Record(-1, "delayed"))] == [5]


def test_a_segment_cut_off_at_any_byte_is_not_taken(tmp_path: Path) -> None:
    written(tmp_path, 16)
    (path,) = segments(tmp_path)
    whole = path.read_bytes()
    for size in range(len(whole) - 1, -1, -1):
        os.truncate(path, size)
        with pytest.raises(Torn):
            read(path, checked=False)
    path.write_bytes(whole + b"\0")
    with pytest.raises(Torn):
        read(path, checked=False)


def test_a_segment_in_which_any_byte_changed_is_not_taken(tmp_path: Path) -> None:
    written(tmp_path, 16)
    (path,) = segments(tmp_path)
    whole = path.read_bytes()
    head = whole[:HEAD].rstrip(b"\0")
    for at in (*range(0, len(head), 3), *range(HEAD, len(whole), 7)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])
        with pytest.raises(Torn):
            read(path, checked=True)


@pytest.mark.parametrize("torn", ["segment", "manifest", "missing segment", "missing manifest"])
def test_what_is_torn_is_as_good_as_not_there_and_is_written_anew(tmp_path: Path, torn: str) -> None:
    written(tmp_path, 40)
    path = tmp_path / MANIFEST if "manifest" in torn else segments(tmp_path)[0]
    if "missing" in torn:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9] + b"something")
    folder = opened(tmp_path)
    assert (folder.note, len(folder.index)) == ("", 0)
    write_on(folder, 56)
    assert_holds(opened(tmp_path), 56)
    assert len(segments(tmp_path)) == len(folder.index.parts())


def test_an_index_of_other_settings_is_not_taken(tmp_path: Path) -> None:
    written(tmp_path, 40)
    other = Folder(tmp_path, Index(channels={**CHANNELS, "letters": CHANNELS["words"]}))
    assert not other.refresh()
    assert len(other.index) == 0


def test_what_another_version_wrote_is_not_taken_and_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(manifest, "VERSION", manifest.VERSION - 1)
        written(tmp_path, 40)
    folder = opened(tmp_path)
    assert (folder.note, len(folder.index)) == ("", 0)
    write_on(folder, 56)
    assert_holds(opened(tmp_path), 56)


def test_a_folder_that_cannot_be_written_keeps_everything_in_memory_and_tries_again(tmp_path: Path) -> None:
    folder = written(tmp_path, 16)
    moved = tmp_path.rename(tmp_path.with_name("elsewhere"))
    tmp_path.write_text("in the way")
    folder.index.extend(records(16, 32))
    folder.checkpoint("32")
    assert folder._worker is not None
    folder._worker.join()
    assert isinstance(folder.failed, OSError)
    assert folder.index.match(QUERY) == in_memory(32).match(QUERY)
    tmp_path.unlink()
    moved.rename(tmp_path)
    folder.index.extend(records(32, 40))
    folder.checkpoint("40")
    folder.settle()
    assert_holds(opened(tmp_path), 40)


def test_asking_and_adding_go_on_while_segments_are_written_and_merged(tmp_path: Path) -> None:
    folder, wrong = opened(tmp_path), list[str]()

    def ask() -> None:
        while folder.index.rows < 200:
            found = folder.index.match(QUERY, k=200)
            if [one.score for one in found] != sorted((one.score for one in found), reverse=True):
                wrong.append("not the best first")

    asking = threading.Thread(target=ask)
    asking.start()
    for first in range(0, 200, 4):
        folder.index.extend(records(first, first + 4))
        folder.checkpoint(str(first + 4))
    asking.join()
    folder.checkpoint("200", flush=True)
    folder.settle()
    assert wrong == []
    assert_holds(opened(tmp_path), 200)


def started(*words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    command = [sys.executable, "-m", "tests.engine.dying", *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.fault
def test_a_writer_killed_before_any_step_of_sealing_and_merging_leaves_a_whole_index(tmp_path: Path) -> None:
    output, _ = started("everywhere", str(tmp_path), "16").communicate(timeout=120)
    ends = [int(line) for line in output.split()]
    assert ends == [-9] * (len(ends) - 1) + [0]  # killed before each step, until none was left
    assert len(ends) > 10
    for step in range(len(ends)):
        folder = opened(tmp_path / str(step))
        assert_holds(folder, int(folder.note or 0))
        write_on(folder, 32)
        assert_holds(opened(tmp_path / str(step)), 32)
        assert len(segments(tmp_path / str(step))) == len(folder.index.parts())


@pytest.mark.fault
def test_a_writer_killed_at_any_moment_again_and_again_loses_nothing_it_had_told(tmp_path: Path) -> None:
    chance, seen = random.Random(11), 0
    for _ in range(4):
        writer = started("tell", str(tmp_path))
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(chance.randint(1, 5))]
        time.sleep(chance.random() * 0.05)
        writer.kill()
        output, _ = writer.communicate(timeout=60)
        folder = opened(tmp_path)
        assert_holds(folder, int(folder.note))
        assert int(folder.note) >= max(*told, *map(int, output.split()), seen + 1)
        seen = int(folder.note)
