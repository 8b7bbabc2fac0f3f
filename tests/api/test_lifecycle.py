"""The whole procedure over the API: from an incident to a closed problem, with what is refused on the way."""

from datetime import timedelta

import pytest

from genyin.base import clock
from genyin.base.actor import job
from genyin.problems.models import Problem
from genyin.reviews.actions import note_verdict
from tests.api.conftest import REGISTER, Another, Caller, Callers, Walk
from tests.api.walk import CAUSE, MINUTES, PLAN, to_solving, to_verifying
from tests.cast import Cast


@pytest.mark.procedure("R8", "R41", "R42")
def test_first_line_registers_from_an_incident_and_the_link_is_kept(walk: Walk) -> None:
    problem = walk.problem("first_line")
    assert problem["stage"] == "submitted"
    assert [i["ref"] for i in problem["incidents"]] == ["desk:INC00001"]
    assert (problem["category"], problem["level"], problem["source"]) == ("hardware", "high", "incident")
    assert problem["status"] == "unresolved"
    assert walk.callers("first_line").get("incidents/desk:INC00001")["problems"] == [walk.number]
    submitted = [(work["verb"], work["problem"]) for work in walk.callers("lead").get("work").body]
    assert submitted == [("dispatch", walk.number)]  # the lead finds it on their table


@pytest.mark.parametrize(
    ("system", "source"),
    [
        pytest.param("crm", "after_sales", marks=pytest.mark.procedure("R9")),
        pytest.param("monitor", "monitoring", marks=pytest.mark.procedure("R40")),
        pytest.param("patrol", "inspection", marks=pytest.mark.procedure("R40")),
    ],
)
def test_another_system_registers_with_its_coded_source_and_reads_it_back(
    cast: Cast, callers: Callers, another: Another, system: str, source: str
) -> None:
    caller = another(system, source)
    made = caller.post("problems", {"title": "It restarts", **REGISTER})
    assert made.status == 201
    assert (made["source"], made["submitter"]) == (source, system)
    assert caller.get(f"problems/{made['number']}")["title"] == "It restarts"
    assert callers("lead").get(f"problems/{made['number']}")["source"] == source
    other = caller.post("problems", {"title": "It restarts", "source": "trend", **REGISTER})
    assert (other.status, other["field"]) == (422, "source")
    foreign = caller.post("problems", {"title": "It restarts", **REGISTER, "service": "warehouse"})
    assert (foreign.status, foreign["code"]) == (422, "unknown_reference")


@pytest.mark.procedure("R18")
def test_another_system_sends_an_incident_twice_and_it_is_kept_once(cast: Cast, crm: Caller) -> None:
    body = {
        "external_id": "A/1",
        "title": "No network",
        "service": "network",
        "occurred_at": "2026-09-07T12:00:00+08:00",
    }
    assert [crm.post("incidents", body)["result"] for _n in range(2)] == ["created", "unchanged"]
    assert crm.post("incidents", {**body, "title": "No network at all"})["result"] == "updated"
    kept = crm.get("incidents/crm:A/1")
    assert (kept["title"], kept["occurred_at"], kept["environment_assumed"]) == (
        "No network at all", "2026-09-07T04:00:00Z", True,
    )  # fmt: skip
    assert crm.post("incidents", {**body, "source": "desk"}).status == 422


@pytest.mark.procedure("R15")
def test_a_test_environment_is_out_of_scope(cast: Cast, callers: Callers) -> None:
    body = {"title": "Broken build", "source": "monitoring", "environment": "test", **REGISTER}
    refused = callers("first_line").post("problems", body)
    assert (refused.status, refused["field"]) == (422, "environment")
    assert not Problem.objects.exists()


@pytest.mark.procedure("R26", "R43")
def test_the_lead_dispatches_and_the_owner_finds_it_waiting_and_accepts(walk: Walk) -> None:
    assert walk.is_refused("first_line", "dispatch", owner="owner") == []
    walk.does("lead", "dispatch", owner="owner", note="You know this switch.")
    assert [(w["verb"], w["problem"]) for w in walk.callers("owner").get("work").body] == [("accept", walk.number)]
    assert walk.does("owner", "accept")["stage"] == "investigating"
    assert walk.problem("owner")["owner"]["login"] == "owner"


@pytest.mark.procedure("R27", "R44", "R46", "R47")
def test_the_cause_needs_a_team_and_an_answer_on_reproduction_first(walk: Walk) -> None:
    walk.does("lead", "dispatch", owner="owner")
    walk.does("owner", "accept")
    assert walk.is_refused("owner", "find_cause", causes=[CAUSE]) == ["team", "reproduction"]
    walk.does("owner", "form_team", members=["analyst"])
    walk.does("analyst", "note_reproduction", reproduced="yes", text="After 21 days of polling.")
    found = walk.does("owner", "find_cause", causes=[CAUSE])
    assert found["stage"] == "solving"
    assert found["causes"][0]["text"] == CAUSE["text"]


