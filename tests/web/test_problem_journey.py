"""One problem through every stage by its forms, as people in their roles fill them in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from genyin.base import clock
from genyin.problems.lifecycle import FORWARD, Outcome, Stage
from genyin.problems.models import Problem
from genyin.problems.stages import Status
from tests.cast import Cast

Visit = Callable[..., Client]


class Desk:
    """People at their screens: `desk.does("lead", "dispatch", owner=...)` posts the form of that verb."""

    def __init__(self, cast: Cast, visit: Visit, problem: Problem) -> None:
        self.cast, self.visit, self.problem = cast, visit, problem

    def does(self, who: str, verb: str, **said: Any) -> Any:
        self.problem.refresh_from_db()
        url = f"/problems/{self.problem.number}/{verb}/"
        answer = self.visit(who).post(url, {"version": self.problem.version, **said})
        self.problem.refresh_from_db()
        return answer

    def is_done(self, who: str, verb: str, **said: Any) -> None:
        form = self.visit(who).get(f"/problems/{self.problem.number}/{verb}/")
        assert form.status_code == 200, form.content.decode()
        answer = self.does(who, verb, **said)
        assert answer.status_code == 303, answer.content.decode()


@pytest.fixture
def registered(cast: Cast, visit: Visit) -> Desk:
    """A problem that first line registered from an incident, through the form."""
    incident = cast.incident("Core switch restarts at night", is_major=False)
    client = visit("first_line")
    shown = client.get(f"/problems/new/?incident={incident.ref}")
    assert "Core switch restarts at night" in shown.content.decode()
    client.post(
        "/problems/new/",
        {
            "title_": "Core switch restarts", "description": "Every few nights.", "service": incident.service_id,
            "category": "hardware", "level": "medium", "source": "incident", "reason": "cause_unknown",
            "origin": incident.ref,
        },
    )  # fmt: skip
    return Desk(cast, visit, Problem.objects.get())


@pytest.mark.procedure("R8", "R41", "R42")
def test_first_line_registers_from_an_incident_and_the_link_is_kept(registered: Desk) -> None:
    link = registered.problem.links.get()
    assert link.origin
    assert (registered.problem.stage, registered.problem.submitter_name) == (Stage.SUBMITTED, "first line")
    waiting = registered.visit("lead").get("/").content.decode()
    assert f"/problems/{registered.problem.number}/dispatch/" in waiting  # it was submitted to the lead


@pytest.mark.procedure("R43", "R26")
def test_the_lead_dispatches_and_the_owner_finds_it_in_my_work(registered: Desk) -> None:
    said = {"owner": registered.cast.user("owner").pk}
    assert registered.does("first_line", "dispatch", **said).status_code == 403
    assert registered.problem.owner is None
    registered.is_done("lead", "dispatch", **said)
    work = registered.visit("owner").get("/").content.decode()
    assert registered.problem.number in work
    assert f"/problems/{registered.problem.number}/accept/" in work
    registered.is_done("owner", "accept")
    assert registered.problem.stage == Stage.INVESTIGATING


@pytest.mark.procedure("R27", "R29", "R31", "R46", "R51", "R52", "R55", "R57")
def test_every_step_to_closed_by_its_form(registered: Desk) -> None:
    desk, cast = registered, registered.cast
    desk.is_done("lead", "dispatch", owner=cast.user("owner").pk)
    desk.is_done("owner", "accept")
    desk.is_done("owner", "form_team", members=[cast.user("analyst").pk])
    refused = desk.does("owner", "find_cause", code="software_defect", text="A leak.", established="Graphs.")
    assert refused.status_code == 409
    assert "Reproduction" in refused.content.decode()
    desk.is_done("owner", "note_reproduction", reproduced="yes", text="After 21 days.")
    desk.is_done("owner", "find_cause", code="software_defect", text="A leak.", established="Graphs.")
    desk.is_done("owner", "set_workaround", text="Restart every fortnight.")
    desk.is_done("owner", "publish_known_error", title_="Switch restarts", symptom="Network gone for minutes.")
    desk.is_done(
        "owner", "plan_solution", solution="Upgrade.", preventive_measure="Alert at 75%.", test_where="laboratory",
        test_result="stable", tester="analyst", effect="none", cost="2 h", risk="outage", back_out="old image",
        change_needed="yes", change_reason="Production switch.",
    )  # fmt: skip
    desk.is_done("owner", "raise_change", title_="Firmware upgrade", number="CHG-1")
    assert desk.does("owner", "fix_in_place", kind="fix", live_at=_local()).status_code == 409
    change = desk.problem.changes.get()
    desk.is_done("owner", "record_change", change=change.pk, implemented_at=_local(), result="Fine.")
    desk.is_done("owner", "fix_in_place", kind="fix", live_at=_local())
    with clock.at(clock.now() + timedelta(days=8)):
        unreviewed = desk.does("lead", "pass_review")
        assert unreviewed.status_code == 409
        text = unreviewed.content.decode()
        assert "Effect verified" in text
        assert "Review and minutes" in text
        desk.is_done(
            "lead", "hold_review", course="Found and fixed.", conclusion="Passed.", content_1="Upgrade the others",
            owner_1=cast.user("analyst").pk, due_1="2030-01-01",
        )  # fmt: skip
        desk.is_done("lead", "judge_effect", effect="effective", evidence="No incident since.")
        desk.is_done("lead", "pass_review")
        assert desk.problem.status == Status.RESOLVED
        assert desk.does("owner", "close", outcome="fixed").status_code == 409
        desk.is_done("owner", "archive")
        desk.is_done("owner", "close", outcome="fixed")
    assert (desk.problem.stage, desk.problem.outcome) == (Stage.CLOSED, Outcome.FIXED)
    assert desk.problem.register_entry.frozen_at is not None


@pytest.mark.parametrize("stage", [*FORWARD, Stage.CLOSED])
@pytest.mark.parametrize("who", ["lead", "owner", "first_line", "auditor"])
def test_the_page_of_every_stage_opens_for(cast: Cast, visit: Visit, stage: Stage, who: str) -> None:
    at = stage if stage != Stage.CLOSED else Stage.RESOLVED
    problem = cast.at(at)
    shown = visit(who).get(f"/problems/{problem.number}/")
    assert shown.status_code == 200
    assert problem.title in shown.content.decode()


def test_a_form_made_on_an_old_reading_is_refused_and_keeps_what_was_typed(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    answer = visit("owner").post(
        f"/problems/{problem.number}/set_workaround/", {"version": problem.version - 1, "text": "Restart it."}
    )
    assert answer.status_code == 409
    problem.refresh_from_db()
    assert problem.workaround == ""


def test_too_long_a_title_is_refused_beside_its_field(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    answer = visit("owner").post(f"/problems/{problem.number}/edit/", {"version": problem.version, "title_": "x" * 201})
    assert answer.status_code == 422
    assert "201" in answer.content.decode()


def test_a_verb_that_does_not_exist_is_not_found(cast: Cast, visit: Visit) -> None:
    problem = cast.submitted()
    assert visit("lead").get(f"/problems/{problem.number}/solve/").status_code == 404


def test_a_file_is_attached_and_comes_back_as_a_download_only(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    client = visit("owner")
    page = b"<script>alert(1)</script>"
    with _file("evil.html", page) as sent:
        client.post(f"/problems/{problem.number}/attach/", {"version": problem.version, "file": sent})
    row = problem.attachments.get()
    answer = client.get(f"/problems/{problem.number}/files/{row.pk}/")
    assert answer.content == page
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_no_string_of_one_customer_reaches_another_through_the_problem_screens(cast: Cast, visit: Visit) -> None:
    secret = "Harbour warehouse scanner secret"
    theirs = cast.submitted(service="warehouse", title=secret, by=cast.lead)
    ours = cast.at(Stage.INVESTIGATING)
    strange = cast.incident("Harbour incident secret", service="warehouse")
    Problem.objects.get(pk=ours.pk).links.create(incident=strange, linked_at=clock.now(), linked_by="lead")
    for who in ("first_line", "city_first_line", "representative", "owner"):
        client = visit(who)
        pages = [
            client.get(url) for url in ("/", "/problems/", f"/problems/?q={secret[:10]}", f"/problems/{ours.number}/")
        ]
        assert all("secret" not in page.content.decode().replace(f'value="{secret[:10]}"', "") for page in pages)
        assert client.get(f"/problems/{theirs.number}/").status_code == 404
        assert client.get(f"/problems/{theirs.number}/comment/").status_code == 404
    assert "1 of other customers" in visit("owner").get(f"/problems/{ours.number}/").content.decode()


def test_a_representative_reads_only_what_is_meant_for_customers(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    desk = Desk(cast, visit, problem)
    desk.is_done("owner", "comment", text="Internal finding")
    desk.is_done("owner", "comment", text="We are working on it", for_customer="on")
    client = visit("representative")
    assert client.get(f"/problems/{problem.number}/").status_code == 404
    desk.is_done("lead", "invite_representative", user=cast.user("representative").pk)
    shown = client.get(f"/problems/{problem.number}/").content.decode()
    assert "We are working on it" in shown
    assert "Internal finding" not in shown
    assert problem.description not in shown


def _local() -> str:
    return f"{clock.now() + timedelta(hours=8):%Y-%m-%dT%H:%M}"


def _file(name: str, content: bytes) -> Any:
    return SimpleUploadedFile(name, content)
