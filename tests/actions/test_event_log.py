"""The event log is append-only and its chain shows every change by hand."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from genyin.base import events
from genyin.base.models import ChainHead, Event, EventContent
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from tests.cast import Cast


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def over(table: str, key: str) -> None:
    """Write the first row over itself by inserting it again, as each database lets one."""
    columns = [column.name for column in connection.introspection.get_table_description(connection.cursor(), table)]
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        sql(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} ORDER BY {key} LIMIT 1")  # noqa: S608
    else:
        again = f"ON CONFLICT ({key}) DO UPDATE SET {columns[1]} = excluded.{columns[1]}"
        sql(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} ORDER BY {key} LIMIT 1 {again}")  # noqa: S608


def emptied(table: str) -> None:
    if connection.vendor == "sqlite":
        return sql(f"DELETE FROM {table}")  # noqa: S608
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # else this test's own rows, not yet checked, are in the way
    return sql(f"TRUNCATE {table} CASCADE")


CHANGES: dict[str, Callable[[], object]] = {
    "update an event": lambda: Event.objects.filter(seq=1).update(actor_name="somebody else"),
    "delete an event": lambda: sql("DELETE FROM base_event WHERE seq = 1"),
    "write over an event": lambda: over("base_event", "id"),
    "empty the events": lambda: emptied("base_event"),
    "rewrite content": lambda: EventContent.objects.filter(event__seq=1).update(note="other words"),
    "rewrite content as blanked": lambda: EventContent.objects.filter(event__seq=1).update(note="x", redacted=True),
    "delete content": lambda: sql("DELETE FROM base_eventcontent"),
    "write over content": lambda: over("base_eventcontent", "event_id"),
    "empty the contents": lambda: emptied("base_eventcontent"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_database_refuses_to(cast: Cast, change: Callable[[], object]) -> None:
    before = (list(Event.objects.values()), list(EventContent.objects.order_by("event").values()))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert (list(Event.objects.values()), list(EventContent.objects.order_by("event").values())) == before


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
