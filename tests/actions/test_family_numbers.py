"""The number of a family is never used again: where it is left without members, it leads to where they went."""

import pytest

from genyin.base.errors import NotFound
from genyin.trends import corrections, queries
from genyin.trends.models import Decision, Family, FamilyMember
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import Cast

BADGE = "Badge reader at the north gate stays red"


def apart(cast: Cast, *titles: str) -> list[Family]:
    """A family of each, in that order."""
    for title in titles:
        arrive(cast, title, ago=3, times=4)
    analysed()
    return [Family.objects.get(title=title) for title in titles]


def test_a_number_leads_through_every_merge_to_the_family_of_today(cast: Cast) -> None:
    switch, printer, badge = apart(cast, SWITCH, PRINTER, BADGE)
    corrections.merge(printer, other=badge, by=cast.lead)
    corrections.merge(switch, other=printer, by=cast.lead)
    assert [queries.family(one.ref, seen_by=cast.lead) for one in (switch, printer, badge)] == [switch] * 3
    analysed()
    assert queries.family(badge.ref, seen_by=cast.lead) == switch


def test_a_number_that_an_analysis_emptied_leads_to_where_most_members_went(cast: Cast) -> None:
    (switch,) = apart(cast, SWITCH)
    emptied = Family.objects.create(
        number=900, service=switch.service, title=SWITCH, first_at=switch.first_at, last_at=switch.last_at, size=1
    )
    FamilyMember.objects.filter(pk=switch.members.latest("pk").pk).update(family=emptied)
    analysed()
    assert queries.family(emptied.ref, seen_by=cast.lead) == switch


def test_who_does_not_see_where_it_leads_is_told_of_nothing(cast: Cast) -> None:
    switch, printer = apart(cast, SWITCH, PRINTER)
    corrections.merge(switch, other=printer, by=cast.lead)
    with pytest.raises(NotFound):
        queries.family(printer.ref, seen_by=cast.city_first_line)


def test_what_is_tied_already_is_not_tied_again(cast: Cast) -> None:
    switch, printer, badge = apart(cast, SWITCH, PRINTER, BADGE)
    corrections.merge(switch, other=printer, by=cast.lead)
    corrections.merge(switch, other=badge, by=cast.lead)
    assert Decision.objects.count() == 11  # twelve incidents, each but one tied to that one
