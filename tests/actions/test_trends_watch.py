"""Did the fix work? Judged by when incidents occurred, only where the fix is live; it may not be able to tell."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from genyin.base import clock, events
from genyin.base.errors import BadInput, NotFound
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.reviews.actions import latest_verdict
from genyin.trends import actions, runs, watch
from genyin.trends.models import Watch
from tests.actions.test_trends_runs import SWITCH, analysed
from tests.cast import Cast

DAY = timedelta(days=1)
LIVE = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def occur(cast: Cast, start: float, end: float, *, every: float = 2.0, title: str = SWITCH, **more: Any) -> None:
    """Incidents from `start` to `end` days after the fix went live (negative: before), one every so many days."""
    at = start
    while at < end:
        moment = LIVE + at * DAY
        cast.incident(title, occurred_at=moment, opened_at=moment, received_at=moment, **more)
        at += every


def steady(cast: Cast, start: float, end: float) -> None:
    """The source goes on telling of other things, so that silence is the fault's."""
    occur(cast, start, end, every=0.5, title="Printer out of toner")


def fixed(cast: Cast, **more: Any) -> Problem:
    """A problem on the core switch, its fix live since LIVE."""
    analysed(LIVE - DAY)
    first = Incident.objects.filter(title=SWITCH).order_by("id")[0]
    with clock.at(LIVE - DAY):
        problem = cast.at("solving", incidents_linked=[first])
        cast._plan(problem, change=False)
    with clock.at(LIVE + DAY / 4):
        problems.fix_in_place(problem, kind="fix", live_at=LIVE, by=cast.owner, **more)
    problem.refresh_from_db()
    return problem


def looked(problem: Problem, after: float) -> str:
    """The watch's word so many days after the fix."""
    with clock.at(LIVE + after * DAY):
        analysed(clock.now())
        said = watch.look(problem)
    assert said is not None
    return said.code


def resolved(problem: Problem, cast: Cast) -> Problem:
    """The review has passed, sixteen days after the fix."""
    with clock.at(LIVE + 16 * DAY):
        cast._to_resolved(problem, False)
    problem.refresh_from_db()
    return problem


def test_a_fault_that_no_longer_occurs_has_stopped(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 40)
    problem = fixed(cast)
    assert looked(problem, 30) == "stopped"
    verdict = latest_verdict(problem)
    assert verdict is not None
    assert (verdict.text["observed"], verdict.text["before"]) == (0, 60)
    assert verdict.text["expected"] > 10
    assert verdict.text["days"] == 29


def test_the_day_after_the_fix_it_cannot_tell_and_says_when_it_could(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 40)
    problem = fixed(cast)
    assert looked(problem, 2) == "too_little_data"
    verdict = latest_verdict(problem)
    assert verdict is not None
    assert 3 <= verdict.text["days_needed"] <= 20


def test_a_fault_that_goes_on_is_not_solved(cast: Cast) -> None:
    occur(cast, -120, 40)
    steady(cast, -120, 60)
    problem = fixed(cast)
    assert looked(problem, 35) == "unchanged"


def test_an_incident_told_late_counts_when_it_occurred(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 40)
    problem = fixed(cast)
    assert looked(problem, 30) == "stopped"
    occur(cast, -20.2, -1, every=1.0)  # arrives now, occurred before the fix
    assert looked(problem, 31) == "stopped"


def test_a_source_that_has_ended_proves_nothing(cast: Cast) -> None:
    """As in a real extraction that stops in May: silence of the source is not silence of the fault."""
    occur(cast, -120, -1)
    steady(cast, -120, 4)
    problem = fixed(cast)
    assert looked(problem, 60) == "too_little_data"
    verdict = latest_verdict(problem)
    assert verdict is not None
    assert verdict.text["why"] == "data_ended"


def test_a_problem_without_incidents_before_is_not_applicable(cast: Cast) -> None:
    steady(cast, -120, 40)
    with clock.at(LIVE - DAY):
        problem = cast.at("solving")
        cast._plan(problem, change=False)
    with clock.at(LIVE):
        problems.fix_in_place(problem, kind="preventive", live_at=LIVE, by=cast.owner)
    assert looked(problem, 30) == "not_applicable"


def test_a_site_without_the_fix_does_not_count_against_it(cast: Cast) -> None:
    occur(cast, -120, -1, extra={"site": "North"})
    occur(cast, -119, 50, extra={"site": "South"})
    steady(cast, -120, 60)
    problem = fixed(cast, site="North")
    assert looked(problem, 40) == "stopped"

    with clock.at(LIVE + 41 * DAY):
        problems.add_rollout(problem, kind="fix", live_at=LIVE + 20 * DAY, site="South", by=cast.owner)
    assert looked(problem, 42) != "stopped"


def test_the_review_is_told_once_and_again_when_the_word_changes(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 60)
    problem = fixed(cast)
    for day in (2, 3, 30, 31):
        looked(problem, day)
    told = [event.content.after["verdict"] for event in events.of(problem) if event.verb == "watch.verdict"]
    assert told == ["too_little_data", "stopped"]


