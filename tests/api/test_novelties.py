"""The first of its kind over the API: listed, counted, waived."""

from collections.abc import Iterator

import pytest

from genyin.knowledge import matching
from genyin.people import actions as people
from tests.actions.test_novelty import NEW, history, judged
from tests.api.conftest import Caller
from tests.cast import ADMIN, Cast


@pytest.fixture(autouse=True)
def nothing_indexed() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


def caller(cast: Cast, name: str) -> Caller:
    return Caller(people.add_token(name, user=cast.user(name), by=ADMIN)[1])


def test_a_suggestion_is_listed_waived_with_a_reason_and_counted(cast: Cast) -> None:
    history(cast)
    ref = judged(cast).incident.ref
    first_line = caller(cast, "first_line")
    (listed,) = first_line.get("novelties").body["items"]
    assert (listed["incident"], listed["title"], listed["state"]) == (ref, NEW, "open")
    assert "badge" in listed["unseen"]
    assert first_line.post(f"novelties/{ref}/waive", {"reason": " "}).status == 422
    told = first_line.post(f"novelties/{ref}/waive", {"reason": "A drill."}).body
    assert (told["state"], told["reason"], told["waived_by"]) == ("waived", "A drill.", "first line")
    assert first_line.post(f"novelties/{ref}/waive", {"reason": "A drill."}).status == 409
    assert first_line.get("novelties").body["items"] == []
    assert first_line.get("novelties/counts").body == {"suggested": 1, "open": 0, "in_problem": 0, "waived": 1}


def test_another_customers_suggestions_are_not_there(cast: Cast) -> None:
    history(cast)
    ref = judged(cast).incident.ref
    harbour = caller(cast, "harbour_first_line")
    assert harbour.get("novelties").body["items"] == []
    assert harbour.get("novelties/counts").body["suggested"] == 0
    assert harbour.post(f"novelties/{ref}/waive", {"reason": "A drill."}).status == 404
