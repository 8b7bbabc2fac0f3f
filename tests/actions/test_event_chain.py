"""Whatever is done to the event log behind its triggers, the chain names the first row that is not as it was."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from genyin.base import events, triggers
from genyin.base.events import CHAINED, CHAINED_WHERE_SAID
from genyin.base.models import ChainHead, Event, EventContent
from tests.cast import Cast

MIDDLE = 5


@pytest.fixture
def log(cast: Cast) -> Iterator[None]:
    """The cast's own events, with the triggers out of the way."""
    cast.submitted()
    assert events.verify().first_broken is None
    triggers.remove(connection)
    yield
    triggers.install(connection)


pytestmark = pytest.mark.usefixtures("log")


def other(name: str, value: Any) -> Any:
    """Another value that the column could hold."""
    if name == "at":
        return value + timedelta(microseconds=1)
    if name in ("seq", "subject_id", "actor_id", "on_behalf_of_id"):
        return (value or 0) + 1_000_000
    return "0" * 64 if len(value) == 64 else f"{value}x"


def last() -> int:
    return events.head()[0]


def test_every_column_but_the_key_is_in_the_chain() -> None:
    assert {field.attname for field in Event._meta.concrete_fields} - {"id", "hash"} == {*CHAINED, *CHAINED_WHERE_SAID}


@pytest.mark.parametrize("name", [*(name for name in CHAINED if name != "seq"), "hash"])
def test_a_column_of_an_event_changed_by_hand_names_its_row(name: str) -> None:
    event = Event.objects.get(seq=MIDDLE)
    Event.objects.filter(seq=MIDDLE).update(**{name: other(name, getattr(event, name))})
    assert events.verify().first_broken == MIDDLE


@pytest.mark.parametrize(
    "changes",
    [
        {"before": {"stage": "closed"}},
        {"after": {"stage": "closed"}},
        {"note": "other words"},
        {"redacted": True},  # said to be blanked, and still there
        {"redacted": True, "before": {}, "after": {"name": "somebody else"}, "note": ""},
    ],
    ids=lambda changes: "+".join(changes),
)
def test_content_changed_by_hand_names_its_row(changes: dict[str, Any]) -> None:
    EventContent.objects.filter(event__seq=MIDDLE).update(**changes)
    assert events.verify().first_broken == MIDDLE


def test_blanked_content_leaves_the_chain_whole() -> None:
    EventContent.objects.filter(event__seq=MIDDLE).update(before={}, after={}, note="", redacted=True)
    assert events.verify().first_broken is None


def test_a_content_that_was_removed_names_its_row() -> None:
    EventContent.objects.filter(event__seq=MIDDLE).delete()
    assert events.verify().first_broken == MIDDLE


def test_contents_that_were_exchanged_name_the_first_of_the_two() -> None:
    ours, theirs = (EventContent.objects.get(event__seq=seq) for seq in (MIDDLE, MIDDLE + 1))
    for content, said in ((ours, theirs), (theirs, ours)):
        values = {"before": said.before, "after": said.after, "note": said.note}
        EventContent.objects.filter(pk=content.pk).update(**values)
    assert events.verify().first_broken == MIDDLE


def removed(*numbers: int) -> None:
    EventContent.objects.filter(event__seq__in=numbers).delete()
    Event.objects.filter(seq__in=numbers).delete()


def test_where_a_row_was_removed_the_next_one_is_named() -> None:
    removed(MIDDLE)
    found = events.verify()
    assert (found.first_broken, found.reason) == (MIDDLE + 1, "a row is missing before it")


def test_renumbering_does_not_hide_a_row_that_was_removed() -> None:
    removed(MIDDLE)
    for seq in range(MIDDLE + 1, last() + 1):
        Event.objects.filter(seq=seq).update(seq=F("seq") - 1)
    assert events.verify().first_broken == MIDDLE


def test_rows_that_changed_places_are_named() -> None:
    for was, becomes in ((MIDDLE, -1), (MIDDLE + 1, MIDDLE), (-1, MIDDLE + 1)):
        Event.objects.filter(seq=was).update(seq=becomes)
    assert events.verify().first_broken == MIDDLE


def test_rows_cut_off_at_the_end_are_noticed() -> None:
    end = last()
    removed(end, end - 1)
    found = events.verify()
    assert (found.first_broken, found.reason) == (end - 1, "rows are missing at the end")


def test_a_row_added_behind_the_head_is_named() -> None:
    event = Event.objects.get(seq=last())
    forged = Event(**{name: getattr(event, name) for name in CHAINED} | {"seq": event.seq + 1, "previous": event.hash})
    forged.hash = events.chained_hash(forged)
    forged.save(force_insert=True)
    content = event.content
    EventContent.objects.create(event=forged, before=content.before, after=content.after, note=content.note)
    assert events.verify().first_broken == event.seq + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: ChainHead.objects.update(hash="0" * 64),
        lambda: ChainHead.objects.update(seq=F("seq") - 1),
        lambda: ChainHead.objects.update(seq=F("seq") + 1),
        lambda: ChainHead.objects.all().delete(),
    ],
    ids=["hash", "back", "forward", "removed"],
)
def test_a_head_changed_by_hand_is_noticed(change: Callable[[], object]) -> None:
    end = last()
    change()
    assert events.verify().first_broken in (end, end + 1)


def cut_cleanly() -> None:
    """The last row removed and the head set back: what is left is a whole chain."""
    end = last()
    removed(end)
    ChainHead.objects.update(seq=end - 1, hash=Event.objects.get(seq=end - 1).hash)


def forged_to_the_end() -> None:
    """A row changed, and every hash from there on computed again."""
    Event.objects.filter(seq=MIDDLE).update(actor_name="somebody else")
    previous = Event.objects.get(seq=MIDDLE - 1).hash
    for event in Event.objects.filter(seq__gte=MIDDLE):
        event.previous = previous
        event.hash = previous = events.chained_hash(event)
        event.save()
    ChainHead.objects.update(hash=previous)


@pytest.mark.parametrize("change", [cut_cleanly, forged_to_the_end])
def test_what_the_chain_alone_cannot_show_the_head_kept_elsewhere_does(change: Callable[[], None]) -> None:
    kept = events.head()
    assert events.verify(kept=kept).first_broken is None
    change()
    assert events.verify().first_broken is None
    assert events.verify(kept=kept).first_broken == kept[0]


def test_a_head_kept_earlier_still_fits_a_log_that_grew(cast: Cast) -> None:
    kept = events.head()
    cast.submitted()
    assert events.verify(kept=kept).first_broken is None
    assert events.verify(kept=(kept[0], "0" * 64)).first_broken == kept[0]