def test_a_fault_that_comes_back_proposes_to_reopen_and_a_person_decides(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 90)
    problem = fixed(cast)
    assert looked(problem, 15.5) == "stopped"
    problem = resolved(problem, cast)
    looked(problem, 20)
    assert watch.recurrences(cast.lead) == []

    occur(cast, 25, 30, every=2)
    looked(problem, 32)
    (back,) = watch.recurrences(cast.lead)
    assert (back.problem, back.why, back.seen) == (problem, "came_back", 3)
    looked(problem, 33)
    assert [event.verb for event in events.of(problem)].count("recurrence.proposed") == 1

    with clock.at(LIVE + 33 * DAY):
        problems.reopen(problem, reason="It restarts again.", by=cast.lead)
    assert watch.recurrences(cast.lead) == []


def test_a_problem_that_was_reopened_during_the_look_is_not_proposed_for_reopening(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 90)
    problem = fixed(cast)
    assert looked(problem, 15.5) == "stopped"
    read_before = resolved(problem, cast)
    occur(cast, 25, 30, every=2)
    with clock.at(LIVE + 31 * DAY):
        problems.reopen(Problem.objects.get(pk=problem.pk), reason="It restarts again.", by=cast.lead)
    looked(read_before, 32)
    assert "recurrence.proposed" not in [event.verb for event in events.of(problem)]


def test_a_recurrence_that_is_left_comes_again_only_when_more_has_come(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 120)
    problem = fixed(cast)
    looked(problem, 15.5)
    problem = resolved(problem, cast)
    occur(cast, 25, 30, every=2)
    looked(problem, 32)

    one = watch.recurrence_of(problem.ref, seen_by=cast.lead)
    with pytest.raises(BadInput):
        actions.leave_closed(one, reason=" ", by=cast.lead)
    actions.leave_closed(one, reason="A test of the spare switch.", by=cast.lead)
    assert watch.recurrences(cast.lead) == []
    looked(problem, 34)
    assert watch.recurrences(cast.lead) == []

    occur(cast, 36, 40, every=2)
    looked(problem, 45)
    assert [one.seen for one in watch.recurrences(cast.lead)] == [5]


def test_recurrences_of_another_customer_are_not_shown(cast: Cast) -> None:
    occur(cast, -120, 60)
    steady(cast, -120, 60)
    problem = fixed(cast)
    looked(problem, 15.5)
    Problem.objects.filter(pk=problem.pk).update(stage="resolved")
    looked(Problem.objects.get(pk=problem.pk), 50)
    assert len(watch.recurrences(cast.first_line)) == 1
    assert watch.recurrences(cast.harbour_first_line) == []
    assert watch.recurrences(cast.representative) == []
    with pytest.raises(NotFound):
        watch.recurrence_of(problem.ref, seen_by=cast.city_first_line)


def test_the_chart_shows_what_was_to_be_expected(cast: Cast) -> None:
    occur(cast, -140, -1)
    steady(cast, -140, 60)
    problem = fixed(cast)
    with clock.at(LIVE + 30 * DAY):
        analysed(clock.now())
        bins = watch.series(problem, seen_by=cast.first_line)
        hidden = watch.series(problem, seen_by=cast.harbour_first_line)
    before, after = [one for one in bins if not one.live], [one for one in bins if one.live]
    assert sum(one.count for one in before) == 70
    assert [one.count for one in after] == [0, 0, 0]
    assert [one.days for one in after] == [14, 14, 1]
    assert after[0].expected == pytest.approx(7, abs=1)
    assert all(one.expected is not None for one in before[-3:])
    assert sum(one.count for one in hidden) == 0


def test_the_daily_look_takes_every_problem_under_watch_until_its_days_are_over(cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 60)
    fixed(cast)
    with clock.at(LIVE + 30 * DAY):
        assert watch.look_at_all() == 1
    with clock.at(LIVE + 181 * DAY):
        assert watch.look_at_all() == 0
    assert Watch.objects.get().ends_at == LIVE + 180 * DAY


def test_reactions_take_the_event_and_may_run_twice(cast: Cast) -> None:
    """What wiring names: a fix that goes live starts the watch; a single arrival gets its family and is looked at."""
    occur(cast, -120, -1)
    steady(cast, -120, 60)
    problem = fixed(cast)
    live = next(event for event in events.of(problem) if event.verb == "fix.in_place")
    with clock.at(LIVE + 3 * DAY):
        for _twice in range(2):
            watch.start(live)
    assert Watch.objects.get().code == "too_little_data"

    with clock.at(LIVE + 30 * DAY):
        told = IncidentData(
            source="desk", external_id="late-1", title=SWITCH, service="network", state=State.OPEN,
            occurred_at=LIVE + 20 * DAY, opened_at=LIVE + 20 * DAY,
        )  # fmt: skip
        incident, _result = incidents.receive(told, by=cast.first_line)
        arrived = events.of(incident).get(verb="incident.received")
        for _twice in range(2):
            runs.received(arrived)
            watch.look_again(arrived)
    verdict = latest_verdict(problem)
    assert verdict is not None
    assert verdict.text["observed"] == 1
    assert incident.membership.family.title == SWITCH
    assert events.of(problem).filter(verb="watch.verdict").count() == 2