@pytest.mark.procedure("R36", "R48")
def test_a_known_error_asks_for_its_cause_and_helps_first_line(walk: Walk) -> None:
    walk.does("lead", "dispatch", owner="owner")
    walk.does("owner", "accept")
    assert walk.is_refused("owner", "publish_known_error", symptom="It restarts.") == ["root_cause"]
    walk.does("owner", "form_team", members=["analyst"])
    walk.does("owner", "note_reproduction", reproduced="no", text="It stays up in the laboratory.")
    walk.does("owner", "find_cause", causes=[CAUSE])
    known = walk.does("owner", "publish_known_error", symptom="It restarts.", workaround="Restart it by day.")
    (number,) = (k["number"] for k in known["known_errors"])
    said = walk.callers("first_line").post(
        f"known-errors/{number}/trials", {"incident": "desk:INC00001", "result": "worked"}
    )
    assert (said.status, said["result"]) == (200, "worked")


@pytest.mark.procedure("R28", "R29", "R50", "R51")
def test_the_fix_waits_for_plan_test_evaluation_and_the_change(walk: Walk) -> None:
    to_solving(walk)
    plan = ["solution", "preventive_measure", "solution_test", "evaluation", "change_decision"]
    assert walk.is_refused("owner", "fix_in_place", kind="fix") == plan
    untested = walk("owner", "plan_solution", **{**PLAN, "tested": {}})
    assert (untested.status, untested["field"]) == (422, "solution_test")
    walk.does("owner", "plan_solution", **PLAN)
    assert walk.is_refused("owner", "fix_in_place", kind="fix") == ["change_outcome"]
    change = walk.does("owner", "raise_change", title="Firmware upgrade", number="CHG-77")
    assert (change["stage"], change["changes"][0]["number"]) == ("changing", "CHG-77")
    assert (
        walk.does("owner", "change_failed", change="CHG-77", outcome="backed_out", reason="No boot.")["stage"]
        == "solving"
    )
    assert walk.is_refused("owner", "raise_change", title="The same again") == plan  # a plan that failed is none
    walk.does("owner", "plan_solution", **PLAN)
    walk.does("owner", "raise_change", title="Second upgrade", number="CHG-78")
    walk.does("owner", "record_change", change="CHG-78", result="Done at night.")
    assert walk.does("owner", "fix_in_place", kind="fix")["stage"] == "verifying"


@pytest.mark.procedure("R31", "R52", "R53", "R54")
def test_no_problem_is_solved_without_its_review_and_a_major_one_without_its_meeting(walk: Walk) -> None:
    to_verifying(walk)
    walk.does("lead", "set_major", reason="Two hospitals stood still.")
    walk.does("lead", "invite_representative", user="representative")
    with clock.at(clock.now() + timedelta(days=15)):
        note_verdict(Problem.objects.get(), code="stopped", text={}, by=job("watch"))
        assert walk.is_refused("lead", "pass_review") == ["effect", "review", "follow_ups", "meeting"]
        late = {"content": "Upgrade the other switches"}
        walk.does("owner", "hold_review", **MINUTES, follow_ups=[late])
        walk.does("lead", "judge_effect", effect="effective")
        assert walk.is_refused("lead", "pass_review") == ["follow_ups", "meeting"]
        met = {"held_at": clock.now().isoformat(), "attendees": "lead, owner", "representatives": "representative"}
        walk.does("owner", "hold_review", **MINUTES, **met,
                  follow_ups=[{**late, "owner": "analyst", "due": "2199-01-01"}])  # fmt: skip
        assert walk.is_refused("owner", "pass_review") == []
        passed = walk.does("lead", "pass_review")
        assert (passed["stage"], passed["status"]) == ("resolved", "resolved")
    seen = walk.problem("representative")
    assert seen["reviews"][0]["customer_text"] == MINUTES["customer_text"]


