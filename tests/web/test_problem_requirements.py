"""What the procedure asks of a problem's record, proved on its screens."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from genyin.base import clock
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.problems.stages import Stage, Status
from tests.cast import Cast

Visit = Callable[..., Client]


def said(cast: Cast, **more: object) -> dict[str, object]:
    """A filled-in registration form."""
    return {
        "title_": "Core switch restarts", "description": "At night.", "service": cast.services["network"].pk,
        "category": "hardware", "level": "medium", "source": "monitoring", "reason": "cause_unknown", **more,
    }  # fmt: skip


@pytest.mark.procedure("R11")
@pytest.mark.parametrize(
    ("code", "word"), [("hardware", "Hardware equipment"), ("software", "Software system"), ("server", "Server")]
)
def test_a_problem_is_registered_in_one_of_three_categories(cast: Cast, visit: Visit, code: str, word: str) -> None:
    client = visit("first_line")
    assert word in client.get("/problems/new/").content.decode()
    client.post("/problems/new/", said(cast, category=code))
    problem = Problem.objects.get()
    assert problem.category == code
    assert word in client.get(f"/problems/{problem.number}/").content.decode()


@pytest.mark.procedure("R11", "R12")
@pytest.mark.parametrize("wrong", [{"category": "network"}, {"level": "urgent"}, {"category": ""}, {"level": ""}])
def test_a_category_or_level_outside_the_procedure_is_refused(cast: Cast, visit: Visit, wrong: dict[str, str]) -> None:
    answer = visit("first_line").post("/problems/new/", said(cast, **wrong))
    assert answer.status_code == 422
    assert not Problem.objects.exists()


@pytest.mark.procedure("R12")
def test_the_owner_may_raise_the_level_and_only_the_lead_may_lower_it(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    url = f"/problems/{problem.number}/change_level/"
    up = visit("owner").post(url, {"version": problem.version, "level": "high", "reason": "More sites."})
    problem.refresh_from_db()
    assert (up.status_code, problem.level) == (303, "high")
    down = {"version": problem.version, "level": "low", "reason": "One site."}
    assert visit("owner").post(url, down).status_code == 403
    assert visit("lead").post(url, down).status_code == 303
    problem.refresh_from_db()
    assert problem.level == "low"


@pytest.mark.procedure("R13")
def test_the_reported_status_is_unresolved_until_the_review_has_passed(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.VERIFYING)
    client = visit("lead")
    assert "Unresolved" in client.get(f"/problems/{problem.number}/").content.decode()
    with clock.at(clock.now() + timedelta(days=15)):
        cast.reviewed(problem)
        problem.refresh_from_db()
        answer = client.post(f"/problems/{problem.number}/pass_review/", {"version": problem.version})
        assert answer.status_code == 303
    problem.refresh_from_db()
    assert problem.status == Status.RESOLVED
    page = client.get(f"/problems/{problem.number}/").content.decode()
    assert "Unresolved" not in page


@pytest.mark.procedure("R15")
def test_a_problem_of_a_test_environment_is_not_registered_and_production_is_assumed(cast: Cast, visit: Visit) -> None:
    broken = cast.incident("The build of the test system is red", environment="test")
    refused = visit("first_line").post("/problems/new/", said(cast, source="incident", origin=broken.ref))
    assert refused.status_code == 422
    assert "out of scope" in refused.content.decode()
    assert not Problem.objects.exists()
    visit("first_line").post("/problems/new/", said(cast))
    problem = Problem.objects.get()
    assert (problem.environment, problem.environment_assumed) == ("production", True)
    assert "production, assumed" in visit("lead").get(f"/problems/{problem.number}/").content.decode()


@pytest.mark.procedure("R30")
def test_the_owner_helps_with_an_incident_and_the_record_says_how(cast: Cast, visit: Visit) -> None:
    problem, incident = cast.at(Stage.INVESTIGATING), cast.incident(is_major=True)
    answer = visit("owner").post(
        f"/problems/{problem.number}/assist_incident/",
        {"version": problem.version, "incident": incident.ref, "text": "Switched to the spare line."},
    )
    assert answer.status_code == 303
    page = visit("lead").get(f"/problems/{problem.number}/").content.decode()
    assert "Switched to the spare line." in page
    assert incident.ref in page


@pytest.mark.procedure("R35", "R36", "R48")
def test_a_problem_is_a_known_error_only_once_its_cause_is_found(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    client = visit("owner")
    url = f"/problems/{problem.number}/publish_known_error/"
    filled = {"title_": "Switch restarts", "symptom": "Network gone for minutes."}
    refused = client.post(url, {"version": problem.version, **filled})
    assert refused.status_code == 409
    assert "Root cause" in refused.content.decode()
    found = cast.at(Stage.SOLVING)
    answer = client.post(f"/problems/{found.number}/publish_known_error/", {"version": found.version, **filled})
    assert answer.status_code == 303
    number = found.known_errors.get().number
    assert number in visit("first_line").get("/known-errors/").content.decode()


@pytest.mark.procedure("R37")
def test_an_incident_without_a_cause_becomes_a_problem_that_says_so(cast: Cast, visit: Visit) -> None:
    incident = cast.incident()
    client = visit("first_line")
    form = client.get(f"/problems/new/?incident={incident.ref}").content.decode()
    assert re.search(r'value="cause_unknown"[^>]* checked', form)
    client.post("/problems/new/", said(cast, source="incident", origin=incident.ref))
    problem = Problem.objects.get()
    assert (problem.reason, problem.links.get().incident) == ("cause_unknown", incident)
    assert "Cause unknown" in client.get(f"/problems/{problem.number}/").content.decode()


@pytest.mark.procedure("R49")
@pytest.mark.parametrize("hurts", [{"outage_minutes": 60}, {"is_major": True}], ids=["target missed", "major"])
def test_what_keeps_happening_and_hurts_availability_needs_an_interim_measure_first(
    cast: Cast, visit: Visit, hurts: dict[str, Any]
) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    linked = [cast.incident(), cast.incident(), cast.incident(**hurts)]
    problems.link_incident(problem, linked=linked, by=cast.owner)
    problems.form_team(problem, members=[cast.user("analyst")], by=cast.owner)
    problems.note_reproduction(problem, reproduced="no", text="Only at night.", by=cast.owner)
    client = visit("owner")
    cause = {"code": "software_defect", "text": "A leak.", "established": "Graphs."}
    blocked = client.post(f"/problems/{problem.number}/find_cause/", {"version": problem.version, **cause})
    assert blocked.status_code == 409
    assert "Interim measure" in blocked.content.decode()
    client.post(
        f"/problems/{problem.number}/take_interim_measure/", {"version": problem.version, "text": "Spare switch."}
    )
    problem.refresh_from_db()
    freed = client.post(f"/problems/{problem.number}/find_cause/", {"version": problem.version, **cause})
    assert freed.status_code == 303


@pytest.mark.procedure("R49")
@pytest.mark.parametrize(
    ("times", "days_ago", "hurts"),
    [(3, 1, {"outage_minutes": 0}), (2, 1, {"is_major": True}), (3, 31, {"is_major": True})],
    ids=["harmless", "few", "long ago"],
)
def test_few_or_harmless_incidents_ask_for_no_interim_measure(
    cast: Cast, visit: Visit, times: int, days_ago: int, hurts: dict[str, Any]
) -> None:
    problem, occurred = cast.at(Stage.INVESTIGATING), clock.now() - timedelta(days=days_ago)
    problems.link_incident(
        problem, linked=[cast.incident(occurred_at=occurred, **hurts) for _ in range(times)], by=cast.owner
    )
    assert "Interim measure" not in visit("owner").get(f"/problems/{problem.number}/").content.decode()


@pytest.mark.procedure("R53")
def test_a_major_problem_needs_a_meeting_with_its_representatives_asked(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.VERIFYING)
    lead = visit("lead")
    lead.post(f"/problems/{problem.number}/set_major/", {"version": problem.version, "reason": "Wards were cut off."})
    with clock.at(clock.now() + timedelta(days=15)):
        problem.refresh_from_db()
        written = {"course": "Found.", "conclusion": "Passed."}
        lead.post(f"/problems/{problem.number}/hold_review/", {"version": problem.version, **written})
        problem.refresh_from_db()
        lead.post(
            f"/problems/{problem.number}/judge_effect/",
            {"version": problem.version, "effect": "effective", "evidence": "None since."},
        )
        held = {"held_at": f"{clock.now():%Y-%m-%dT%H:%M}", "attendees": "lead, owner", "representatives": "asked"}
        for lacking in held:
            problem.refresh_from_db()
            partly = {name: value for name, value in held.items() if name != lacking}
            lead.post(f"/problems/{problem.number}/hold_review/", {"version": problem.version, **written, **partly})
            problem.refresh_from_db()
            refused = lead.post(f"/problems/{problem.number}/pass_review/", {"version": problem.version})
            assert refused.status_code == 409, lacking
            assert "Review meeting" in refused.content.decode()
        lead.post(f"/problems/{problem.number}/hold_review/", {"version": problem.version, **written, **held})
        problem.refresh_from_db()
        passed = lead.post(f"/problems/{problem.number}/pass_review/", {"version": problem.version})
    assert passed.status_code == 303


@pytest.mark.procedure("R44")
def test_no_cause_is_stated_before_the_analysis_team_is_formed(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.note_reproduction(problem, reproduced="yes", text="After 21 days.", by=cast.owner)
    client = visit("owner")
    cause = {"code": "software_defect", "text": "A leak.", "established": "Graphs."}
    refused = client.post(f"/problems/{problem.number}/find_cause/", {"version": problem.version, **cause})
    assert refused.status_code == 409
    assert "Analysis team" in refused.content.decode()
    formed = {"version": problem.version, "members": [cast.user("analyst").pk]}
    assert client.post(f"/problems/{problem.number}/form_team/", formed).status_code == 303
    problem.refresh_from_db()
    done = client.post(f"/problems/{problem.number}/find_cause/", {"version": problem.version, **cause})
    assert done.status_code == 303


PLAN = {
    "solution": "Upgrade.", "preventive_measure": "Alert at 75%.", "test_where": "laboratory", "test_result": "stable",
    "tester": "analyst", "effect": "none", "cost": "2 h", "risk": "outage", "back_out": "old image",
    "change_needed": "no", "change_reason": "Configuration only.",
}  # fmt: skip


@pytest.mark.procedure("R28", "R47", "R50")
@pytest.mark.parametrize(
    "lacking",
    [("solution",), ("preventive_measure",), ("test_result",), ("risk",), ("change_needed",), ("change_reason",)],
)
def test_a_solution_is_settled_only_tested_evaluated_and_with_its_change_decided(
    cast: Cast, visit: Visit, lacking: tuple[str, ...]
) -> None:
    problem = cast.at(Stage.SOLVING)
    client, url = visit("owner"), f"/problems/{problem.number}/plan_solution/"
    half = {name: value for name, value in PLAN.items() if name not in lacking}
    assert client.post(url, {"version": problem.version, **half}).status_code == 422
    problem.refresh_from_db()
    assert problem.solution == ""
    assert client.post(url, {"version": problem.version, **PLAN}).status_code == 303


@pytest.mark.procedure("R54")
def test_a_review_does_not_pass_while_an_action_item_has_no_owner_or_date(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.VERIFYING)
    lead = visit("lead")
    written = {"course": "Found.", "conclusion": "Passed.", "content_1": "Upgrade the others"}
    with clock.at(clock.now() + timedelta(days=15)):
        lead.post(f"/problems/{problem.number}/hold_review/", {"version": problem.version, **written})
        problem.refresh_from_db()
        lead.post(
            f"/problems/{problem.number}/judge_effect/",
            {"version": problem.version, "effect": "effective", "evidence": "None since."},
        )
        problem.refresh_from_db()
        refused = lead.post(f"/problems/{problem.number}/pass_review/", {"version": problem.version})
        assert refused.status_code == 409
        assert "Action items" in refused.content.decode()
        owned = {"owner_1": cast.user("analyst").pk, "due_1": "2030-01-01"}
        lead.post(f"/problems/{problem.number}/hold_review/", {"version": problem.version, **written, **owned})
        problem.refresh_from_db()
        passed = lead.post(f"/problems/{problem.number}/pass_review/", {"version": problem.version})
        assert passed.status_code == 303
