"""Two customers' people enter incidents under one number at once: the first one stands, the other is refused."""

import threading

from django.db import connections

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import Conflict, UnknownReference
from genyin.base.models import Event
from genyin.incidents.actions import receive
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from tests.cast import Cast

ROUNDS = 12


def test_of_two_first_arrivals_of_one_number_the_later_overwrites_nothing(committed_cast: Cast) -> None:
    callers = [(committed_cast.first_line, "network"), (committed_cast.harbour_first_line, "warehouse")]
    start, refused = threading.Barrier(2), []

    def arrive(by: Actor, service: str) -> None:
        try:
            for number in range(ROUNDS):
                start.wait(timeout=30)
                try:
                    receive(_told(number, service), by=by)
                except (Conflict, UnknownReference) as refusal:
                    refused.append(type(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=arrive, args=caller) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Incident.objects.count() == len(refused) == ROUNDS
    told = Incident.objects.values_list("title", "service__name")
    assert all(title == service for title, service in told)
    assert Event.objects.filter(verb="incident.received").count() == ROUNDS
    assert not Event.objects.filter(verb="incident.updated").exists()


def _told(number: int, service: str) -> IncidentData:
    now = clock.now()
    return IncidentData(
        source="desk", external_id=f"{number:04d}", title=service, state=State.OPEN, opened_at=now, occurred_at=now,
        service=service,
    )  # fmt: skip
