"""The lifecycle through its verbs: the way through, and what is refused on it."""

import pytest

from genyin.base import events
from genyin.base.actor import job
from genyin.base.errors import BadInput, Conflict, ControlPointOpen, NotAllowed, WrongStage
from genyin.problems import actions as problems
from genyin.problems import points, queries
from genyin.problems.lifecycle import Outcome, Stage, Status
from genyin.problems.models import PointState, Problem
from genyin.reviews import actions as reviews
from tests.cast import Cast


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.CLOSED, Stage.RESOLVED)])
@pytest.mark.parametrize("level", ["high", "medium", "low"])
def test_every_stage_is_reached_through_the_verbs(cast: Cast, stage: Stage, level: str) -> None:
    assert cast.at(stage, level=level).stage == stage


def test_a_fix_through_a_change_waits_for_its_outcome(cast: Cast) -> None:
    problem = cast.at(Stage.CHANGING)
    with pytest.raises(ControlPointOpen) as refused:
        problems.fix_in_place(problem, kind="fix", by=cast.owner)
    assert refused.value.points == ("change_outcome",)


def test_find_cause_names_every_open_point_not_only_the_first(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    cause = problems.CauseFound("software_defect", "Leak.", "Graph.")
    with pytest.raises(ControlPointOpen) as refused:
        problems.find_cause(problem, causes=[cause], by=cast.owner)
    assert refused.value.points == ("team", "reproduction")
    assert not problem.causes.exists()


def test_a_refused_verb_writes_nothing(cast: Cast) -> None:
    problem = cast.submitted()
    before = events.of(problem).count()
    with pytest.raises(NotAllowed):
        problems.dispatch(problem, owner=cast.user("owner"), by=cast.first_line)
    problem.refresh_from_db()
    assert (problem.stage, problem.owner, problem.version) == (Stage.SUBMITTED, None, 1)
    assert events.of(problem).count() == before


def test_the_slower_of_two_leads_is_told(cast: Cast) -> None:
    problem = cast.submitted()
    slower = queries.get(problem.number, seen_by=cast.deputy)
    problems.dispatch(problem, owner=cast.user("owner"), by=cast.lead)
    with pytest.raises(Conflict):
        problems.dispatch(slower, owner=cast.user("other_owner"), by=cast.deputy)


def test_two_comments_at_once_do_not_disturb_each_other(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    stale = queries.get(problem.number, seen_by=cast.analyst)
    problems.set_workaround(problem, text="Restart weekly.", by=cast.owner)
    problems.comment(stale, text="Seen at night.", by=cast.first_line)
    assert problem.comments.count() == 1


def test_the_whole_way_ends_archived_and_closed(cast: Cast) -> None:
    problem = cast.at(Stage.RESOLVED)
    assert problem.status == Status.RESOLVED
    with pytest.raises(ControlPointOpen) as refused:
        problems.close(problem, by=cast.owner)
    assert refused.value.points == ("archived",)


def test_the_owner_does_not_pass_their_own_review(cast: Cast) -> None:
    problem = cast.submitted()
    problems.dispatch(problem, owner=cast.user("lead"), by=cast.lead)
    Problem.objects.filter(pk=problem.pk).update(stage=Stage.VERIFYING)
    problem.refresh_from_db()
    with pytest.raises(NotAllowed):
        reviews.pass_review(problem, by=cast.lead)
    with pytest.raises(ControlPointOpen):
        reviews.pass_review(problem, by=cast.management)


def test_a_waiver_needs_a_second_person(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.request_waiver(problem, point="reproduction", reason="Only in production.", by=cast.lead)
    with pytest.raises(NotAllowed):
        problems.confirm_waiver(problem, point="reproduction", by=cast.lead)
    problems.confirm_waiver(problem, point="reproduction", by=cast.deputy)
    assert points.live(problem).get(code="reproduction").state == PointState.WAIVED


def test_back_to_analysis_reopens_points_and_keeps_their_evidence(cast: Cast) -> None:
    problem = cast.at(Stage.VERIFYING)
    problems.back_to_analysis(problem, reason="It came back.", by=cast.owner)
    assert problem.stage == Stage.INVESTIGATING
    assert "root_cause" in points.open_codes(problem)
    assert problem.points.get(code="root_cause", state=PointState.SUPERSEDED).evidence == "The firmware leaks memory."


def test_a_duplicate_hands_its_incidents_over_and_gets_them_back(cast: Cast) -> None:
    original, twin = cast.submitted(), cast.submitted(origin=cast.incident())
    problems.mark_duplicate(twin, original=original, by=cast.lead)
    assert (twin.outcome, original.links.count(), twin.links.count()) == (Outcome.DUPLICATE, 1, 0)
    problems.reopen(twin, reason="Not the same after all.", by=cast.lead)
    assert (twin.stage, original.links.count(), twin.links.count()) == (Stage.SUBMITTED, 0, 1)


def test_test_environments_are_out_of_scope(cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        cast.submitted(environment="test")
    assert refused.value.field == "environment"


def test_a_problem_on_hold_does_not_move(cast: Cast) -> None:
    problem = cast.at(Stage.ASSIGNED)
    Problem.objects.filter(pk=problem.pk).update(held_since=problem.registered_at)
    problem.refresh_from_db()
    with pytest.raises(WrongStage):
        problems.accept(problem, by=cast.owner)


def test_the_chain_holds_over_everything(cast: Cast) -> None:
    cast.at(Stage.RESOLVED, change=True)
    verdict = events.verify()
    assert (verdict.first_broken, verdict.events) == (None, events.head()[0])


def test_an_effect_judged_before_is_open_again_when_the_watch_says_worse(cast: Cast) -> None:
    problem = cast.at(Stage.VERIFYING, level="low")
    cast.reviewed(problem)
    assert "effect" not in points.open_codes(problem)
    reviews.note_verdict(problem, code="worse", text={}, by=job("watch"))
    assert "effect" in points.open_codes(problem)
    with pytest.raises(BadInput):
        reviews.judge_effect(problem, effect="effective", evidence="It seems fine.", by=cast.lead)


def test_an_owner_who_leads_does_not_judge_the_effect_of_their_own_fix(cast: Cast) -> None:
    problem = cast.at(Stage.VERIFYING, level="low")
    cast.user("owner").grants.create(role="lead")
    reviews.hold_review(problem, minutes=reviews.Minutes(course="Fixed.", conclusion="Passed."), by=cast.lead)
    with pytest.raises(NotAllowed):
        reviews.judge_effect(problem, effect="effective", evidence="Mine works.", by=cast.owner)
