"""Search finds what one may see, and a number leads straight to its page."""

import pytest

from genyin.incidents.models import ConfigurationItem
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


def test_a_number_typed_exactly_leads_to_its_page(visit: Visit, cast: Cast) -> None:
    problem, incident = cast.submitted(), cast.incident()
    client = visit("lead")
    for typed in (problem.number, f" {problem.number.lower()} "):
        assert client.get("/search/", {"q": typed}).headers["Location"] == f"/problems/{problem.number}/"
    for typed in (incident.external_id, incident.ref):
        assert client.get("/search/", {"q": typed}).headers["Location"] == f"/incidents/{incident.ref}/"


def test_the_same_number_of_two_sources_is_left_to_the_reader(visit: Visit, cast: Cast) -> None:
    cast.incident(external_id="INC7", source="desk")
    cast.incident(external_id="INC7", source="monitor")
    text = visit("lead").get("/search/", {"q": "INC7"}).content.decode()
    assert "/incidents/desk:INC7/" in text
    assert "/incidents/monitor:INC7/" in text


def test_words_find_titles_and_configuration_items(visit: Visit, cast: Cast) -> None:
    item = ConfigurationItem.objects.filter(service=cast.services["network"]).first()
    item = item or ConfigurationItem.objects.create(service=cast.services["network"], name="SW-CORE-09")
    problem = cast.submitted(title="Telephones crackle")
    incident = cast.incident("Nobody can call", item=item)
    client = visit("first_line")
    assert problem.number in client.get("/search/?q=crackle").content.decode()
    assert incident.external_id in client.get("/search/", {"q": item.name}).content.decode()


@pytest.mark.parametrize("typed", ["crackle", "Nobody", "number", "ref"])
def test_nothing_of_another_customer_is_found(visit: Visit, cast: Cast, typed: str) -> None:
    problem, incident = cast.submitted(title="Telephones crackle"), cast.incident("Nobody can call")
    words = {"number": problem.number, "ref": incident.ref}.get(typed, typed)
    answer = visit("harbour_first_line").get("/search/", {"q": words})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Nothing found." in text
    assert "Telephones crackle" not in text
    assert "Nobody can call" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("typed", ["", "switch", "<b>", "%", "\x00", "x" * 300, "FAM-1", "FAM-99999999999"])
def test_whatever_is_typed_the_page_is_sound(visit: Visit, cast: Cast, typed: str, language: str) -> None:
    cast.submitted()
    answer = visit("lead", language=language).get("/search/", {"q": typed})
    assert answer.status_code == 200
    assert Page(answer.content.decode()).faults == []


def test_the_customers_side_finds_no_search(visit: Visit, cast: Cast) -> None:
    assert visit("representative").get("/search/?q=x").status_code == 404


def test_the_page_asks_as_often_as_was_agreed(visit: Visit, cast: Cast, queries_of: QueryCounts) -> None:
    cast.submitted(title="Telephones crackle")
    queries_of("search", visit("lead"), "/search/?q=crackle")
