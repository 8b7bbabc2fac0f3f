"""Imports at once of the same numbers, or that meet the same services, in opposite orders: none is refused, each
customer's records come to that customer's services (on PostgreSQL they once deadlocked)."""

import threading
from functools import partial

from django.db import OperationalError, connections

from genyin.base import clock, events
from genyin.base.actor import job
from genyin.incidents.actions import receive_many
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
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
