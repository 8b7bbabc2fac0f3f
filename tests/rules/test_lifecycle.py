"""The transition table judged without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.base.errors import ControlPointOpen, GenyinError, NotAllowed, WrongStage
from genyin.people.roles import PERSONAL, ROLES, Right
from genyin.problems import lifecycle
from genyin.problems.lifecycle import TRANSITIONS, VERBS, Flag, Outcome, Stage, Status, check, offers, status_of
from genyin.procedure.content import default, parse

POINTS = sorted({point.code for point in parse(default()).points})


def test_every_point_the_table_needs_is_known_to_the_shipped_procedure() -> None:
    assert {p for row in TRANSITIONS for p in (*row.needs, *row.gives)} <= set(POINTS)


def test_every_point_of_the_procedure_can_be_satisfied_by_a_verb() -> None:
    assert set(POINTS) == set(lifecycle.SATISFIED_BY) & set(POINTS)


def test_every_closing_transition_names_its_outcomes_and_no_other_does() -> None:
    for row in TRANSITIONS:
        assert bool(row.outcomes) == (Stage.CLOSED in row.to), row.verb
    assert {outcome for row in TRANSITIONS for outcome in row.outcomes} == set(Outcome)


def test_closed_is_left_only_by_reopen_and_there_only_a_known_error_can_be_retired() -> None:
    assert [row.verb for row in TRANSITIONS if Stage.CLOSED in row.start] == ["retire_known_error", "reopen"]
    assert [row.verb for row in TRANSITIONS if Stage.CLOSED in row.start and row.to] == ["reopen"]


@pytest.mark.parametrize("role", PERSONAL)
def test_an_auditor_and_an_administrator_are_offered_nothing(role: str) -> None:
    rights = ROLES[role].rights
    offered = {o.verb for stage in Stage for o in offers(stage=stage, rights=rights)}
    if role in ("auditor", "administrator", "representative"):
        assert offered == set()
    if role == "lead":
        assert {"dispatch", "cancel", "reopen"} <= offered


def test_the_owner_is_refused_their_own_review_even_when_they_lead() -> None:
    with pytest.raises(NotAllowed):
        check("pass_review", stage=Stage.VERIFYING, rights={Right.LEAD, Right.OWNER}, own={Right.LEAD, Right.OWNER})


def test_the_management_group_passes_only_the_review_of_a_lead_who_owns() -> None:
    rights = {Right.SECOND}
    with pytest.raises(WrongStage):
        check("pass_review", stage=Stage.VERIFYING, rights=rights, own=rights)
    row = check("pass_review", stage=Stage.VERIFYING, rights=rights, own=rights, flags={Flag.OWNER_LEADS})
    assert row.to == (Stage.RESOLVED,)


def test_reported_status_follows_from_stage_and_outcome() -> None:
    assert status_of("resolved", "") == Status.RESOLVED
    assert status_of("closed", "fixed") == status_of("closed", "workaround_accepted") == Status.RESOLVED
    assert {status_of("closed", o) for o in ("risk_accepted", "cause_not_found", "void")} == {Status.UNRESOLVED}


rights = st.frozensets(st.sampled_from(list(Right)))
flags = st.frozensets(st.sampled_from(list(Flag)))
points = st.frozensets(st.sampled_from(POINTS))


@given(stage=st.sampled_from(list(Stage)), rights=rights, own=rights, flags=flags, points=points)
def test_a_verb_is_offered_exactly_when_it_is_allowed_or_waits_for_points(
    stage: Stage, rights: frozenset[Right], own: frozenset[Right], flags: frozenset[Flag], points: frozenset[str]
) -> None:
    own = own & rights
    offered = {o.verb: o.missing for o in offers(stage=stage, rights=rights, own=own, flags=flags, open_points=points)}
    for verb in VERBS:
        assert offered.get(verb) == _answer(verb, stage, rights, own, flags, points)


def _answer(
    verb: str,
    stage: Stage,
    rights: frozenset[Right],
    own: frozenset[Right],
    flags: frozenset[Flag],
    points: frozenset[str],
) -> tuple[str, ...] | None:
    """What `check` says: nothing missing, the points it waits for, or None where it refuses."""
    try:
        check(verb, stage=stage, rights=rights, own=own, flags=flags, open_points=points)
    except ControlPointOpen as waits:
        return waits.points
    except GenyinError:
        return None
    return ()


def test_an_open_point_leads_to_the_verb_that_first_satisfies_it() -> None:
    assert lifecycle.SATISFIED_BY["owner"] == "dispatch"
    assert lifecycle.SATISFIED_BY["effect"] == "judge_effect"
