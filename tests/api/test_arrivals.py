"""Incidents that arrive one by one: none touches, and no refusal tells of, an incident that the sender may not see."""

from typing import Any

import pytest

from genyin.base.errors import BadInput
from genyin.incidents.actions import enter
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from genyin.people import actions as people
from tests.api.conftest import Another, Answer, Caller, Callers
from tests.cast import ADMIN, MONDAY, Cast


def told(number: str, source: str = "desk", title: str = "No network") -> dict[str, Any]:
    return {
        "external_id": number, "source": source, "title": title, "service": "network",
        "occurred_at": "2026-09-07T12:00:00+08:00",
    }  # fmt: skip


def refusal(answer: Answer, number: str) -> tuple[int, str]:
    """What a refusal says, but for the number that was asked for."""
    return answer.status, str(answer.body).replace(number, "N")


def test_a_number_of_another_customer_is_refused_like_one_that_nobody_has(cast: Cast, callers: Callers) -> None:
    cast.incident(title="Crane stands still", service="warehouse", external_id="TAKEN")
    answers = [refusal(callers("first_line").post("incidents", told(number)), number) for number in ("TAKEN", "FREE-1")]
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert Incident.objects.get().title == "Crane stands still"


def test_in_a_source_of_their_own_people_enter_and_change_incidents(cast: Cast, callers: Callers) -> None:
    cast.incident(service="warehouse", source="cranes")
    sent = [callers("first_line").post("incidents", told("1", title=title)).status for title in ("Slow", "Down")]
    assert sent == [201, 200]


def test_what_one_sees_in_a_shared_source_one_may_change(cast: Cast, callers: Callers) -> None:
    cast.incident(service="warehouse")
    mine = cast.incident()
    changed = callers("first_line").post("incidents", told(mine.external_id, title="Told again"))
    assert (changed.status, changed["result"]) == (200, "updated")


def test_who_sees_all_enters_whatever_the_source(cast: Cast, callers: Callers) -> None:
    cast.incident(service="warehouse", external_id="1")
    people.set_roles(cast.user("lead"), roles=["lead", "first_line"], by=ADMIN)
    assert callers("lead").post("incidents", told("2")).status == 201


def test_nobody_writes_ahead_under_the_name_of_another_system(
    cast: Cast, callers: Callers, another: Another, crm: Caller
) -> None:
    taken = callers("first_line").post("incidents", told("1", source="crm"))
    assert taken.status == 422
    assert crm.post("incidents", told("1", source="")).status == 201


def test_two_systems_never_send_under_one_name(cast: Cast) -> None:
    people.add_token("crm:north", by=ADMIN)
    with pytest.raises(BadInput) as refused:
        people.add_token("crm-north", by=ADMIN)
    assert refused.value.field == "name"
    long = "a very long name of a system that sends us incidents"
    people.add_token(f"{long} 1", by=ADMIN)
    with pytest.raises(BadInput):
        people.add_token(f"{long} 2", by=ADMIN)
    people.add_token(f"{long} 3", user=cast.user("owner"), by=ADMIN)


def test_incidents_entered_here_get_numbers_of_their_own_whoever_used_them_before(cast: Cast) -> None:
    said = IncidentData(
        source="", external_id="", title="Slow", state=State.OPEN, opened_at=MONDAY, occurred_at=MONDAY,
        service="network",
    )  # fmt: skip
    first = enter(said, by=cast.first_line)
    head, _dash, last = first.external_id.rpartition("-")
    cast.incident(service="warehouse", source=first.source, external_id=f"{head}-{int(last) + 1:0{len(last)}d}")
    second = enter(said, by=cast.first_line)
    assert second.external_id == f"{head}-{int(last) + 2:0{len(last)}d}"
    assert Incident.objects.count() == 3
