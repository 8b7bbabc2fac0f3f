"""Incidents on screen: the list, one incident with what is like it, linking, and entry by hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from genyin.base import clock
from genyin.base.models import Event
from genyin.incidents.models import Incident
from genyin.knowledge import matching
from genyin.knowledge.actions import publish_known_error
from genyin.knowledge.models import Trial
from genyin.knowledge.reasons import joined
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


@pytest.fixture(autouse=True)
def _own_indexes() -> Iterator[None]:
    """The indexes live as long as the process; each test starts with none of another's incidents."""
    matching.forget()
    yield
    matching.forget()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ["/incidents/", "/incidents/new/", "/incidents/desk:INC00001/"])
def test_every_page_is_sound_in_both_languages(visit: Visit, cast: Cast, address: str, language: str) -> None:
    cast.incident("Mail <b>queue</b> grows", description="since noon")
    client = visit("first_line", language=language)
    for place in (address, "/incidents/desk:INC00001/related/", "/incidents/desk:INC00001/link/"):
        assert Page(client.get(place).content.decode()).faults == []


def test_the_list_is_filtered_by_what_is_asked(visit: Visit, cast: Cast) -> None:
    cast.incident("Printer jams", state="open")
    major = cast.incident("Core switch restarts", is_major=True)
    problem = cast.submitted(origin=major)
    client = visit("first_line")

    def shown(query: str) -> tuple[bool, bool]:
        text = client.get(f"/incidents/?{query}").content.decode()
        return "Printer jams" in text, "Core switch restarts</a>" in text

    assert shown("") == (True, True)
    assert shown("state=open") == (True, False)
    assert shown("major=1") == (False, True)
    assert shown("q=printer") == (True, False)
    assert shown("q=inc00001") == (True, False)
    assert shown(f"problem={problem.number}") == (False, True)
    assert shown("service=warehouse") == (False, False)
    assert shown("source=nowhere&state=nonsense&q=%00") == (False, False)


def test_pages_follow_each_other_without_a_gap(visit: Visit, cast: Cast) -> None:
    for number in range(55):
        cast.incident(f"Incident number {number:03d}")
    client = visit("first_line")
    first = client.get("/incidents/").content.decode()
    after = first[first.index("?after=") : first.index('"', first.index("?after="))]
    second = client.get(f"/incidents/{after}").content.decode()
    for number in range(55):
        assert (f"Incident number {number:03d}" in first) != (f"Incident number {number:03d}" in second)


def test_another_customers_incident_is_not_there(visit: Visit, cast: Cast) -> None:
    cast.incident("Secret of the harbour", service="warehouse")
    client = visit("first_line")
    assert "Secret of the harbour" not in client.get("/incidents/").content.decode()
    for place in ("", "related/", "link/"):
        assert client.get(f"/incidents/desk:INC00001/{place}").status_code == 404


def test_the_customers_side_has_no_incidents(visit: Visit, cast: Cast) -> None:
    cast.incident("Core switch restarts")
    client = visit("representative")
    for place in ("/incidents/", "/incidents/desk:INC00001/", "/incidents/desk:INC00001/related/", "/incidents/new/"):
        answer = client.get(place)
        assert answer.status_code == 404
        assert "Core switch" not in answer.content.decode()


def test_a_number_may_hold_a_slash(visit: Visit, cast: Cast) -> None:
    cast.incident("Odd number", external_id="2026/11/1?x#y")
    text = visit("first_line").get("/incidents/").content.decode()
    address = "/incidents/desk:2026/11/1%3Fx%23y/"
    assert address in text
    assert "Odd number" in visit("first_line").get(address).content.decode()


def test_similar_incidents_are_shown_with_their_reason_and_nothing_of_others(visit: Visit, cast: Cast) -> None:
    asked = cast.incident("Core switch restarts at night")
    cast.incident("Core switch restarts at night again")
    cast.incident("Printer out of paper")
    cast.incident("Core switch restarts at night in the harbour", service="warehouse")
    page = visit("first_line").get(f"/incidents/{asked.ref}/").content.decode()
    assert f'hx-get="/incidents/{asked.ref}/related/"' in page
    text = visit("first_line").get(f"/incidents/{asked.ref}/related/").content.decode()
    assert "restarts at night again" in text
    assert "same words" in text
    assert "harbour" not in text
    assert "Printer out of paper" not in text


def known_error_of(cast: Cast) -> Any:
    problem = cast.at(Stage.SOLVING, title="Core switch restarts", origin=cast.incident("Core switch restarts nightly"))
    return publish_known_error(
        problem, symptom="Core switch restarts at night", workaround="Restart it on Sunday.", by=cast.owner
    )


@pytest.mark.procedure("R36", "R48")
def test_first_line_finds_the_known_error_and_says_that_it_worked(visit: Visit, cast: Cast) -> None:
    known, incident = known_error_of(cast), cast.incident("Core switch restarts at night")
    client = visit("first_line")
    text = client.get(f"/incidents/{incident.ref}/related/").content.decode()
    assert known.number in text
    assert "Restart it on Sunday." in text
    answer = client.post(f"/incidents/{incident.ref}/known-errors/{known.number}/", {"result": "worked"})
    assert answer.status_code == 303
    assert Trial.objects.get().result == "worked"
    assert "worked 1 of 1" in client.get(f"/incidents/{incident.ref}/related/").content.decode()


def test_a_result_nobody_knows_is_refused_and_nothing_is_written(visit: Visit, cast: Cast) -> None:
    known, incident = known_error_of(cast), cast.incident()
    answer = visit("first_line").post(f"/incidents/{incident.ref}/known-errors/{known.number}/", {"result": "maybe"})
    assert answer.status_code == 422
    assert not Trial.objects.exists()


