"""The event log is append-only and its chain shows every change by hand."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from genyin.base import events, triggers
from genyin.base.models import ChainHead, Event, EventContent
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from tests.cast import Cast

CHANGES: dict[str, Callable[[], object]] = {
    "update an event": lambda: Event.objects.filter(seq=1).update(actor_name="somebody else"),
    "delete an event": lambda: Event.objects.filter(seq=1).delete(),
    "rewrite content": lambda: EventContent.objects.filter(event__seq=1).update(note="other words"),
    "delete content": lambda: EventContent.objects.filter(event__seq=1).delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_database_refuses_to(cast: Cast, change: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_row_changed_behind_the_triggers_is_named(cast: Cast) -> None:
    problem = cast.submitted()
    seq = events.of(problem).get().seq
    triggers.remove(connection)
    Event.objects.filter(seq=seq).update(actor_name="somebody else")
    triggers.install(connection)
    assert events.verify().first_broken == seq


def test_content_changed_behind_the_triggers_is_named(cast: Cast) -> None:
    problem = cast.submitted()
    seq = events.of(problem).get().seq
    triggers.remove(connection)
    EventContent.objects.filter(event__seq=seq).update(note="other words")
    triggers.install(connection)
    assert events.verify().first_broken == seq


def test_rows_cut_off_at_the_end_are_noticed(cast: Cast) -> None:
    cast.submitted()
    last = events.head()[0]
    triggers.remove(connection)
    EventContent.objects.filter(event__seq=last).delete()
    Event.objects.filter(seq=last).delete()
    triggers.install(connection)
    assert events.verify().first_broken == last


def test_blanked_content_leaves_the_chain_whole(cast: Cast) -> None:
    problem = cast.submitted()
    event = events.of(problem).get()
    EventContent.objects.filter(event=event).update(before={}, after={}, note="", redacted=True)
    assert events.verify().first_broken is None


def test_an_event_outside_a_transaction_is_refused(committed_cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        events.record("test.event", None, by=committed_cast.lead)


@pytest.mark.fault
def test_eight_writers_at_once_leave_the_chain_intact(committed_cast: Cast) -> None:
    cast = committed_cast
    lead, owner = cast.lead, cast.user("owner")
    start = events.head()[0]
    waiting = [[cast.submitted(title=f"Problem {writer} {n}") for n in range(5)] for writer in range(8)]
    failures: list[BaseException] = []

    def work(mine: list[Problem]) -> None:
        try:
            for problem in mine:
                problems.dispatch(problem, owner=owner, by=lead)
        except DatabaseError as failure:
            failures.append(failure)
        finally:
            connection.close()

    writers = [threading.Thread(target=work, args=(mine,)) for mine in waiting]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=120)
    assert failures == []
    verdict = events.verify()
    assert (verdict.first_broken, verdict.events) == (None, start + 80)
    assert ChainHead.objects.get().seq == start + 80
