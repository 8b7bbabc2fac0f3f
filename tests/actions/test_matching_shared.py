"""The index of incidents lies in a folder: what one process has read and written, the next one maps."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from genyin import config
from genyin.incidents import actions
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from genyin.knowledge import matching
from genyin.knowledge.matching import cache, incidents, shelf
from genyin.sift import folder
from genyin.sift.files import write
from genyin.sift.index import Index
from genyin.sift.keys import key
from genyin.sift.records import Record
from genyin.sift.table import Pieces
from tests.cast import MONDAY, SETUP, Cast


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The incidents read from the database, in an index that is written after every few of them."""
    numbers: list[int] = []

    def read(wanted: Sequence[int]) -> Iterable[Record]:
        numbers.extend(wanted)
        return really(wanted)

    really = incidents.read
    monkeypatch.setattr(incidents, "read", read)
    monkeypatch.setattr(incidents, "Index", partial(Index, tail_rows=4, young=2))
    monkeypatch.setattr(incidents, "WORTH_WRITING", 1)
    matching.forget()
    yield numbers
    matching.forget()


def told(title: str, number: int) -> IncidentData:
    return IncidentData(source="desk", external_id=f"A-{number}", title=title, service="network", state=State.OPEN,
                        occurred_at=MONDAY, opened_at=MONDAY)  # fmt: skip


def arrive(*titles: str, first: int = 0) -> None:
    rows = [told(title, first + at) for at, title in enumerate(titles)]
    actions.receive_many(rows, source="desk", by=SETUP)


def found(text: str, cast: Cast) -> list[str]:
    return [hit.title for hit in matching.similar_incidents(text, seen_by=cast.lead)]


def another_process(numbers: list[int]) -> None:
    """Everything written, nothing in memory."""
    cache.fresh().incidents._folder.settle()
    matching.forget()
    numbers.clear()


def written() -> list[Path]:
    return list((config.load().home / "index").glob("*/*.rows"))


def test_the_next_process_reads_no_incident_again(cast: Cast, read_again: list[int]) -> None:
    arrive(*(f"Core switch restarts in ward {n}" for n in range(9)), "Printer prints empty pages")
    before = found("core switch", cast)
    assert len(read_again) == Incident.objects.count()
    another_process(read_again)
    assert found("core switch", cast) == before
    assert read_again == []


def test_what_arrived_or_changed_since_is_read_by_whoever_maps_the_rest(cast: Cast, read_again: list[int]) -> None:
    arrive(*(f"Core switch restarts in ward {n}" for n in range(9)))
    found("core switch", cast)
    another_process(read_again)
    actions.receive(told("Telephone exchange silent", 3), by=SETUP)
    arrive("Mail is delayed", first=20)
    arrive("Badge reader offline", first=5)
    assert found("telephone exchange", cast) == ["Telephone exchange silent"]
    assert found("mail delayed", cast) == ["Mail is delayed"]
    assert found("badge reader", cast) == ["Badge reader offline"]
    assert len(found("core switch", cast)) == 5  # as many as are asked for, of the seven that are left
    assert len(read_again) == 3


@pytest.mark.parametrize("many", [False, True])
def test_a_status_that_changes_alone_adds_no_row_and_is_read_once(
    cast: Cast, read_again: list[int], many: bool
) -> None:
    arrive(*(f"Core switch restarts in ward {n}" for n in range(9)))
    rows = len(cache.fresh().incidents.index.state().alive)
    another_process(read_again)
    for at, state in enumerate((State.RESOLVED, State.CLOSED, State.OPEN), start=1):
        again = replace(told("Core switch restarts in ward 3", 3), state=state)
        if many:
            actions.receive_many([again], source="desk", by=SETUP)
        else:
            actions.receive(again, by=SETUP)
        assert len(cache.fresh().incidents.index.state().alive) == rows
        assert len(read_again) == at
    arrive("Mail is delayed", first=3)
    assert found("mail delayed", cast) == ["Mail is delayed"]
    assert len(found("core switch", cast)) == 5
    assert len(cache.fresh().incidents.index.state().alive) == rows + 1


def test_what_was_stamped_by_the_whole_incident_alone_is_taken_over_and_goes_on_being_compared(
    cast: Cast, read_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was written before a record's own content was part of its stamp."""
    with monkeypatch.context() as earlier:
        earlier.setattr(shelf, "stamp", lambda state, _record: key(str(state)) >> 1)
        arrive(*(f"Core switch restarts in ward {n}" for n in range(9)))
        before = found("core switch", cast)
        another_process(read_again)
    arrive("Mail is delayed", first=3)
    arrive("Badge reader offline", first=20)
    assert found("mail delayed", cast) == ["Mail is delayed"]
    assert found("badge reader", cast) == ["Badge reader offline"]
    assert len(found("core switch", cast)) == len(before)
    assert len(read_again) == 2


def test_however_much_changed_little_of_it_is_in_memory_at_a_time() -> None:
    """A text that was read has become rows before many more are read."""
    index, many = Index(), 1_000

    def read(wanted: Sequence[int]) -> Iterator[Record]:
        for at, number in enumerate(wanted):
            assert at - index.rows < 200
            yield Record(number, f"Printer {number} prints empty pages")

    shelf.compare(index, [(number, "new") for number in range(many)], read)
    assert len(index) == many


def test_a_database_that_is_another_one_takes_nothing_from_the_folder(cast: Cast, read_again: list[int]) -> None:
    arrive(*(f"Core switch restarts in ward {n}" for n in range(9)))
    found("core switch", cast)
    folder = cache.fresh().incidents._folder
    folder.checkpoint('{"seq": 1, "hash": "another", "incident": 1000}')
    cache.fresh().incidents.index.add(Record(7777, "Core switch of another customer"))
    folder.checkpoint('{"seq": 1, "hash": "another", "incident": 1000}', flush=True)
    another_process(read_again)
    assert len(found("core switch", cast)) == 5
    assert len(read_again) == Incident.objects.count()
    assert 7777 not in cache.fresh().incidents.index


def test_torn_files_are_read_anew_from_the_database(cast: Cast, read_again: list[int]) -> None:
    arrive(*(f"Core switch restarts in ward {n}" for n in range(9)))
    before = found("core switch", cast)
    another_process(read_again)
    for path in written():
        path.write_bytes(path.read_bytes()[:-1])
    assert found("core switch", cast) == before
    assert len(read_again) == Incident.objects.count()
    another_process(read_again)
    assert found("core switch", cast) == before
    assert read_again == []


def test_who_starts_anew_waits_for_what_is_being_written_and_writes_next(
    cast: Cast, read_again: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise both would have written at the same time, and what the later one holds would have been dropped."""
    begun, may_go_on = threading.Event(), threading.Event()

    def slowly(path: Path, pieces: Pieces) -> None:
        begun.set()
        may_go_on.wait(60)
        write(path, pieces)

    monkeypatch.setattr(folder, "write", slowly)
    arrive(*(f"Core switch restarts in ward {n}" for n in range(9)))
    found("core switch", cast)
    assert begun.wait(60)
    threading.Timer(0.1, may_go_on.set).start()
    matching.forget()
    arrive("Mail is delayed", first=20)
    assert found("mail delayed", cast) == ["Mail is delayed"]
    another_process(read_again)
    assert found("mail delayed", cast) == ["Mail is delayed"]
    assert read_again == []
