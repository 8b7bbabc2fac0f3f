"""Imports at once of the same numbers, or that meet the same services, in opposite orders: none is refused, each
customer's records come to that customer's services (on PostgreSQL they once deadlocked)."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.db.models import QuerySet

from genyin.base import clock, events
from genyin.base.actor import job
from genyin.changes.history import receive_changes
from genyin.changes.models import Change
from genyin.incidents.actions import receive_many
from genyin.incidents.data import ChangeData, IncidentData, KnownErrorData, ProblemData, State
from genyin.incidents.models import Incident
from genyin.knowledge.history import receive_known_errors
from genyin.knowledge.models import KnownError
from genyin.problems.actions.history import receive_problems
from genyin.problems.models import Problem
from tests.actions.at_once import at_once
from tests.cast import Cast

ROWS, SERVICES = 400, 120


def test_imports_that_cross_do_not_wait_for_each_other(committed_cast: Cast) -> None:
    start, refused = threading.Barrier(4), []

    def arrive(number: int) -> None:
        try:
            start.wait(timeout=20)
            receive_many(_rows(number)[:: -1 if number % 2 else 1], source="desk", by=job("import"))
        except OperationalError as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    for _again in range(2):
        threads = [threading.Thread(target=arrive, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert refused == []
    assert Incident.objects.count() == ROWS
    assert events.verify().first_broken is None


def test_imports_that_meet_the_same_services_in_opposite_orders_keep_the_customers_apart(committed_cast: Cast) -> None:
    names = [f"service {n:03d}" for n in range(SERVICES)]
    told = {"hospital customer": names, "harbour customer": names[::-1], "": names[::-1]}
    refused = at_once(*(partial(_arrive, customer, order) for customer, order in told.items()))
    assert refused == []
    for incident in Incident.objects.select_related("service__customer").exclude(source="nobody's"):
        assert str(incident.service.customer) == incident.title
    assert Incident.objects.count() == SERVICES * len(told)
    assert events.verify().first_broken is None


def _problem(number: int) -> ProblemData:
    return ProblemData(
        source="desk", external_id=f"P{number:03d}", title="Old", service="network", registered_at=clock.now()
    )  # fmt: skip


def _known_error(number: int) -> KnownErrorData:
    return KnownErrorData(source="desk", external_id=f"K{number:03d}", title="Old", service="network")


def _change(number: int) -> ChangeData:
    return ChangeData(source="desk", external_id=f"C{number:03d}", title="Old", problem_number="P000")


@pytest.mark.fault
@pytest.mark.parametrize(
    ("receive", "row", "kept"),
    [
        (receive_problems, _problem, Problem.objects.exclude(number="P000")),
        (receive_known_errors, _known_error, KnownError.objects.all()),
        (receive_changes, _change, Change.objects.all()),
    ],
    ids=["problems", "known errors", "changes"],
)
def test_histories_that_cross_are_each_kept_once(
    committed_cast: Cast, receive: Callable[..., Any], row: Callable[[int], Any], kept: QuerySet[Any]
) -> None:
    receive_problems([_problem(0)], source="desk", by=job("import"))
    rows = [row(number) for number in range(1, 61)]
    refused = at_once(
        *(partial(receive, rows[:: -1 if n % 2 else 1], source="desk", by=job("import")) for n in range(4))
    )
    assert refused == []
    assert kept.all().count() == 60
    assert events.verify().first_broken is None


def _arrive(customer: str, order: list[str]) -> None:
    now, source = clock.now(), customer or "nobody's"
    rows = [
        IncidentData(
            source=source, external_id=f"{n:04d}", title=source, state=State.OPEN, opened_at=now, occurred_at=now,
            service=service, customer=customer, project=f"{customer} project" if customer else "",
        )
        for n, service in enumerate(order)
    ]  # fmt: skip
    receive_many(rows, source=source, by=job("import"))


def _rows(number: int) -> list[IncidentData]:
    now = clock.now()
    return [
        IncidentData(
            source="desk", external_id=f"{n:04d}", title=f"Told by {number}", state=State.OPEN, opened_at=now,
            occurred_at=now, service="network",
        )
        for n in range(ROWS)
    ]  # fmt: skip
