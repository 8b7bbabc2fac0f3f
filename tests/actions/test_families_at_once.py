"""Two people correct families at the same moment: the second sees what the first did, and neither waits for ever."""

import pytest

from genyin.base import events
from genyin.base.errors import BadInput
from genyin.incidents.models import Incident
from genyin.trends import corrections
from genyin.trends.models import Family, Run
from tests.actions.at_once import at_once, in_turn
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import Cast

pytestmark = pytest.mark.fault


@pytest.fixture
def families(committed_cast: Cast) -> list[Family]:
    """Two families of five."""
    arrive(committed_cast, SWITCH, ago=3, times=5)
    arrive(committed_cast, PRINTER, ago=3, times=5)
    analysed()
    return list(Family.objects.order_by("id"))


def test_an_incident_leaves_its_family_once(committed_cast: Cast, families: list[Family]) -> None:
    family, cast = families[0], committed_cast
    incident = _members(family)[0]
    (refused,) = in_turn(
        lambda: corrections.not_same(family, incident=incident, by=cast.lead),
        lambda: corrections.not_same(family, incident=incident, by=cast.deputy),
    )
    assert isinstance(refused, BadInput)
    family.refresh_from_db()
    assert family.size == len(_members(family)) == 4
    assert events.of(family).filter(verb="family.parted").count() == 1


def test_incidents_that_change_places_do_not_wait_for_each_other(committed_cast: Cast, families: list[Family]) -> None:
    here, there = families
    lead, deputy = committed_cast.lead, committed_cast.deputy
    for mine, yours in zip(_members(here)[1:], _members(there)[1:], strict=True):
        refused = at_once(
            lambda yours=yours: corrections.same(here, incident=yours, by=lead),  # type: ignore[misc]
            lambda mine=mine: corrections.same(there, incident=mine, by=deputy),  # type: ignore[misc]
        )
        assert refused == []
    for family in families:
        family.refresh_from_db()
        assert family.size == len(_members(family)) == 5
    assert events.verify().first_broken is None


@pytest.mark.parametrize("is_first", [True, False])
def test_an_analysis_that_another_was_quicker_than_is_made_again(committed_cast: Cast, is_first: bool) -> None:
    if not is_first:
        arrive(committed_cast, "Payroll export is late", ago=3, times=5)
        analysed()
    arrive(committed_cast, PRINTER, ago=3, times=5)

    def later() -> None:
        arrive(committed_cast, SWITCH, ago=10, times=10)  # these come before the others in what it reads
        analysed()

    before, runs = set(Family.objects.values_list("number", "title")), Run.objects.count()
    assert in_turn(analysed, later) == []
    found = dict(Family.objects.values_list("number", "title"))
    assert before <= set(found.items())
    assert sorted(found) == list(range(1, len(before) + 3))
    quicker = Run.objects.order_by("id")[runs]
    # On SQLite nobody waits in a queue, so there the second may have been the quicker one.
    if quicker.incidents < Incident.objects.count():
        assert [str(one.family.title) for one in quicker.found.all() if one.family] == [PRINTER]


def _members(family: Family) -> list[Incident]:
    return list(Incident.objects.filter(membership__family=family).order_by("id"))
