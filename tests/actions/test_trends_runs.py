"""The trend analysis: families, rises, candidates with their reasons."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from genyin.base import clock, events
from genyin.base.actor import job
from genyin.base.errors import NotAllowed
from genyin.base.models import Event
from genyin.incidents.models import Incident
from genyin.problems import actions as problems
from genyin.trends import actions, queries, runs
from genyin.trends.models import Candidate, CandidateState, Family, Run
from genyin.trends.runs import RunResult
from tests.cast import MONDAY, Cast

SWITCH = "Core switch restarts and the ward loses network"
PRINTER = "Label printer prints empty labels"
DAY = timedelta(days=1)


def arrive(cast: Cast, title: str, *, ago: float, times: int = 1, **more: Any) -> list[Incident]:
    """Incidents of one kind, one an hour, the last of them `ago` days before Monday."""
    moments = [MONDAY - ago * DAY - timedelta(hours=n) for n in range(times)]
    return [cast.incident(title, occurred_at=at, opened_at=at, **more) for at in moments]


def analysed(moment: datetime = MONDAY) -> RunResult:
    with clock.at(moment):
        return runs.run(by=job("trends"))


def test_three_alike_in_thirty_days_are_a_candidate_that_says_why(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=3)
    arrive(cast, PRINTER, ago=5, times=2)

    result = analysed()

    assert (result.incidents, result.families, result.candidates) == (5, 2, 1)
    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert seen.rules == ("count",)
    assert (seen.count, seen.at_least, seen.title) == (3, 3, SWITCH)
    assert (seen.until - seen.since).days == 29
    assert seen.family is not None
    assert "switch" in seen.family.terms


def test_what_lies_longer_than_thirty_days_apart_is_no_candidate(cast: Cast) -> None:
    for ago in (1, 40, 80):
        arrive(cast, SWITCH, ago=ago)
    result = analysed()
    assert (result.families, result.candidates) == (1, 0)


def test_test_tickets_and_cancelled_incidents_are_not_counted(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=2)
    arrive(cast, SWITCH, ago=3, times=2, environment="test")
    arrive(cast, SWITCH, ago=4, times=2, state="canceled")
    assert analysed().incidents == 2
    assert not Candidate.objects.exists()


def test_a_major_incident_is_a_candidate_by_itself_and_only_once(cast: Cast) -> None:
    arrive(cast, "Data centre lost power", ago=1, is_major=True)
    assert analysed().candidates == 1
    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert (seen.rules, seen.family, seen.title) == (("major",), None, "Data centre lost power")

    actions.dismiss_candidate(seen.candidate, reason="The power company's, not ours.", by=cast.lead)
    assert analysed().candidates == 0


def test_families_keep_their_numbers_when_more_arrives(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3)
    arrive(cast, PRINTER, ago=3, times=2)
    analysed()
    before = dict(Family.objects.values_list("title", "number"))

    arrive(cast, PRINTER, ago=1, times=9)
    analysed()

    assert dict(Family.objects.values_list("title", "number")) == before
    assert Family.objects.get(title=PRINTER).size == 11


def test_a_run_is_one_event_and_finding_nothing_is_evidence_too(cast: Cast) -> None:
    before = Event.objects.count()
    result = analysed()
    assert (result.incidents, result.candidates) == (0, 0)
    assert list(Event.objects.order_by("seq").values_list("verb", flat=True)[before:]) == ["trend.run"]

    run = actions.conclude_run(result.run, conclusion="Nothing stands out this month.", by=cast.lead)
    assert (run.concluded_by, run.conclusion) == ("lead", "Nothing stands out this month.")
    assert [event.verb for event in events.of(run)] == ["trend.run", "trend.concluded"]


def test_first_line_does_not_run_the_analysis(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        runs.run(by=cast.first_line)
    assert not Run.objects.exists()


def test_what_was_dismissed_comes_back_only_when_it_has_grown_by_half(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=5, times=4)
    analysed()
    first = Candidate.objects.get()
    actions.dismiss_candidate(first, reason="Planned work of the carrier.", by=cast.lead)

    arrive(cast, SWITCH, ago=2)
    assert analysed().candidates == 0

    arrive(cast, SWITCH, ago=1)
    assert analysed().candidates == 1
    again = Candidate.objects.get(state=CandidateState.OPEN)
    assert again.again == first
    assert first.reason == "Planned work of the carrier."


def test_a_candidate_still_open_is_renewed_and_not_listed_twice(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=5, times=3)
    analysed()
    arrive(cast, SWITCH, ago=2, times=2)
    assert analysed().candidates == 0
    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert seen.count == 5


def test_a_family_with_an_open_problem_proposes_to_link_what_came_since(cast: Cast) -> None:
    first, *_rest = arrive(cast, SWITCH, ago=9, times=2)
    with clock.at(MONDAY):
        problem = cast.submitted(incidents_linked=[first])
    arrive(cast, SWITCH, ago=2, times=3)
    analysed()

    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert (seen.proposes, seen.problem, seen.count) == ("link", problem, 4)

    with clock.at(MONDAY):
        actions.link_candidate(seen.candidate, problem=problem, by=cast.lead)
    assert problem.links.count() == 5
    assert analysed().candidates == 0


def test_what_somebody_said_is_no_problem_is_not_proposed_by_the_next_incident(cast: Cast) -> None:
    first, *_rest = arrive(cast, SWITCH, ago=9, times=7)
    with clock.at(MONDAY - 8 * DAY):
        problem = cast.submitted(incidents_linked=[first])
        problems.cancel(problem, outcome="not_a_problem", reason="As designed.", by=cast.lead)
    arrive(cast, SWITCH, ago=2, times=3)
    assert analysed().candidates == 0
    arrive(cast, SWITCH, ago=1, times=4)
    assert analysed().candidates == 1


def test_incidents_without_text_are_grouped_by_their_codes(cast: Cast) -> None:
    coded = {"category": "Category 26", "subcategory": "Subcategory 174", "symptom": "Symptom 491"}
    other = {**coded, "symptom": "Symptom 12", "subcategory": "Subcategory 9"}
    arrive(cast, "Category 26 / Subcategory 174 / Symptom 491", ago=2, times=3, **coded)
    arrive(cast, "Category 26 / Subcategory 9 / Symptom 12", ago=2, times=4, **other)
    assert analysed().families == 2


def test_an_extraction_that_ended_is_no_data(cast: Cast) -> None:
    """The old system's incidents end in May: they are judged in their own time, and neither rise nor fall after it."""
    for ago in range(120, 200):
        arrive(cast, SWITCH, ago=ago, source="old")
    for ago in range(0, 100, 2):
        arrive(cast, PRINTER, ago=ago + 0.5)
    result = analysed()
    assert result.run.sources["old"]["to"] == str((MONDAY - 120 * DAY).date())
    seen = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    old = next(one for one in seen if one.title == SWITCH)
    assert old.until == (MONDAY - 120 * DAY).date()
    assert old.rise is None


