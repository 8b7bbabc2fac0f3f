"""The number of a family is never used again: where it is left without members, it leads to where they went."""

from importlib import import_module

import pytest
from django.apps import apps

from genyin.base.errors import NotFound
from genyin.trends import actions, corrections, queries
from genyin.trends.models import Candidate, CandidateState, Decision, Family, FamilyMember
from genyin.trends.runs import turns
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


def test_a_family_that_has_members_again_leads_nowhere(cast: Cast) -> None:
    """Otherwise two that went into each other, one after the other, would lead round and round."""
    switch, printer = apart(cast, SWITCH, PRINTER)
    Family.objects.filter(pk=printer.pk).update(became=switch)
    analysed()
    corrections.merge(printer, other=switch, by=cast.lead)
    Family.objects.filter(pk=printer.pk).update(retired_at=printer.last_at)
    assert Family.objects.get(pk=printer.pk).became is None
    with pytest.raises(NotFound):
        queries.family(switch.ref, seen_by=cast.lead)


@pytest.mark.parametrize("verb", ["merge", "same", "not_same"])
def test_a_word_on_families_waits_for_the_analysis_that_is_writing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """An analysis that has looked for decisions already would write over what is decided while it writes."""
    switch, printer = apart(cast, SWITCH, PRINTER)
    incident = switch.members.latest("pk").incident
    waited: list[str] = []
    monkeypatch.setattr(turns, "take", lambda: waited.append(verb))
    if verb == "merge":
        corrections.merge(switch, other=printer, by=cast.lead)
    else:
        getattr(corrections, verb)(switch, incident=incident, by=cast.lead)
    assert waited == [verb]


def test_what_was_dismissed_is_not_proposed_again_under_the_number_it_went_into(cast: Cast) -> None:
    switch, printer = apart(cast, SWITCH, PRINTER)
    for candidate in Candidate.objects.filter(state=CandidateState.OPEN):
        actions.dismiss_candidate(candidate, reason="Known.", by=cast.lead)
    last = Candidate.objects.latest("pk")
    corrections.merge(switch, other=printer, by=cast.lead)
    analysed()
    assert not Candidate.objects.filter(state=CandidateState.OPEN).exists()
    arrive(cast, SWITCH, ago=1, times=4)
    analysed()
    again = Candidate.objects.get(state=CandidateState.OPEN)
    assert (again.family, again.again) == (switch, last)


def test_a_dismissal_goes_with_a_family_into_one_that_nobody_decided_on(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=8)
    arrive(cast, PRINTER, ago=3, times=2)
    analysed()
    actions.dismiss_candidate(Candidate.objects.get(state=CandidateState.OPEN), reason="Known.", by=cast.lead)
    switch, printer = (Family.objects.get(title=title) for title in (SWITCH, PRINTER))
    corrections.merge(printer, other=switch, by=cast.lead)
    analysed()
    assert not Candidate.objects.filter(state=CandidateState.OPEN).exists()


def test_what_is_proposed_of_a_family_stays_proposed_when_it_is_merged_away(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=4)
    arrive(cast, PRINTER, ago=3, times=2)
    analysed()
    switch, printer = (Family.objects.get(title=title) for title in (SWITCH, PRINTER))
    corrections.merge(printer, other=switch, by=cast.lead)
    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert seen.family is not None
    assert seen.family.ref == printer.ref
    analysed()
    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert seen.count == 6


def test_what_is_watched_of_a_family_stays_watched_when_it_is_merged_away(cast: Cast) -> None:
    switch, printer = apart(cast, SWITCH, PRINTER)
    watched = Candidate.objects.get(family=printer)
    actions.watch_candidate(watched, reason="A new one is ordered.", by=cast.lead)
    corrections.merge(switch, other=printer, by=cast.lead)
    listed = queries.explained(queries.candidates(cast.lead, state=CandidateState.WATCHING), seen_by=cast.lead)
    assert [(one.ref, one.family and one.family.ref) for one in listed] == [(watched.ref, switch.ref)]


def test_what_was_merged_before_this_was_kept_leads_on_too(cast: Cast) -> None:
    switch, printer = apart(cast, SWITCH, PRINTER)
    corrections.merge(switch, other=printer, by=cast.lead)
    Family.objects.update(became=None)
    import_module("genyin.trends.migrations.0006_decided_before").lead_on(apps, None)
    assert queries.family(printer.ref, seen_by=cast.lead) == switch
