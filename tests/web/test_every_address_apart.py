"""Every address of the screens, asked by people of one customer, also with what belongs to another."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from genyin.incidents.models import Access
from genyin.intake import actions as intake
from genyin.intake import rejects
from genyin.intake.models import ImportRun
from genyin.people.models import ApiToken
from genyin.problems.lifecycle import TRANSITIONS
from genyin.trends.models import Candidate, Family, Run
from genyin.web.trends.decide import ANSWERS as DECISIONS
from tests.apart import OURS, SECRET, SERVICES, WORDS, World, foreign, text_of, world_of
from tests.cast import SETUP, Cast
from tests.web.conftest import Visit

pytestmark = [pytest.mark.slow, pytest.mark.once]

NARROWED = re.compile(
    r'href="(/(?:problems|incidents|known-errors|changes|trends)/(?:figures/(?:incidents/)?)?[?][^"]+)"'
)
VERBS = sorted({row.verb for row in TRANSITIONS})
#: Who asks, and for which customer they work.
READERS = {
    "owner": "hospital",
    "representative": "hospital",
    "harbour_first_line": "harbour",
}


@pytest.fixture
def world(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(rejects, "folder", lambda run: tmp_path / str(run))
    made = world_of(cast)
    for customer, word in WORDS.items():
        rows = (
            f"A-{word},{word},2026-11-02 08:00,{SERVICES[customer]},{word}\nB-{word},{word},never,{word} mail,{word}\n"
        )
        path = tmp_path / f"{word}.csv"
        path.write_text(f"编号,标题,发生时间,系统,状态\n{rows}")
        intake.run(path, source=word, by=SETUP)
    return made


def routes() -> Iterator[str]:
    """Every address of the screens as it is written in the resolver; signing in is another library's."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return (route for route in walk(get_resolver().url_patterns, "") if not route.startswith(("api/", "accounts/")))


def addresses(world: World, customer: str, verbs: list[str]) -> Iterator[str]:
    """All of them, with the customer's objects in the places of their parameters."""
    for route in routes():
        parts = [part for part in route.split("/") if part]
        found = [""]
        for place, part in enumerate(parts):
            name, _dot, ending = part.partition(">")
            choices = [part] if "<" not in name else _values(world, customer, verbs, parts[:place], name.split(":")[-1])
            found = [f"{address}/{quote(value)}{ending}" for address in found for value in choices]
        yield from (address if route and not route.endswith("/") else f"{address}/" for address in found)
    yield from (f"/search/?q={word}" for word in (*WORDS.values(), "core switch", world.full[customer].number))
    yield from (f"/{area}/?q={WORDS[customer]}" for area in ("problems", "incidents", "known-errors", "changes"))


def _values(world: World, customer: str, verbs: list[str], before: list[str], name: str) -> list[str]:
    """What stands in the place of a parameter, by the words before it. A new address needs its line here."""
    full, word, person = world.full[customer], WORDS[customer], world.casts[customer].user("representative")
    table: dict[tuple[str, str], list[str]] = {
        ("problems", "ref"): [full.number], ("problems", "verb"): verbs,
        ("problems", "number"): [str(full.attachments.get().pk)],
        ("import", "pk"): [str(run.pk) for run in ImportRun.objects.filter(source=word)],
        ("incidents", "ref"): [f"desk:{word}0"], ("incidents", "number"): [full.known_errors.get().number],
        ("known-errors", "number"): [full.known_errors.get().number],
        ("changes", "number"): [full.changes.get().address], ("reviews", "number"): [full.reviews.get().number],
        ("reviews", "item"): [str(full.reviews.get().follow_ups.get().pk)], ("procedure", "number"): ["1"],
        ("procedure", "pk"): [str(full.service_id)],
        ("candidates", "ref"): [one.ref for one in Candidate.objects.all()[:2]], ("trends", "verb"): list(DECISIONS),
        ("families", "ref"): [one.ref for one in Family.objects.all()[:4]], ("recurrences", "ref"): [full.number],
        ("novelties", "ref"): [f"desk:{word}0"],
        ("analyses", "ref"): [Run.objects.latest("id").ref], ("trends", "last"): ["0"],
        ("issued", "number"): [world.issued[customer].number], ("issued", "name"): ["report.docx", "docx"],
        ("reports", "month"): [world.report.month], ("reports", "name"): ["docx", "xlsx"],
        ("reports", "code"): ["problems_total", "incidents_opened"], ("register", "month"): [world.report.month],
        ("profile", "pk"): [str(world.delegation(customer).pk)], ("people", "username"): [person.username],
        ("tokens", "pk"): [str(token.pk) for token in ApiToken.objects.all()],
        ("access", "pk"): [str(row.pk) for row in Access.objects.filter(customer=world.cast.customers[customer])],
    }  # fmt: skip
    found = [table[word, name] for word in reversed(before) if (word, name) in table]
    assert found, f"say what stands for {name} in {'/'.join(before)}"
    return found[0]


def leaks(client: Client, asked: list[str], unseen: set[str]) -> list[str]:
    """The addresses whose answers hold what their reader must not see; a refusal may repeat what was asked for.

    Lists that are narrowed are asked too, as far as a page links them.
    """
    found, waiting = [], list(asked)
    for address in waiting:  # grows meanwhile
        answer = client.get(address)
        assert answer.status_code < 500, address
        said = text_of(answer.getvalue() if answer.streaming else answer.content)
        # Not those that a narrowed list links in turn: each can be narrowed by every other filter.
        links = {unescape(link) for link in NARROWED.findall(said)} if "?" not in address else set()
        waiting += sorted(links - set(waiting))
        if answer.status_code != 200 or "?q=" in address:
            for part in re.split("/|@|[?]q=", f"{address}/{unquote(address)}"):
                said = said.replace(part, "") if len(part) > 4 else said
        found += [f"{address}: {word}" for word in unseen if word in said]
    return found


@pytest.mark.parametrize("reader", READERS)
def test_no_page_tells_one_customers_people_anything_of_another(world: World, visit: Visit, reader: str) -> None:
    own = READERS[reader]
    # All verbs come through one view: of problems that are not theirs two are enough.
    asked = {
        address: None for other in WORDS for address in addresses(world, other, VERBS if other == own else VERBS[:2])
    }
    assert leaks(visit(reader), list(asked), foreign(world, own)) == []


def test_the_walk_finds_what_is_there(world: World, visit: Visit) -> None:
    """Without this the test above would pass on empty pages."""
    asked = list(addresses(world, "hospital", []))
    found = leaks(visit("lead"), asked, {SECRET})
    areas = {address.split("/")[1] for address in found}
    assert areas >= {
        "problems",
        "incidents",
        "known-errors",
        "changes",
        "reviews",
        "trends",
        "reports",
        "search",
        "register",
    }


def test_no_page_tells_the_customers_side_what_is_internal(world: World, visit: Visit) -> None:
    asked = list(addresses(world, "hospital", VERBS))
    assert leaks(visit("representative"), asked, {OURS}) == []