def test_what_an_old_source_holds_back_is_not_let_through_by_the_next_run(cast: Cast) -> None:
    for place in ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"):
        arrive(cast, f"{place} {place}ware crashed in {place}ville", ago=900, times=3, source="old")
    arrive(cast, PRINTER, ago=2, times=2)
    first, second = analysed(), analysed()
    assert (first.candidates, first.run.held_back) == (5, 3)
    assert (second.candidates, second.run.held_back) == (0, 3)


def test_the_list_is_short_and_says_what_it_holds_back(cast: Cast) -> None:
    places = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"]
    for place in places:
        arrive(cast, f"{place} {place}ware crashed in {place}ville", ago=3, times=3)
    result = analysed()
    assert (result.candidates, result.run.held_back) == (5, 3)
    assert analysed().candidates == 0


def test_replaying_the_past_sees_nothing_that_came_later(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=40, times=2)
    arrive(cast, SWITCH, ago=1, times=5)
    with clock.at(MONDAY):
        result = runs.run(by=cast.lead, until=MONDAY - 30 * DAY)
    assert (result.incidents, result.candidates) == (2, 0)


def test_two_closed_without_a_cause_are_a_candidate_before_there_are_three(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=2, resolution_code="Solved (Work Around)")
    arrive(cast, PRINTER, ago=2, times=2, resolution_code="Solved (Permanently)")
    assert analysed().candidates == 1
    (seen,) = queries.explained(queries.candidates(cast.lead), seen_by=cast.lead)
    assert (seen.title, seen.rules, seen.unresolved) == (SWITCH, ("unresolved",), 2)
