"""A known error is retired when the fix is everywhere: usually after its problem was closed."""

from datetime import timedelta

import pytest

from genyin.base import clock, events
from genyin.base.errors import BadInput, NotAllowed
from genyin.knowledge import actions as knowledge
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem, RegisterEntry
from genyin.reports import actions as reports
from tests.cast import Cast


@pytest.fixture
def known(cast: Cast) -> KnownError:
    """The active known error of a problem that was solved, filed and closed."""
    problem = cast.at("solving")
    known = knowledge.publish_known_error(problem, symptom="Uptime falls to zero.", by=cast.owner)
    for step in (Stage.VERIFYING, Stage.RESOLVED):
        problem.refresh_from_db()
        getattr(cast, f"_to_{step.value}")(problem, False)
    problem.refresh_from_db()
    reports.archive(problem, by=cast.owner)
    problems.close(problem, outcome="fixed", by=cast.owner)
    return KnownError.objects.select_related("problem").get(pk=known.pk)


@pytest.mark.parametrize("who", ["owner", "lead"])
def test_it_is_retired_at_a_closed_problem_without_reopening_it(cast: Cast, known: KnownError, who: str) -> None:
    assert known.problem is not None
    knowledge.retire_known_error(known, reason="The fix is on every site.", fixed=True, by=getattr(cast, who))
    known.refresh_from_db()
    problem = Problem.objects.get(number=known.problem.number)
    assert (known.state, problem.stage, problem.outcome) == (KnownErrorState.FIXED, "closed", "fixed")
    assert events.of(problem).latest("seq").verb == "known_error.retired"


def test_what_was_judged_at_closing_stays_as_it_was(cast: Cast, known: KnownError) -> None:
    problem = known.problem
    assert problem is not None
    # Enough incidents since, that an open problem would now be asked for an interim measure.
    for _n in range(5):
        problem.links.create(incident=cast.incident(is_major=True), linked_at=clock.now(), linked_by="import")
    before = (_points(problem), RegisterEntry.objects.filter(problem=problem).values().get())
    with clock.at(clock.now() + timedelta(days=1)):
        knowledge.retire_known_error(known, reason="The fix is on every site.", by=cast.owner)
    assert (_points(problem), RegisterEntry.objects.filter(problem=problem).values().get()) == before


@pytest.mark.parametrize("who", ["analyst", "first_line", "management", "auditor"])
def test_others_are_refused_there_as_before(cast: Cast, known: KnownError, who: str) -> None:
    with pytest.raises(NotAllowed):
        knowledge.retire_known_error(known, reason="Gone.", by=getattr(cast, who))
    known.refresh_from_db()
    assert known.state == KnownErrorState.ACTIVE


def test_it_is_retired_once_also_by_somebody_who_read_it_before(cast: Cast, known: KnownError) -> None:
    stale = KnownError.objects.select_related("problem").get(pk=known.pk)
    knowledge.retire_known_error(known, reason="The fix is on every site.", by=cast.owner)
    before = events.head()
    with pytest.raises(BadInput, match="no longer active"):
        knowledge.retire_known_error(stale, reason="Once more.", by=cast.owner)
    assert events.head() == before


def _points(problem: Problem) -> list[tuple[str, str]]:
    return list(problem.points.order_by("id").values_list("code", "state"))
