"""What rises in the product: families, services, their explanation, and who may see it."""

from datetime import timedelta
from typing import Any

import pytest

from genyin.base.actor import job
from genyin.changes.actions import raise_change
from genyin.changes.models import Change
from genyin.problems.models import Problem
from genyin.trends import queries, rising, runs
from genyin.trends.models import Candidate, Family, Run
from tests.actions.test_trends_runs import DAY, PRINTER, SWITCH, analysed, arrive
from tests.cast import MONDAY, Cast

SINCE = (MONDAY - 10 * DAY).date()


@pytest.fixture
def risen(cast: Cast) -> Family:
    """Twice a day for ten days, on another machine, after once in six days."""
    for ago in range(1, 240, 6):
        arrive(cast, PRINTER, ago=ago + 0.5)
    for ago in range(20, 240, 6):
        arrive(cast, SWITCH, ago=ago, category="network")
    for ago in range(1, 11):
        arrive(cast, f"{SWITCH} after firmware upgrade", ago=ago - 0.4, times=2, category="firmware")
    analysed()
    return Family.objects.get(rise__isnull=False)


def test_a_family_that_rises_says_since_when_and_how_much_more_than_expected(cast: Cast, risen: Family) -> None:
    assert risen.title.startswith(SWITCH)
    assert risen.rise is not None
    assert (risen.rise["from"], risen.rise["observed"]) == (SINCE.isoformat(), 20)
    assert risen.rise["low"] <= risen.rise["expected"] < 4
    assert 3 < risen.rise["ratio_low"] < risen.rise["ratio"] < risen.rise["ratio_high"]
    assert Run.objects.get().rising == 1
    assert "rise" in Candidate.objects.get(family=risen).rules


def test_it_says_what_is_more_frequent_in_the_rise(cast: Cast, risen: Family) -> None:
    assert risen.rise is not None
    more = {(field, value): counts for field, value, *counts in risen.rise["more"]}
    assert more["category", "firmware"][:2] == [20, 20]
    assert more["category", "firmware"][2] == 0
    assert ("word", "firmware") in more
    assert ("word", "switch") not in more


def test_what_it_says_is_the_same_when_the_run_is_made_again(cast: Cast, risen: Family) -> None:
    before = risen.rise
    analysed()
    risen.refresh_from_db()
    assert risen.rise == before


def test_many_incidents_of_one_bad_day_are_no_rise(cast: Cast) -> None:
    for ago in range(20, 240, 6):
        arrive(cast, SWITCH, ago=ago)
        arrive(cast, PRINTER, ago=ago - 17)
    arrive(cast, SWITCH, ago=2, times=20)
    assert analysed().run.rising == 0


def test_a_replay_of_an_earlier_day_sees_the_rise_that_was_on_then(cast: Cast, risen: Family) -> None:
    runs.run(by=job("trends"), until=MONDAY - 15 * DAY)
    assert not Family.objects.exclude(rise=None).exists()


def test_a_service_that_rises_is_told_to_those_who_see_the_service(cast: Cast, risen: Family) -> None:
    for actor in (cast.lead, cast.first_line):
        found = {(one.service, one.category): one for one in rising.services(Run.objects.get(), seen_by=actor)}
        assert found.keys() == {("network", ""), ("network", "firmware")}
        assert found[("network", "firmware")].since == SINCE
        assert found[("network", "")].rise["observed"] >= 20
    assert rising.services(Run.objects.get(), seen_by=cast.harbour_first_line) == []
    assert rising.services(Run.objects.get(), seen_by=cast.representative) == []


def test_a_rise_is_told_to_nobody_who_sees_a_part_of_it(cast: Cast, risen: Family) -> None:
    (whole,) = queries.described([queries.family(risen.ref, seen_by=cast.lead)], seen_by=cast.lead)
    assert whole.rise is not None
    incident = cast.incident(SWITCH, service="warehouse", occurred_at=MONDAY - 3 * DAY)
    risen.members.create(incident=incident)
    (part,) = queries.described([queries.family(risen.ref, seen_by=cast.first_line)], seen_by=cast.first_line)
    assert (part.partly, part.rise) == (True, None)


def change(cast: Cast, title: str, *, ago: float, service: str = "network", **more: Any) -> Change:
    """A change that went in so many days before Monday."""
    made = raise_change(cast.at("changing"), title=title, by=cast.owner)
    told = {"implemented_at": MONDAY - ago * DAY, "state": "succeeded", **more}
    Change.objects.filter(pk=made.pk).update(**told)
    Problem.objects.filter(pk=made.problem_id).update(service=cast.services[service], owner=cast.user("deputy"))
    return made


def test_changes_just_before_are_named_those_of_the_service_first(cast: Cast, risen: Family) -> None:
    change(cast, "Firmware 4.2", ago=12)
    change(cast, "New cabling", ago=11)
    change(cast, "Too long ago", ago=40)
    change(cast, "Afterwards", ago=5)
    change(cast, "Never done", ago=11, state="cancelled")
    found = rising.changes_before(SINCE, risen.service_id, seen_by=cast.lead)
    assert [one.title for one in found] == ["New cabling", "Firmware 4.2"]
    other = rising.changes_before(SINCE + timedelta(days=5), risen.service_id + 999, seen_by=cast.lead)
    assert [one.title for one in other] == ["Afterwards", "New cabling", "Firmware 4.2"]


def test_changes_of_another_customer_are_not_named(cast: Cast, risen: Family) -> None:
    change(cast, "New crane", ago=11, service="warehouse")
    assert [one.title for one in rising.changes_before(SINCE, risen.service_id, seen_by=cast.lead)] == ["New crane"]
    assert rising.changes_before(SINCE, risen.service_id, seen_by=cast.harbour_first_line)
    assert rising.changes_before(SINCE, risen.service_id, seen_by=cast.first_line) == []
    assert rising.changes_before(SINCE, risen.service_id, seen_by=cast.representative) == []


@pytest.fixture
def from_nothing(cast: Cast) -> Family:
    """Twice a day for ten days, on a machine that had no incident before."""
    for ago in range(1, 240, 6):
        arrive(cast, PRINTER, ago=ago + 0.5)
    for ago in range(1, 11):
        arrive(cast, SWITCH, ago=ago - 0.4, times=2)
    analysed()
    return Family.objects.get(rise__isnull=False)


def test_what_rises_from_nothing_is_told_without_an_upper_end(cast: Cast, from_nothing: Family) -> None:
    rise = from_nothing.rise
    assert rise is not None
    assert (rise["observed"], rise["ratio_high"]) == (20, None)
    assert rise["past"] > 200
