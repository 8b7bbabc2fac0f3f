"""A change has the number of its own system: two customers' systems may give the same one, and neither learns of it."""

import pytest

from genyin.base.errors import BadInput, Conflict, NotFound
from genyin.changes import queries
from genyin.changes.actions import raise_change
from genyin.changes.models import Change
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from tests.cast import Cast


@pytest.fixture
def cranes(cast: Cast) -> Problem:
    """Another customer's problem with the change CHG-1."""
    problem = cast.at("changing", title="Crane stands still", service="warehouse")
    raise_change(problem, title="New crane", number="CHG-1", by=cast.owner)
    return problem


def test_a_number_that_another_customer_has_is_free(cast: Cast, cranes: Problem) -> None:
    Problem.objects.filter(pk=cranes.pk).update(owner=cast.user("lead"))  # the owner saw it by their part alone
    mine = raise_change(cast.at("changing"), title="New switch", number="CHG-1", by=cast.owner)
    assert queries.get("CHG-1", seen_by=cast.owner) == mine
    assert queries.get("CHG-1", seen_by=cast.harbour_first_line).problem == cranes


def test_who_sees_both_names_the_problem_too(cast: Cast, cranes: Problem) -> None:
    Problem.objects.filter(pk=cranes.pk).update(owner=cast.user("lead"))
    mine = raise_change(cast.at("changing"), title="New switch", number="CHG-1", by=cast.owner)
    with pytest.raises(NotFound):
        queries.get("CHG-1", seen_by=cast.lead)
    assert queries.get(f"CHG-1@{mine.problem.number}", seen_by=cast.lead) == mine
    assert queries.get(f"CHG-1@{cranes.number}", seen_by=cast.lead).problem == cranes
    with pytest.raises(NotFound):
        queries.get(f"CHG-1@{cranes.number}", seen_by=cast.owner)


def test_a_number_that_one_sees_is_linked_once(cast: Cast, cranes: Problem) -> None:
    with pytest.raises(BadInput) as refused:
        raise_change(cast.at("changing"), title="New switch", number="CHG-1", by=cast.owner)
    assert refused.value.field == "number"
    assert Change.objects.filter(number="CHG-1").count() == 1


def test_of_two_who_link_one_number_at_once_the_slower_is_told(cast: Cast) -> None:
    first = cast.at("changing")
    second = problems.get(first.number, seen_by=cast.owner)
    raise_change(first, title="New switch", number="CHG-1", by=cast.owner)
    with pytest.raises(Conflict):
        raise_change(second, title="New switch", number="CHG-1", by=cast.owner)
