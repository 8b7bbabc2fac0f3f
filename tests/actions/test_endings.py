"""What ends must end wholly, and come back wholly."""

from datetime import timedelta

import pytest

from genyin.base import clock
from genyin.base.errors import BadInput
from genyin.changes import actions as changes
from genyin.problems import actions as problems
from genyin.problems import points, queries
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from tests.cast import Cast


def test_a_hold_ends_with_the_problem(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.request_hold(problem, reason="Vendor.", until=clock.now().date() + timedelta(days=9), by=cast.owner)
    problems.grant_hold(problem, by=cast.lead)
    with clock.at(clock.now() + timedelta(days=14)):
        problems.cancel(problem, outcome="void", reason="By mistake.", by=cast.lead)
        held = problem.held_days
        then = queries.clocks(problem, now=clock.now())
    problem.refresh_from_db()
    assert (problem.held_since, problem.hold_until, problem.held_days) == (None, None, held)
    assert held == pytest.approx(10)
    assert queries.clocks(problem, now=clock.now() + timedelta(days=90)) == then


def test_a_request_for_a_hold_lapses_with_the_problem(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.request_hold(problem, reason="Vendor.", until=clock.now().date() + timedelta(days=9), by=cast.owner)
    until = clock.now().date() + timedelta(days=30)
    problems.accept_risk(problem, reason="Rare.", until=until, by=cast.lead)
    problems.reopen(problem, reason="It came back.", by=cast.lead)
    assert not problem.flags


def test_two_problems_do_not_become_duplicates_of_each_other(cast: Cast) -> None:
    one, other = cast.submitted(), cast.submitted()
    read_before = Problem.objects.get(pk=one.pk)
    problems.mark_duplicate(one, original=other, by=cast.lead)
    with pytest.raises(BadInput) as refused:
        problems.mark_duplicate(other, original=read_before, by=cast.lead)
    assert refused.value.field == "original"


def test_incidents_come_back_along_a_chain_of_duplicates(cast: Cast) -> None:
    first, second, third = cast.submitted(), cast.submitted(), cast.submitted()
    problems.link_incident(first, linked=[cast.incident()], by=cast.lead)
    problems.mark_duplicate(first, original=second, by=cast.lead)
    problems.mark_duplicate(second, original=third, by=cast.lead)
    problems.reopen(second, reason="It is not.", by=cast.lead)
    assert [p.links.count() for p in (first, second, third)] == [0, 1, 0]
    problems.reopen(first, reason="Nor this.", by=cast.lead)
    assert [p.links.count() for p in (first, second, third)] == [1, 0, 0]


def test_a_change_of_an_earlier_cycle_does_not_answer_for_this_one(cast: Cast) -> None:
    problem = cast.at(Stage.CHANGING)
    old, until = problem.changes.get(), clock.now().date() + timedelta(days=30)
    problems.accept_risk(problem, reason="Rare.", until=until, by=cast.lead)
    problems.reopen(problem, reason="Often after all.", by=cast.lead)
    cast._to_solving(problem, True)
    cast._plan(problem, True)
    old.refresh_from_db()
    changes.record_success(old, by=cast.owner)
    assert "change_outcome" in points.open_codes(problem)


def test_a_number_given_by_hand_is_not_drawn_again(cast: Cast) -> None:
    problem = cast.at(Stage.CHANGING)
    number = problem.changes.get().number
    following = f"{number[:-1]}{int(number[-1]) + 1}"
    changes.raise_change(problem, title="Theirs", number=following, by=cast.owner)
    drawn = changes.raise_change(problem, title="Ours", by=cast.owner)
    assert drawn.number not in {number, following}
