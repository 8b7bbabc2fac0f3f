"""What is like a text or an incident, over the API: with reasons that add up, and nothing of others."""

from collections.abc import Iterator

import pytest

from genyin.incidents.models import ConfigurationItem
from genyin.knowledge import matching
from genyin.knowledge.actions import publish_known_error
from genyin.knowledge.models import KnownError
from genyin.knowledge.reasons import STRENGTHS
from tests.api.conftest import Caller, Callers
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _own_indexes() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


@pytest.fixture
def known(cast: Cast) -> KnownError:
    item = ConfigurationItem.objects.get(name="network-core-01")
    origin = cast.incident("Core switch restarts", item=item)
    problem = cast.at("solving", title="Firmware leaks memory", origin=origin)
    return publish_known_error(problem, symptom="Free memory shrinks.", by=cast.owner)


def test_a_text_finds_incidents_known_errors_and_problems(callers: Callers, known: KnownError) -> None:
    found = callers("first_line").post("match", {"text": "The core switch restarts", "service": "network"}).body
    assert [hit["ref"] for hit in found["incidents"]] == ["desk:INC00001"]
    assert [hit["ref"] for hit in found["known_errors"]] == [known.number]
    assert known.problem is not None
    assert [hit["ref"] for hit in found["problems"]] == [known.problem.number]
    for hit in (*found["incidents"], *found["known_errors"], *found["problems"]):
        assert hit["score"] in STRENGTHS
        assert all(why["share"] % 10 == 0 for why in hit["why"])
        assert 80 <= sum(abs(why["share"]) for why in hit["why"]) <= 120
        assert "same words: " in hit["reason"]


def test_how_many_others_have_the_same_is_read_from_no_figure(callers: Callers, cast: Cast) -> None:
    for n in range(60):
        cast.incident(f"Gate {n} is stuck", service="warehouse", category=f"gate-{n % 9}")
    cast.incident("Contoso", service="warehouse", category="vault-07")
    asked = {"text": "Contoso", "service": "warehouse", "category": "vault-07"}
    told = []
    for _hidden in range(4):
        told.append(callers("harbour_first_line").post("match", asked).body["incidents"])
        cast.incident("Merger with Contoso, data room", service="network", category="vault-07")
    assert {"same_code", "term"} <= {why["code"] for why in told[0][0]["why"]}
    assert told[0] == told[1] == told[2] == told[3]


def test_coded_fields_find_what_was_confirmed_on_them(callers: Callers, known: KnownError) -> None:
    said = {"text": "zzz", "service": "network", "item": "NETWORK-CORE-01"}
    (hit,) = callers("first_line").post("match", said).body["known_errors"]
    assert hit["ref"] == known.number
    assert [(why["code"], why["field"], why["detail"]) for why in hit["why"]] == [("confirmed", "item", "1/1")]
    assert hit["reason"] == "confirmed for 1 of 1 with the same configuration item"
    assert callers("first_line").post("match", {**said, "item": "another"}).body["known_errors"] == []
    assert callers("harbour_first_line").post("match", {**said, "service": "warehouse"}).body["known_errors"] == []


def test_the_reason_is_told_in_the_language_that_is_asked_for(callers: Callers, known: KnownError) -> None:
    english: Caller = callers("first_line")
    english.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    (hit,) = english.post("match", {"text": "core switch restarts"}).body["incidents"]
    assert "相同词：" in hit["reason"]


def test_an_incident_finds_problems_too(callers: Callers, cast: Cast, known: KnownError) -> None:
    asked = cast.incident("Core switch restarts again")
    found = callers("first_line").get(f"incidents/{asked.ref}/similar").body
    assert known.problem is not None
    assert [hit["ref"] for hit in found["problems"]] == [known.problem.number]
    assert [hit["ref"] for hit in found["known_errors"]] == [known.number]


def test_a_field_nobody_knows_is_refused(callers: Callers, cast: Cast) -> None:
    answer = callers("first_line").post("match", {"text": "core switch", "colour": "red"})
    assert (answer.status, answer["field"]) == (400, "colour")


def test_while_matching_is_being_prepared_the_answer_says_when_to_ask_again(
    callers: Callers, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, first_line = cast.incident("Core switch restarts"), callers("first_line")
    monkeypatch.setattr(matching, "ready", lambda: False)
    for answer in (first_line.post("match", {"text": "core switch"}), first_line.get(f"incidents/{asked.ref}/similar")):
        assert (answer.status, answer["code"]) == (503, "not_available")
        assert answer.headers["Retry-After"] == "30"
