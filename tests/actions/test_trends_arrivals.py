"""An incident that arrives gets its family at once, and a family that grows may be a candidate at once."""

from typing import Any

import numpy as np

from genyin.base import clock
from genyin.base.models import Event
from genyin.sift.group import ALONE
from genyin.trends import actions, runs
from genyin.trends.models import Candidate, Family
from genyin.trends.runs import families, reading
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
