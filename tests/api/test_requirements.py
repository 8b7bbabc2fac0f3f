"""What the procedure asks beyond the way itself, over the API: tracking, the right person, priority, improvement."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from genyin.base import clock
from tests.api.conftest import REGISTER, Callers, Walk
from tests.api.walk import CAUSE, MINUTES, PLAN, to_solving, to_verifying
from tests.cast import Cast

JUDGED = {"effect": "effective", "evidence": "No incident since."}


def waiting_for(walk: Walk, who: str) -> list[str]:
    """The steps of this problem that wait for somebody."""
    return [work["verb"] for work in walk.callers(who).get("work").body if work["problem"] == walk.number]


@pytest.mark.procedure("R45")
def test_the_owner_is_asked_for_the_next_step_until_the_problem_is_closed(walk: Walk) -> None:
    steps: list[tuple[str, str, str, Mapping[str, object]]] = [
        ("accept", "owner", "accept", {}),
        ("find_cause", "owner", "form_team", {"members": ["analyst"]}),
        ("find_cause", "owner", "add_evidence", {"text": "The memory graph rises."}),
        ("find_cause", "analyst", "note_reproduction", {"reproduced": "yes", "text": "After 21 days."}),
        ("find_cause", "owner", "find_cause", {"causes": [CAUSE]}),
        ("fix_in_place", "owner", "plan_solution", PLAN),
        ("fix_in_place", "owner", "raise_change", {"title": "Firmware upgrade", "number": "CHG-77"}),
        ("fix_in_place", "owner", "record_change", {"change": "CHG-77"}),
        ("fix_in_place", "owner", "fix_in_place", {"kind": "fix"}),
        ("", "lead", "hold_review", {**MINUTES, "follow_ups": []}),
        ("", "lead", "judge_effect", JUDGED),
        ("", "lead", "pass_review", {}),
        ("close", "owner", "archive", {}),
        ("close", "owner", "close", {}),
    ]
    walk.does("lead", "dispatch", owner="owner")
    for waits, who, verb, body in steps:
        days = 15 if verb in ("judge_effect", "pass_review", "archive", "close") else 0
        with clock.at(clock.now() + timedelta(days=days)):
            assert waiting_for(walk, "owner") == ([waits] if waits else []), verb
            assert waiting_for(walk, "lead") == ([] if waits else ["pass_review"]), verb
            assert walk.does(who, verb, **body)["owner"]["login"] == "owner"
    assert waiting_for(walk, "owner") == []
    told = [event["verb"] for event in walk.problem("owner")["timeline"]]
    assert len(told) == len(steps) + 2  # and everything that was done is in its log


@pytest.mark.procedure("R3", "R45")
def test_a_problem_reaches_the_right_person_and_is_never_without_an_owner(walk: Walk) -> None:
    wrong = walk("lead", "dispatch", owner="first_line")
    assert (wrong.status, wrong["field"]) == (422, "owner")  # whom no role lets own a problem
    walk.does("lead", "dispatch", owner="owner")
    back = walk.does("owner", "decline", reason="Not my field: this is a firmware matter.")
    assert (back["stage"], back["owner"]["login"]) == ("submitted", "lead")
    assert waiting_for(walk, "owner") == []
    assert waiting_for(walk, "lead") == ["dispatch"]
    walk.does("lead", "dispatch", owner="other_owner")
    walk.does("other_owner", "accept")
    walk.does("lead", "reassign", owner="owner", reason="On leave.")
    handed = walk.does("owner", "decline", reason="On leave as well.")
    assert (handed["stage"], handed["owner"]["login"]) == ("investigating", "lead")


@pytest.mark.procedure("R4")
def test_the_higher_the_level_the_sooner_a_problem_comes_first_in_my_work(cast: Cast, callers: Callers) -> None:
    for level in ("low", "medium", "high"):
        body = {"title": f"Of {level} level", "source": "monitoring", **REGISTER, "level": level}
        number = callers("first_line").post("problems", body)["number"]
        callers("lead").post(f"problems/{number}/dispatch", {"owner": "owner"})
        assert callers("owner").post(f"problems/{number}/accept").status == 200
    with clock.at(clock.now() + timedelta(days=35)):
        waiting = callers("owner").get("work").body
    assert [work["title"] for work in waiting] == ["Of high level", "Of medium level", "Of low level"]


@pytest.mark.procedure("R47")
def test_until_there_is_a_solution_first_line_reads_the_workaround(walk: Walk) -> None:
    walk.does("lead", "dispatch", owner="owner")
    walk.does("owner", "accept")
    assert walk("first_line", "set_workaround", text="Pull the plug.").status == 403
    walk.does("owner", "set_workaround", text="Restart it by day.")
    assert walk.problem("first_line")["workaround"] == "Restart it by day."


@pytest.mark.procedure("R54")
def test_a_review_does_not_pass_before_the_form_is_supplemented(cast: Cast, callers: Callers) -> None:
    bare = {"title": "Core switch restarts", "source": "monitoring", **REGISTER}
    walk = Walk(callers, callers("first_line").post("problems", bare)["number"])
    to_verifying(walk)
    with clock.at(clock.now() + timedelta(days=15)):
        walk.does("lead", "hold_review", **MINUTES, follow_ups=[])
        walk.does("lead", "judge_effect", **JUDGED)
        assert walk.is_refused("lead", "pass_review") == ["record_complete"]
        walk.does("owner", "edit", description="Every few nights, by memory exhaustion.")
        passed = walk.does("lead", "pass_review")
    assert passed["status"] == "resolved"
    assert passed["reviews"][0]["number"].startswith("HY-")


@pytest.mark.procedure("R7")
def test_a_fix_that_does_not_work_goes_back_and_is_improved_before_it_passes(walk: Walk) -> None:
    to_verifying(walk)
    with clock.at(clock.now() + timedelta(days=15)):
        walk.does("lead", "hold_review", **MINUTES, follow_ups=[])
        walk.does("lead", "judge_effect", effect="ineffective", evidence="Two more restarts.")
        assert walk.is_refused("lead", "pass_review") == ["effect"]
        failed = walk.does("lead", "fail_review", to="solving", reason="It restarted twice.")
        assert (failed["stage"], failed["status"]) == ("solving", "unresolved")
        again = walk.is_refused("owner", "fix_in_place", kind="fix")
        assert again == [
            "solution",
            "preventive_measure",
            "solution_test",
            "evaluation",
            "change_decision",
            "change_outcome",
        ]
        walk.does("owner", "plan_solution", **{**PLAN, "solution": "Replace the switch."})
        walk.does("owner", "raise_change", title="A new switch", number="CHG-78")
        walk.does("owner", "record_change", change="CHG-78")
        walk.does("owner", "fix_in_place", kind="fix")
    with clock.at(clock.now() + timedelta(days=30)):
        walk.does("lead", "hold_review", **MINUTES, follow_ups=[])
        walk.does("lead", "judge_effect", **JUDGED)
        assert walk.does("lead", "pass_review")["status"] == "resolved"


@pytest.mark.procedure("R2")
def test_an_incident_leads_to_its_root_cause_and_its_final_solution(walk: Walk) -> None:
    to_solving(walk)
    walk.does("owner", "plan_solution", **PLAN)
    reader = walk.callers("first_line")
    (behind,) = reader.get("incidents/desk:INC00001")["problems"]
    problem = reader.get(f"problems/{behind}")
    assert [cause["text"] for cause in problem["causes"]] == [CAUSE["text"]]
    assert (problem["solution"], problem["preventive_measure"]) == (PLAN["solution"], PLAN["preventive_measure"])


@pytest.mark.procedure("R16")
def test_the_lead_alone_steers_the_process(walk: Walk) -> None:
    steps: list[tuple[str, dict[str, object]]] = [
        (f"problems/{walk.number}/cancel", {"outcome": "void", "reason": "By mistake."}),
        (f"problems/{walk.number}/set_major", {"reason": "Two wards stood still."}),
        (f"problems/{walk.number}/dispatch", {"owner": "owner"}),
        ("trends/run", {}),
    ]
    for path, body in steps:
        for who in ("first_line", "owner", "analyst", "management", "auditor"):
            assert walk.callers(who).post(path, body).status == 403, (who, path)
    for path, body in steps[1:]:
        assert walk.callers("lead").post(path, body).status == 200, path
