"""An incident that arrives gets its family at once, and a family that grows may be a candidate at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from genyin.base import clock
from genyin.base.actor import job
from genyin.base.models import Event
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData
from genyin.incidents.models import Incident
from genyin.sift.group import ALONE
from genyin.trends import actions, runs
from genyin.trends.models import Candidate, Family
from genyin.trends.runs import families, placing, reading
from genyin.trends.runs.grouping import grouped
from genyin.trends.runs.rising import Risen
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import MONDAY, Cast


def test_an_incident_of_the_same_place_about_something_else_joins_no_family(cast: Cast) -> None:
    place: dict[str, Any] = {"item": cast.services["network"].items.get(), "category": "hardware"}
    arrive(cast, SWITCH, ago=3, times=4, **place)
    analysed()
    with clock.at(MONDAY):
        assert runs.assign(cast.incident("Payroll figures are wrong", **place)) is None
        assert runs.assign(cast.incident(f"Urgent: {SWITCH}", **place)) is not None


def test_a_new_incident_joins_its_family_at_once(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3)
    arrive(cast, PRINTER, ago=3, times=3)
    analysed()
    with clock.at(MONDAY):
        (new,) = arrive(cast, f"Urgent: {SWITCH}", ago=0.1)
        family = runs.assign(new)
    assert family is not None
    assert family.title == SWITCH
    assert Family.objects.get(pk=family.pk).size == 4


def test_a_new_incident_unlike_any_joins_none(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3)
    analysed()
    with clock.at(MONDAY):
        assert runs.assign(cast.incident("Payroll figures are wrong")) is None


def test_two_alike_that_arrive_make_a_family_and_a_third_makes_it_a_candidate(cast: Cast) -> None:
    arrive(cast, PRINTER, ago=9, times=3)
    analysed()
    with clock.at(MONDAY):
        first, second, third = arrive(cast, SWITCH, ago=0.1, times=3)
        assert runs.assign(first) is None
        family = runs.assign(second)
        assert family is not None
        assert (family.title, family.size) == (SWITCH, 2)
        assert not family.candidates.exists()
        assert runs.assign(third) == family
    [candidate] = family.candidates.all()
    assert candidate.rules == ["count"]
    assert Event.objects.filter(verb="candidate.listed", subject_id=candidate.pk).count() == 1
    result = analysed()
    assert (result.families, result.candidates) == (2, 0)
    assert set(family.members.values_list("incident_id", flat=True)) == {first.pk, second.pk, third.pk}


def test_what_was_dismissed_is_not_listed_again_by_the_next_arrival(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=4)
    analysed()
    with clock.at(MONDAY):
        actions.dismiss_candidate(Candidate.objects.get(), reason="A storm, over now", by=cast.lead)
        (one,) = arrive(cast, SWITCH, ago=0.1)
        assert runs.assign(one) is not None
    assert Candidate.objects.count() == 1


def test_an_analysis_gives_other_numbers_than_arrivals_took_while_it_was_thinking(cast: Cast) -> None:
    arrive(cast, PRINTER, ago=9, times=3)
    analysed()
    arrive(cast, "Payroll figures are wrong", ago=5, times=3)
    first, thought = families.next_number(), grouped(reading.history(MONDAY).records)
    with clock.at(MONDAY):
        for incident in arrive(cast, SWITCH, ago=0.1, times=2):
            runs.assign(incident)
    assert Family.objects.get(number=first).title == SWITCH
    found, risen = families.renumbered(thought, Risen({first: {"observed": 9}}), first)
    assert risen.families == {first + 1: {"observed": 9}}
    assert sorted(family.id for family in found.families) == [1, first + 1]
    assert set(np.unique(found.family)) - {ALONE} == {1, first + 1}


def test_who_arrives_stays_with_its_customer(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3, service="network")
    analysed()
    with clock.at(MONDAY):
        (one,) = arrive(cast, SWITCH, ago=0.1, service="warehouse")
        assert runs.assign(one) is None
        (other,) = arrive(cast, SWITCH, ago=0.1, service="network")
        assert runs.assign(other) is not None


@contextmanager
def worker(held: dict[str, Any], name: str) -> Iterator[None]:
    """What a process of that name holds is held within."""
    placing._held = held.get(name)
    yield
    held[name] = placing._held


def test_two_workers_never_put_an_incident_into_the_wrong_family(cast: Cast) -> None:
    held: dict[str, Any] = {}
    found = {}
    with clock.at(MONDAY):
        for name, title in (
            ("one", SWITCH), ("other", "Lift stuck between floors"), ("one", SWITCH),
            ("other", PRINTER), ("other", PRINTER), ("other", SWITCH), ("one", PRINTER),
        ):  # fmt: skip
            with worker(held, name):
                found[name, title] = runs.assign(*arrive(cast, title, ago=0.1))
    assert {(title, family.title) for (_, title), family in found.items() if family} == {
        (SWITCH, SWITCH), (PRINTER, PRINTER)
    }  # fmt: skip
    assert sorted(Family.objects.values_list("title", "size")) == sorted([(SWITCH, 3), (PRINTER, 3)])


def test_a_family_that_could_not_be_begun_is_no_other_family(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.at(MONDAY), monkeypatch.context() as broken:
        broken.setattr(families, "begin", lambda _incidents: None)
        for incident in arrive(cast, SWITCH, ago=0.1, times=2):
            assert runs.assign(incident) is None
    with clock.at(MONDAY):
        for incident in arrive(cast, PRINTER, ago=0.1, times=2):
            runs.assign(incident)
        (third,) = arrive(cast, SWITCH, ago=0.1)
        assert runs.assign(third) is None
    assert [(one.title, one.size) for one in Family.objects.all()] == [(PRINTER, 2)]


def test_customers_that_are_new_since_are_kept_apart_too(cast: Cast) -> None:
    with clock.at(MONDAY):
        runs.assign(*arrive(cast, PRINTER, ago=0.2))
        for customer in ("North", "South"):
            data = IncidentData(
                source="desk", external_id=customer, title=SWITCH, occurred_at=MONDAY, opened_at=MONDAY,
                service=f"Storage {customer}", customer=customer,
            )  # fmt: skip
            incident, _ = incidents.receive(data, by=job("import"))
            assert runs.assign(incident) is None


def test_a_desk_that_writes_on_in_an_incident_does_not_have_all_read_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(MONDAY):
        (first,) = arrive(cast, SWITCH, ago=0.2)
        runs.assign(first)
        Incident.objects.filter(pk=first.pk).update(digest="another", state="resolved")
        monkeypatch.setattr(reading, "history", lambda _until: pytest.fail("everything was read again"))
        assert runs.assign(*arrive(cast, SWITCH, ago=0.1)) is not None


@pytest.mark.parametrize("more", [{"ago": -3}, {"ago": 1, "state": "canceled"}])
def test_what_does_not_count_begins_no_family(cast: Cast, more: dict[str, Any]) -> None:
    with clock.at(MONDAY):
        for incident in arrive(cast, SWITCH, times=2, **more):
            assert runs.assign(incident) is None


def test_a_storm_long_past_is_left_to_the_night(cast: Cast) -> None:
    arrive(cast, PRINTER, ago=1, times=3)
    analysed()
    with clock.at(MONDAY):
        for incident in arrive(cast, SWITCH, ago=400, times=5):
            runs.assign(incident)
    assert [one.family.title for one in Candidate.objects.all() if one.family] == [PRINTER]
