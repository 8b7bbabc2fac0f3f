"""The first of its kind on the screens: suggested, made a problem or waived, in nobody's way."""

import re
from collections.abc import Iterator

import pytest

from genyin.knowledge import matching
from genyin.problems.models import Problem
from genyin.trends.models import Novelty
from tests.actions.test_novelty import NEW, history, judged
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


@pytest.fixture(autouse=True)
def nothing_indexed() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


@pytest.fixture
def suggested(cast: Cast) -> Novelty:
    history(cast)
    found = judged(cast)
    assert found.state == "suggested"
    return found


@pytest.mark.procedure("R38")
def test_an_incident_never_seen_before_is_suggested_and_becomes_a_problem_that_says_so(
    cast: Cast, visit: Visit, suggested: Novelty
) -> None:
    client, incident = visit("first_line"), suggested.incident
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert "First of its kind" in page
    assert "500 incidents" in page
    assert "badge" in page.lower().partition("never seen before:")[2]
    address = re.search(r'href="(/problems/new/\?[^"]*reason=first_occurrence[^"]*)"', page)
    assert address is not None
    form = client.get(address.group(1).replace("&amp;", "&")).content.decode()
    assert NEW in form
    assert re.search(r'value="first_occurrence"[^>]* checked', form)
    said = {
        "title_": NEW, "description": "All of them.", "service": cast.services["network"].pk, "category": "hardware",
        "level": "medium", "source": "incident", "reason": "first_occurrence", "origin": incident.ref,
    }  # fmt: skip
    assert client.post("/problems/new/", said).status_code == 303
    problem = Problem.objects.get()
    assert (problem.reason, problem.links.get().incident) == ("first_occurrence", incident)
    page = client.get(f"/incidents/{incident.ref}/").content.decode()
    assert "A problem stands behind it." in page
    assert "in a problem 1" in client.get("/trends/").content.decode()


@pytest.mark.procedure("R38")
def test_it_is_waived_with_a_reason_and_counted(visit: Visit, suggested: Novelty) -> None:
    client, ref = visit("first_line"), suggested.incident.ref
    assert "waived 0 · open 1" in client.get("/trends/").content.decode()
    address = f"/trends/novelties/{ref}/waive/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "A drill of the guards."}).status_code == 303
    page = client.get(f"/incidents/{ref}/").content.decode()
    assert "Waived by first line: A drill of the guards." in page
    assert "suggested 1 · in a problem 0 · waived 1 · open 0" in client.get("/trends/").content.decode()


def test_nobody_is_shown_an_answer_that_is_not_theirs(visit: Visit, suggested: Novelty) -> None:
    ref = suggested.incident.ref
    assert "/waive/" not in visit("owner").get(f"/incidents/{ref}/").content.decode()
    assert "/waive/" not in visit("auditor").get("/trends/").content.decode()
    assert ref not in visit("harbour_first_line").get("/trends/").content.decode()


def test_where_too_little_came_before_the_page_says_that_it_does_not_say(cast: Cast, visit: Visit) -> None:
    ref = judged(cast).incident.ref
    page = visit("first_line").get(f"/incidents/{ref}/").content.decode()
    assert "fewer than 500 incidents" in page
    assert "Waive" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_sound_in_both_languages(visit: Visit, suggested: Novelty, language: str) -> None:
    client, ref = visit("lead", language=language), suggested.incident.ref
    for address in (f"/incidents/{ref}/", "/trends/", f"/trends/novelties/{ref}/waive/"):
        assert Page(client.get(address).content.decode()).faults == [], address


def test_the_page_of_a_suggested_incident_makes_a_known_number_of_queries(
    visit: Visit, suggested: Novelty, queries_of: QueryCounts
) -> None:
    queries_of("incident first of its kind", visit("lead"), f"/incidents/{suggested.incident.ref}/")


def test_a_list_of_suggestions_makes_no_more_queries_than_one(
    cast: Cast, visit: Visit, suggested: Novelty, queries_of: QueryCounts
) -> None:
    for title in ("Lift stops between floors", "Pharmacy fridge warm", "Dosimeter reads zero"):
        assert judged(cast, title).state == "suggested"
    queries_of("trends with suggestions", visit("lead"), "/trends/")
