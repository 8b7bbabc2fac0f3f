"""Three customers: no string of one reaches another, and none of ours reaches any, whatever is asked."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from genyin.incidents.catalogue import open_token_access
from genyin.people import actions as people
from genyin.trends.models import Candidate, Family
from tests.apart import OURS, SECRET, WORDS, World, foreign, text_of, world_of
from tests.api.conftest import Answer, Caller, Callers
from tests.cast import ADMIN, Cast
from tests.house.openapi import described

#: Who asks, and for which customer they work.
STRANGERS = {
    "owner": "hospital",
    "harbour_first_line": "harbour",
    "harbour_representative": "harbour",
    "city_first_line": "city",
    "harbour_crm": "harbour",
}


@pytest.fixture
def world(cast: Cast) -> World:
    return world_of(cast)


def refs(world: World, customer: str) -> dict[str, list[str]]:
    """What stands in the place of each parameter of an address; a new address needs its line here."""
    full, word = world.full[customer], WORDS[customer]
    return {
        "/api/problems": [full.number, *([world.own.number, world.copy.number] if customer == "harbour" else [])],
        "/api/incidents": [f"desk:{word}0"],
        "/api/known-errors": [full.known_errors.get().number],
        "/api/changes": [full.changes.get().number],
        "/api/reviews": [full.reviews.get().number],
        "/api/candidates": [one.ref for one in Candidate.objects.order_by("id")[:3]],
        "/api/families": [one.ref for one in Family.objects.order_by("id")[:2]],
        "/api/reports": [world.issued[customer].number],
        "/api/users": [world.casts[customer].user("representative").username],
        "number": [str(full.attachments.get().pk)],
    }


@pytest.fixture
def harbour_crm(cast: Cast) -> Caller:
    token, secret = people.add_token("harbour crm", source="after_sales", by=ADMIN)
    open_token_access(token=token, customer=cast.customers["harbour"], by=ADMIN)
    return Caller(secret)


def everything(caller: Caller, world: World, customers: Iterable[str] = WORDS) -> Iterator[tuple[str, Answer]]:
    """Every address that can be read, with every object there is in place of its parameters."""
    asked: dict[str, None] = {}
    for customer in customers:
        known = refs(world, customer)
        for path in _readable():
            asked |= dict.fromkeys(_filled(path, known))
    for address in asked:
        query = {"month": world.report.month} if address.startswith(("/api/reg", "/api/reports/draft")) else {}
        yield address, caller.get(address.removeprefix("/api/"), **query)
    for word in (*WORDS.values(), OURS):
        yield "match", caller.post("match", {"text": f"{word} core switch restarts", "k": 50})


def _readable() -> tuple[str, ...]:
    """Every address with a GET."""
    return tuple(path for path, methods in described()["paths"].items() if "get" in methods)


def _filled(path: str, known: dict[str, list[str]]) -> list[str]:
    base = "/".join(path.split("/")[:3])
    found = [path.replace("{ref}", ref).replace("{login}", ref) for ref in known.get(base, [""])]
    words = {
        "{number}": known["number"][0],
        "{code}": "problems_total",
        "{format}": "xlsx",
        "{name}": "script of owner",
    }
    for word, value in words.items():
        found = [address.replace(word, value) for address in found]
    assert not any("{" in address for address in found), f"say what stands in {path}"
    return sorted(set(found))


def _text(answer: Answer) -> str:
    return text_of(answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode())


def _without_echo(address: str, answer: Answer) -> str:
    """A refusal repeats what was asked for; that is the caller's own word."""
    said = _text(answer)
    for part in address.split("/") if answer.status == 404 else ():
        said = said.replace(part, "") if part else said
    return said


@pytest.mark.parametrize("name", STRANGERS)
def test_no_string_of_one_customer_reaches_another(
    world: World, callers: Callers, harbour_crm: Caller, name: str
) -> None:
    unseen = foreign(world, STRANGERS[name])
    leaks = [
        f"{address}: {word}"
        for address, answer in everything(harbour_crm if name == "harbour_crm" else callers(name), world)
        for word in unseen
        if word in _without_echo(address, answer)
    ]
    assert leaks == []


def test_the_strangers_are_refused_what_is_not_theirs_as_if_it_were_not_there(world: World, callers: Callers) -> None:
    stranger, number = callers("harbour_first_line"), world.theirs.number
    hidden = stranger.get(f"problems/{number}")
    assert (hidden.status, hidden["message"]) == (404, stranger.get("problems/WT-0")["message"].replace("WT-0", number))
    assert stranger.post(f"problems/{number}/comment", {"text": "hello"}).status == 404
    linked = stranger.post(f"problems/{world.own.number}/link_incident", {"incidents": [f"desk:{SECRET}3"]})
    unknown = stranger.post(f"problems/{world.own.number}/link_incident", {"incidents": ["desk:none"]})
    assert (linked.status, linked["code"]) == (unknown.status, unknown["code"]) == (422, "unknown_reference")


def test_an_incident_of_another_customer_is_a_count(world: World, callers: Callers) -> None:
    seen = callers("harbour_first_line").get(f"problems/{world.own.number}")
    assert (len(seen["incidents"]), seen["incidents_hidden"]) == (2, 1)
    assert callers("harbour_first_line").get(f"problems/{world.copy.number}")["duplicate_of"] == ""


def test_the_own_people_do_find_these_strings(world: World, callers: Callers) -> None:
    """Without this the tests above would pass on empty answers."""
    found = {
        address for address, answer in everything(callers("owner"), world, ["hospital"]) if SECRET in _text(answer)
    }
    kinds = (
        "problems",
        "incidents",
        "known-errors",
        "reviews",
        "candidates",
        "families",
        "follow-ups",
        "match",
    )
    missing = [kind for kind in kinds if not any(kind in address for address in found)]
    assert missing == []


def test_a_representative_reads_what_is_meant_for_the_customer_and_nothing_else(world: World, callers: Callers) -> None:
    answers: list[tuple[str, Any]] = list(everything(callers("representative"), world, ["hospital"]))
    assert [address for address, answer in answers if OURS in _text(answer)] == []
    said = " ".join(_text(answer) for _address, answer in answers)
    assert f"{SECRET} for you" in said
    assert f"{SECRET} is mended" in said
    problem = callers("representative").get(f"problems/{world.theirs.number}")
    assert set(problem.body) == {"view", "number", "title", "stage", "status", "verbs", "comments", "reviews"}
    assert [offer["verb"] for offer in problem["verbs"]] == ["comment"]


def test_what_a_representative_writes_the_customer_may_read(world: World, callers: Callers) -> None:
    path = f"problems/{world.theirs.number}/comment"
    said = callers("representative").post(path, {"text": "Still quiet.", "visibility": "internal"})
    assert said.status == 200
    assert "Still quiet." in [comment["text"] for comment in said["comments"]]