def test_an_auditor_is_offered_no_button_and_refused(visit: Visit, cast: Cast) -> None:
    known, incident = known_error_of(cast), cast.incident("Core switch restarts at night")
    client = visit("auditor")
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert "Register a problem" not in page
    assert "Does not apply" not in client.get(f"/incidents/{incident.ref}/related/").content.decode()
    answer = client.post(f"/incidents/{incident.ref}/known-errors/{known.number}/", {"result": "worked"})
    assert answer.status_code == 403


@pytest.mark.procedure("R41")
def test_an_incident_is_linked_to_the_similar_problem_that_is_offered(visit: Visit, cast: Cast) -> None:
    problem, incident = cast.submitted(title="Core switch restarts"), cast.incident("Core switch restarts at night")
    client = visit("first_line")
    assert problem.number in client.get(f"/incidents/{incident.ref}/link/").content.decode()
    answer = client.post(f"/incidents/{incident.ref}/link/", {"suggested": problem.number})
    assert answer.status_code == 303
    assert problem.links.get().incident == incident
    assert problem.number in client.get(f"/incidents/{incident.ref}/").content.decode()


@pytest.mark.parametrize("number", ["", "WT-000000-000"])
def test_a_problem_that_is_not_there_is_refused_beside_its_field(visit: Visit, cast: Cast, number: str) -> None:
    incident = cast.incident()
    answer = visit("first_line").post(f"/incidents/{incident.ref}/link/", {"problem": number})
    assert answer.status_code == 422
    assert not incident.links.exists()


def test_problems_of_others_behind_an_incident_are_a_count(visit: Visit, cast: Cast) -> None:
    incident = cast.incident()
    theirs = cast.submitted(service="warehouse", title="Secret of the harbour")
    problems.link_incident(theirs, linked=[incident], by=cast.lead)
    text = visit("first_line").get(f"/incidents/{incident.ref}/").content.decode()
    assert "1 of other customers" in text
    assert "Secret" not in text
    assert theirs.number not in text


ENTRY = {
    "title_": "Phone is dead", "impact": "high", "service_impact": "down", "outage_minutes": "12",
    "environment": "production", "description": "All of the ward", "reporter": "Nurse",
}  # fmt: skip


@pytest.mark.procedure("R18")
def test_first_line_enters_an_incident_by_hand(visit: Visit, cast: Cast) -> None:
    said = {**ENTRY, "service": cast.services["network"].pk, "occurred_at": "2026-01-05T08:30"}
    answer = visit("first_line").post("/incidents/new/", said)
    assert answer.status_code == 303
    incident = Incident.objects.get()
    assert (incident.source, incident.outage_minutes, incident.impact, incident.service_impact) == (
        "manual", 12, "high", "down",
    )  # fmt: skip
    assert f"{incident.occurred_at:%Y-%m-%d %H:%M}" == "2026-01-05 00:30"  # the site's zone is eight hours ahead
    assert answer.headers["Location"] == f"/incidents/{incident.ref}/"
    visit("first_line").post("/incidents/new/", {**said, "title_": "Another"})
    assert Incident.objects.values("external_id").distinct().count() == 2


def test_what_is_wrong_with_an_entry_is_said_beside_its_field_and_uses_no_number_up(visit: Visit, cast: Cast) -> None:
    before = Event.objects.count()
    ahead = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    wrong = {**ENTRY, "service": cast.services["warehouse"].pk, "occurred_at": ahead, "outage_minutes": "-1"}
    answer = visit("first_line").post("/incidents/new/", wrong)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "cannot have occurred in the future" in text
    assert "Choose one of the list." in text  # a service of another customer
    assert "All of the ward" in text
    assert not Incident.objects.exists()
    assert Event.objects.count() == before


def test_an_auditor_enters_nothing(visit: Visit) -> None:
    assert visit("auditor").get("/incidents/new/").status_code == 403


@pytest.mark.parametrize("rows", [10, 50])
def test_the_list_asks_the_same_for_many_rows(visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int) -> None:
    for _ in range(rows):
        cast.incident()
    queries_of("incident list", visit("first_line"), "/incidents/")


@pytest.mark.parametrize("rows", [1, 12])
def test_an_incident_asks_the_same_whatever_is_linked(
    visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int
) -> None:
    incident = cast.incident(history=[{"at": None, "field": "state", "before": "", "after": "x", "by": ""}] * rows)
    for number in range(rows):
        problem = cast.submitted(title=f"Core switch restarts {number}")
        problems.link_incident(problem, linked=[incident], by=cast.lead)
    queries_of("incident", visit("first_line"), f"/incidents/{incident.ref}/")


@pytest.mark.parametrize(
    ("words", "text", "told"),
    [
        (["户名", "用户", "密码", "名或", "或密"], "VPN 提示用户名或密码错误", ["用户名或密码"]),
        (["密码", "码没", "没改"], "密码错误，密码没改过", ["密码", "密码没改"]),
        (["网络", "交换", "换机", "vpn"], "交换机断电，网络中断", ["交换机", "网络", "vpn"]),
        (["用户名", "用户"], "用户名错误", ["用户名"]),
        (["网络", "网络", "中断"], "network outage", ["网络", "中断"]),
        (["switch", "night"], "Core switch restarts at night", ["switch", "night"]),
        ([], "", []),
    ],
)
def test_shared_pairs_of_characters_are_told_as_the_text_writes_them(
    words: list[str], text: str, told: list[str]
) -> None:
    assert joined(words, text) == told
