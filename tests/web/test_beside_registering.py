"""What is like a problem that is being registered, beside its form; nobody sees there what they may not see."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from genyin.incidents.models import ConfigurationItem
from genyin.knowledge import matching
from genyin.knowledge.actions import publish_known_error
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page

BESIDE, NEW = "/problems/new/beside/", "/problems/new/"


@pytest.fixture(autouse=True)
def _own_indexes() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


def typed(client: Client, title: str = "Core switch restarts", **said: Any) -> str:
    answer = client.post(BESIDE, {"title_": title, **said}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_open_problems_known_errors_and_incidents_are_shown_with_their_reasons(visit: Visit, cast: Cast) -> None:
    problem = cast.at(Stage.SOLVING, title="Core switch restarts")
    known = publish_known_error(problem, symptom="Core switch restarts at night", by=cast.owner)
    incident = cast.incident("Core switch restarts in ward two")
    text = typed(visit("first_line"))
    for address in (f"/problems/{problem.number}/", f"/known-errors/{known.number}/", f"/incidents/{incident.ref}/"):
        assert f'href="{address}" target="_blank" rel="noopener"' in text
    assert text.count("same words:") == 3
    assert "<b>1 open problem</b> · 1 known error · 1 similar incident" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_and_the_piece_are_sound_in_both_languages(visit: Visit, cast: Cast, language: str) -> None:
    cast.submitted(title="Core <b>switch</b> restarts")
    client = visit("first_line", language=language)
    page = client.get(NEW).content.decode()
    assert Page(page).faults == []
    assert f'hx-post="{BESIDE}"' in page
    assert 'role="status"' in page
    piece = typed(client)
    assert Page(piece).faults == []
    assert "<b>switch" not in piece


def test_a_closed_problem_is_not_offered_however_many_there_are(visit: Visit, cast: Cast) -> None:
    for _n in range(3):
        closed = cast.submitted(title="Core switch restarts")
        problems.cancel(closed, outcome="not_a_problem", reason="A test of the alarm.", by=cast.lead)
    still = cast.submitted(title="Core switch restarts sometimes")
    text = typed(visit("first_line"))
    assert [number for number in Problem.objects.values_list("number", flat=True) if number in text] == [still.number]


def test_a_problem_is_found_through_an_incident_that_it_caused(visit: Visit, cast: Cast) -> None:
    problem = cast.submitted(title="Firmware leaks memory", origin=cast.incident("Telephones of ward two are silent"))
    text = typed(visit("first_line"), "Telephones of ward three are silent")
    assert problem.number in text
    assert "it caused the similar incident INC00001" in text


def test_nothing_of_another_customer_is_shown_or_counted(visit: Visit, cast: Cast) -> None:
    cast.submitted(title="Core switch restarts in the harbour", service="warehouse")
    cast.incident("Core switch restarts in the harbour", service="warehouse")
    cast.submitted(title="Core switch restarts in ward two")
    text = typed(visit("first_line"))
    assert "harbour" not in text
    assert "<b>1 open problem</b> · 0 known errors · 0 similar incidents" in text
    foreign = cast.services["warehouse"].pk
    assert "same service" not in typed(visit("first_line"), service=foreign)
    assert "same service" in typed(visit("first_line"), service=cast.services["network"].pk)


def test_the_customers_side_is_shown_none_of_it(visit: Visit, cast: Cast) -> None:
    cast.submitted()
    client = visit("representative")
    assert client.post(BESIDE, {"title_": "Core switch restarts"}).status_code == 404
    assert "beside" not in client.get(NEW).content.decode()


@pytest.mark.parametrize("said", ["", " ", "\x00", "x"])
def test_too_little_to_compare_says_what_will_appear(visit: Visit, cast: Cast, said: str) -> None:
    cast.submitted()
    assert "appears here while you type" in typed(visit("first_line"), said)


@pytest.mark.parametrize("service", ["", "x", "-1", "9" * 30, "１"])
def test_a_service_that_is_none_is_no_service(visit: Visit, cast: Cast, service: str) -> None:
    problem = cast.submitted()
    assert problem.number in typed(visit("first_line"), service=service)


def test_what_is_typed_may_be_long(visit: Visit, cast: Cast) -> None:
    problem = cast.submitted()
    assert problem.number in typed(visit("first_line"), description="网" * 100_000)


def test_from_an_incident_an_open_problem_can_take_it_instead(visit: Visit, cast: Cast) -> None:
    problem, incident = cast.submitted(), cast.incident("Core switch restarts")
    client = visit("first_line")
    page = client.get(f"{NEW}?incident={incident.ref}").content.decode()
    assert 'hx-trigger="load, input' in page  # what the incident says is compared at once
    text = typed(client, origin=incident.ref)
    assert incident.title not in text.replace(problem.title, "", 1)  # it is not like itself
    link = f"/incidents/{incident.ref}/link/"
    assert f'action="{link}"' in text
    answer = client.post(link, {"problem": problem.number})
    assert (answer.status_code, answer["Location"]) == (303, f"/incidents/{incident.ref}/")
    assert problem.links.get().incident == incident


def test_the_incident_itself_is_no_reason_for_what_it_is_linked_to(visit: Visit, cast: Cast) -> None:
    incident = cast.incident("Telephones of ward two are silent")
    problem = cast.submitted(title="Firmware leaks memory", origin=incident)
    client = visit("first_line")
    assert problem.number in typed(client, incident.title)
    assert problem.number not in typed(client, incident.title, origin=incident.ref)


def test_without_an_incident_what_was_heard_can_be_added_to_it_instead(visit: Visit, cast: Cast) -> None:
    problem = cast.submitted()
    client = visit("first_line")
    text = typed(client, "Core switch restarts", description="At 3 & 4 o'clock")
    address = f"/problems/{problem.number}/comment/?text=Core+switch+restarts%0AAt+3+%26+4+o%27clock"
    assert f'hx-get="{address}"' in text
    assert "At 3 &amp; 4 o&#x27;clock" in client.get(address).content.decode()


def test_what_was_confirmed_on_its_item_is_a_reason(visit: Visit, cast: Cast) -> None:
    item = ConfigurationItem.objects.get(name="network-core-01")
    problem = cast.at(Stage.SOLVING, title="Fan worn out", origin=cast.incident("aaa", item=item))
    publish_known_error(problem, symptom="Noise.", by=cast.owner)
    incident = cast.incident("zzz", item=item)
    service = cast.services["network"].pk
    text = typed(visit("first_line"), "zzz", origin=incident.ref, service=service)
    assert "confirmed for 1 of 1 with the same configuration item" in text
    chinese = typed(visit("first_line", language="zh-hans"), "zzz", origin=incident.ref, service=service)
    assert "配置项相同的 1 起中已确认 1 起" in chinese


def test_without_scripts_a_refused_form_shows_it_and_so_does_a_preview(visit: Visit, cast: Cast) -> None:
    problem = cast.submitted()
    client = visit("first_line")
    assert '<noscript><button class="btn" name="preview"' in client.get(NEW).content.decode()
    refused = client.post(NEW, {"title_": "Core switch restarts"})
    assert refused.status_code == 422
    assert problem.number in refused.content.decode()
    said = {"title_": "Core switch restarts", "description": "typed before", "level": "high", "preview": "1"}
    shown = client.post(NEW, said)
    text = shown.content.decode()
    assert shown.status_code == 200
    assert problem.number in text
    assert "typed before</textarea>" in text
    assert "This cannot be empty." not in text  # nothing was sent yet
    assert Page(text).faults == []
    assert Problem.objects.count() == 1


def test_a_session_that_ended_does_not_lead_away_from_what_is_being_typed(cast: Cast, visit: Visit) -> None:
    assert 'hx-headers=\'{"X-Unasked": "yes"}\'' in visit("first_line").get(NEW).content.decode()
    answer = Client().post(BESIDE, {"title_": "Core switch"}, headers={"HX-Request": "true", "X-Unasked": "yes"})
    assert (answer.status_code, answer.content, "HX-Redirect" in answer.headers) == (204, b"", False)


def test_matching_that_is_being_prepared_is_said_and_asked_again(
    visit: Visit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.submitted()
    monkeypatch.setattr(matching, "ready", lambda: False)
    text = typed(visit("first_line"))
    assert "Looking for what is like it" in text
    assert f'hx-post="{BESIDE}" hx-trigger="load delay:2s" hx-target="#beside"' in text


def test_matching_that_could_not_be_prepared_is_said_and_asked_again(
    visit: Visit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.submitted(origin=cast.incident("Core switch restarts"))
    monkeypatch.setattr(matching, "ready", lambda: False)
    monkeypatch.setattr(matching, "is_failing", lambda: True)
    client = visit("first_line")
    for text in (typed(client), client.get("/incidents/desk:INC00001/related/").content.decode()):
        assert "cannot be looked up at the moment" in text
        assert 'hx-trigger="load delay:30s"' in text


def test_the_form_and_what_is_like_an_incident_cost_as_many_queries_as_they_did(
    visit: Visit, cast: Cast, queries_of: QueryCounts
) -> None:
    cast.submitted(origin=cast.incident("Core switch restarts"))
    queries_of("problem form", visit("first_line"), NEW)
    queries_of("what is like an incident", visit("first_line"), "/incidents/desk:INC00001/related/")


def test_more_of_each_kind_costs_no_query_more(visit: Visit, cast: Cast) -> None:
    client = visit("first_line")

    def asked() -> int:
        typed(client)
        with CaptureQueriesContext(connection) as captured:
            typed(client)
        return len(captured)

    def arrive() -> None:
        problem = cast.at(Stage.SOLVING, title="Core switch restarts", origin=cast.incident("Core switch restarts"))
        publish_known_error(problem, symptom="Core switch restarts at night", by=cast.owner)

    arrive()
    few = asked()
    for _n in range(3):
        arrive()
    assert asked() == few