@pytest.mark.procedure("R55", "R57")
def test_a_problem_is_closed_only_after_it_was_archived(walk: Walk) -> None:
    to_verifying(walk)
    with clock.at(clock.now() + timedelta(days=15)):
        walk.does("lead", "hold_review", **MINUTES, follow_ups=[])
        walk.does("lead", "judge_effect", effect="effective", evidence="No incident since.")
        walk.does("lead", "pass_review")
        assert walk.is_refused("owner", "close") == ["archived"]
        walk.does("owner", "archive")
        assert walk.callers("owner").get("register")["items"][0]["frozen"] is True
        closed = walk.does("owner", "close")
    assert (closed["stage"], closed["outcome"], closed["status"]) == ("closed", "fixed", "resolved")
    told = [event["verb"] for event in closed["timeline"]]
    assert told[0] == "problem.closed"
    assert told[-1] == "problem.registered"
    assert walk.callers("auditor").get("audit/verify")["ok"] is True


def test_a_waiver_needs_a_reason_and_a_second_person(walk: Walk) -> None:
    walk.does("lead", "dispatch", owner="owner")
    walk.does("owner", "accept")
    walk.does("lead", "request_waiver", point="reproduction", reason="The switch is gone.")
    assert walk("lead", "confirm_waiver", point="reproduction").status == 403
    walk.does("deputy", "confirm_waiver", point="reproduction")
    points = {point["code"]: point["state"] for point in walk.problem()["points"]}
    assert points["reproduction"] == "waived"


def test_what_may_be_done_next_is_answered_with_what_is_missing(walk: Walk) -> None:
    walk.does("lead", "dispatch", owner="owner")
    walk.does("owner", "accept")
    offers = {offer["verb"]: offer["missing"] for offer in walk.problem("owner")["verbs"]}
    assert offers["find_cause"] == ["team", "reproduction"]
    assert "dispatch" not in offers
    assert walk.problem("owner")["goal"] == {"verb": "find_cause", "open": ["team", "reproduction", "root_cause"]}
    assert [offer["verb"] for offer in walk.problem("auditor")["verbs"]] == []


@pytest.mark.procedure("R10", "R17", "R39")
def test_the_lead_accepts_a_candidate_or_dismisses_it_with_a_reason(cast: Cast, callers: Callers) -> None:
    for n in range(12):
        cast.incident(title=f"Core switch restarts at night in building {n}")
        cast.incident(title=f"Printer of ward {n} prints nothing but lines", service="hospital system")
    lead = callers("lead")
    assert callers("first_line").post("trends/run").status == 403
    run = lead.post("trends/run")
    assert (run.status, run["incidents"]) == (200, 24)
    first, second = lead.get("candidates")["items"][:2]
    assert first["count"] >= first["at_least"]
    body = {"title": "The switch restarts", "category": "hardware", "level": "medium"}
    made = lead.post(f"candidates/{first['ref']}/accept", body)
    assert (made.status, made["source"]) == (201, "trend")
    assert len(made["incidents"]) == first["count"]
    assert lead.post(f"candidates/{first['ref']}/accept", body)["code"] == "conflict"
    assert lead.post(f"candidates/{second['ref']}/dismiss", {"reason": ""})["field"] == "reason"
    assert lead.post(f"candidates/{second['ref']}/dismiss", {"reason": "Paper."})["state"] == "dismissed"
    assert lead.get("candidates")["items"] == []


@pytest.mark.procedure("R32", "R33", "R34", "R56", "R58")
def test_the_lead_issues_the_month_and_its_figures_open_their_records(cast: Cast, callers: Callers) -> None:
    problem, waiting = cast.at("resolved", level="low"), cast.submitted()
    month = clock.month_of(problem.registered_at, "Asia/Shanghai")
    with clock.at(clock.now() + timedelta(days=40)):
        assert callers("owner").post("reports", {"month": month}).status == 403
        early = callers("lead").post("reports", {"month": month})
        assert (early.status, early["field"]) == (409, "reason")
        assert callers("owner").get("register/month-end", month=month)["unconfirmed"] == ["owner"]
        assert callers("owner").post("register/month-end", {"month": month})["complete"] is True
        issued = callers("lead").post("reports", {"month": month})
        assert issued.status == 201
        values = {figure["code"]: (figure["value"], figure["records"]) for figure in issued["values"]}
        sure = ("problems_total", "problems_resolved", "problems_unresolved", "resolution_rate")
        assert [values[code] for code in sure] == [(2.0, 2), (1.0, 1), (1.0, 1), (0.5, 1)]
        for code, numbers in zip(sure, ({problem, waiting}, {problem}, {waiting}, {problem}), strict=True):
            behind = callers("lead").get(f"reports/{issued['number']}/records/{code}")["items"]
            assert set(behind) == {one.number for one in numbers}, code
        assert callers("lead").post("reports", {"month": month})["sha256"] == issued["sha256"]
        document = callers("lead").get(f"reports/{issued['number']}/documents/xlsx")
    assert document.body[:2] == b"PK"
