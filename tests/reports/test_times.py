"""Times of a problem that was on hold: what counts is the hold before the step, not the one after it."""

from datetime import timedelta

from genyin.base import clock
from genyin.problems import actions as problems
from genyin.problems import queries as asked
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from genyin.reports import queries
from genyin.reports.facts import Clock
from genyin.reports.problem_facts import facts_of
from tests.cast import MONDAY, Cast

ZONE = "Asia/Shanghai"
DAY = 86_400


def on_hold(cast: Cast, problem: Problem, *, since: int, days: int) -> None:
    """Held from so many days after MONDAY, for so many."""
    start = MONDAY + timedelta(days=since)
    with clock.at(start):
        until = (start + timedelta(days=60)).date()
        problems.request_hold(problem, reason="Waits for the vendor.", until=until, by=cast.owner)
        problems.grant_hold(problem, by=cast.lead)
    with clock.at(start + timedelta(days=days)):
        problems.resume(problem, by=cast.lead)


def test_a_hold_takes_off_only_what_came_after_it(cast: Cast) -> None:
    with clock.at(MONDAY):
        problem = cast.at(Stage.INVESTIGATING)
    on_hold(cast, problem, since=1, days=2)  # Tuesday to Thursday
    with clock.at(MONDAY + timedelta(days=4)):
        cast._to_solving(problem, False)
    on_hold(cast, problem, since=7, days=7)  # a week, after the cause was found
    as_of = MONDAY + timedelta(days=30)
    (fact,) = facts_of(Problem.objects.all(), zone=ZONE, as_of=as_of)
    assert fact.worked_to_cause == 2 * DAY
    with clock.at(as_of):
        figures = queries.draft("2026-09", seen_by=cast.lead)
        cause = next(one for one in asked.clocks(problem, now=as_of) if one.code == "cause")
    assert figures.of_month("mean_time_to_cause").value == 2
    assert round(cause.used, 6) == 2


def test_a_later_hold_does_not_make_good_what_was_late(cast: Cast) -> None:
    with clock.at(MONDAY):
        problem = cast.submitted(level="high")
    with clock.at(MONDAY + timedelta(days=3)):  # the target is one day
        problems.dispatch(problem, owner=cast.user("owner"), by=cast.lead)
        problems.accept(problem, by=cast.owner)
    on_hold(cast, problem, since=4, days=14)
    (fact,) = facts_of(Problem.objects.all(), zone=ZONE, as_of=MONDAY + timedelta(days=20))
    assert fact.late_at(Clock.ASSIGNMENT, MONDAY + timedelta(days=20))
    assert not fact.late_at(Clock.CAUSE, MONDAY + timedelta(days=20))  # five days, ten of them on hold


def test_a_hold_that_lasts_stops_the_clocks_that_still_run(cast: Cast) -> None:
    with clock.at(MONDAY):
        problem = cast.at(Stage.INVESTIGATING, level="high")
        problems.request_hold(problem, reason="Vendor.", until=(MONDAY + timedelta(days=60)).date(), by=cast.owner)
        problems.grant_hold(problem, by=cast.lead)
    (fact,) = facts_of(Problem.objects.all(), zone=ZONE, as_of=MONDAY + timedelta(days=40))
    assert not fact.late_at(Clock.CAUSE, MONDAY + timedelta(days=40))
