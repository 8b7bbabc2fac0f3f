"""Two imports of the same numbers in opposite orders: neither is refused (on PostgreSQL they once deadlocked)."""

import threading

from django.db import OperationalError, connections

from genyin.base import clock, events
from genyin.base.actor import job
from genyin.incidents.actions import receive_many
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from tests.cast import Cast

ROWS = 400


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


def _rows(number: int) -> list[IncidentData]:
    now = clock.now()
    return [
        IncidentData(
            source="desk", external_id=f"{n:04d}", title=f"Told by {number}", state=State.OPEN, opened_at=now,
            occurred_at=now, service="network",
        )
        for n in range(ROWS)
    ]  # fmt: skip
