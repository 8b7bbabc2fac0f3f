"""Rows are locked before the chain's head. Two verbs that took them the other way round deadlocked on PostgreSQL."""

import pytest

from genyin.base import clock, events
from genyin.base.actor import job
from genyin.base.errors import Conflict
from genyin.changes import actions as changes
from genyin.changes.history import receive_changes
from genyin.incidents.data import ChangeData, KnownErrorData, ProblemData
from genyin.knowledge import actions as knowledge
from genyin.knowledge.history import receive_known_errors
from genyin.knowledge.models import KnownError
from genyin.problems.actions.history import receive_problems
from genyin.problems.models import Problem
from genyin.procedure.models import Counter
from genyin.trends import actions as trends
from genyin.trends.models import Candidate, CandidateState
from tests.actions.at_once import in_turn
from tests.actions.test_trends_runs import SWITCH, analysed, arrive
from tests.cast import Cast

pytestmark = pytest.mark.fault
IMPORT = job("import")


def test_problems_are_imported_beside_a_registration(committed_cast: Cast) -> None:
    cast = committed_cast
    ours = cast.submitted().number  # so that the counter of this month is there
    rows = [
        ProblemData(
            source="desk", external_id=f"{ours[:-3]}{number}", title="Old", service="network",
            registered_at=clock.now(),
        )
        for number in (501, 502)
    ]  # fmt: skip
    assert in_turn(lambda: receive_problems(rows, source="desk", by=IMPORT), lambda: cast.submitted(title="New")) == []
    assert Problem.objects.count() == 4
    assert cast.submitted().number > rows[-1].external_id
    assert events.verify().first_broken is None


def test_known_errors_are_imported_beside_one_that_is_published(committed_cast: Cast) -> None:
    cast = committed_cast
    first = knowledge.publish_known_error(cast.at("solving"), symptom="It restarts.", by=cast.owner).number
    other = cast.at("solving")
    rows = [
        KnownErrorData(source="desk", external_id=f"{first[:-3]}{number}", title="Old", service="network")
        for number in (501, 502)
    ]
    refused = in_turn(
        lambda: receive_known_errors(rows, source="desk", by=IMPORT),
        lambda: knowledge.publish_known_error(other, symptom="It beeps.", by=cast.owner),
    )
    assert refused == []
    assert KnownError.objects.count() == 4
    assert events.verify().first_broken is None


def test_changes_are_imported_beside_one_that_is_raised(committed_cast: Cast) -> None:
    cast = committed_cast
    imported, other = cast.submitted(), cast.at("changing")
    Problem.objects.filter(pk=imported.pk).update(is_imported=True)
    first = other.changes.get().number
    rows = [
        ChangeData(
            source="desk", external_id=f"{first[:-1]}{int(first[-1]) + n}", title="Old", problem_number=imported.number
        )
        for n in (1, 2)
    ]
    refused = in_turn(
        lambda: receive_changes(rows, source="desk", by=IMPORT),
        lambda: changes.raise_change(other, title="Another upgrade", by=cast.owner),
    )
    assert refused == []
    assert events.verify().first_broken is None


def test_an_imported_number_that_a_registration_is_about_to_draw_keeps_nobody_waiting(committed_cast: Cast) -> None:
    cast = committed_cast
    ours = cast.submitted().number
    following = f"{ours[:-3]}{int(ours[-3:]) + 1:03d}"
    row = ProblemData(
        source="desk", external_id=following, title="Old", service="network", registered_at=clock.now()
    )  # fmt: skip
    refused = in_turn(
        lambda: cast.submitted(title="New"),
        lambda: receive_problems([row], source="desk", by=IMPORT),
        held=Counter.objects.filter(series="problem"),
    )
    assert refused == []
    assert Problem.objects.filter(number=following).count() == 1
    assert events.verify().first_broken is None


@pytest.mark.parametrize("is_of_the_same_problem", [True, False])
def test_an_imported_number_that_a_known_error_is_about_to_draw_keeps_nobody_waiting(
    committed_cast: Cast, is_of_the_same_problem: bool
) -> None:
    cast = committed_cast
    first = knowledge.publish_known_error(cast.at("solving"), symptom="It restarts.", by=cast.owner).number
    other = cast.at("solving")
    following = f"{first[:-3]}{int(first[-3:]) + 1:03d}"
    row = KnownErrorData(
        source="desk", external_id=following, title="Old", service="network", retired=True,
        problem_number=other.number if is_of_the_same_problem else "",
    )  # fmt: skip
    refused = in_turn(
        lambda: knowledge.publish_known_error(other, symptom="It beeps.", by=cast.owner),
        lambda: receive_known_errors([row], source="desk", by=IMPORT),
        held=Counter.objects.filter(series="known_error"),
    )
    assert refused == []
    assert KnownError.objects.filter(number=following).count() == 1
    assert events.verify().first_broken is None


@pytest.mark.parametrize("way", ["accept", "link"])
def test_one_lead_takes_a_candidate_while_another_dismisses_it(committed_cast: Cast, way: str) -> None:
    cast = committed_cast
    arrive(cast, SWITCH, ago=3, times=3)
    analysed()
    candidate, problem = Candidate.objects.get(), cast.submitted()
    late = Candidate.objects.get()

    def take() -> None:
        if way == "link":
            trends.link_candidate(candidate, problem=problem, by=cast.lead)
        else:
            trends.accept_candidate(candidate, title="Restarts", category="hardware", level="medium", by=cast.lead)

    (refused,) = in_turn(take, lambda: trends.dismiss_candidate(late, reason="Planned.", by=cast.deputy))
    # On SQLite nobody waits in a queue, so there either of them may be the first.
    assert isinstance(refused, Conflict)
    assert Candidate.objects.get().state in (CandidateState.ACCEPTED, CandidateState.DISMISSED)
    assert events.verify().first_broken is None
