"""Every form that a customer's people come to: naming another customer's things in it is as naming nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urldefrag

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from genyin.base.models import Event
from tests.apart import SERVICES, World, foreign, world_of
from tests.cast import Cast
from tests.web.conftest import Visit

pytestmark = [pytest.mark.slow, pytest.mark.once]

#: Of each kind of page this many are read: lists link to many alike.
ALIKE = 3
TYPED = re.compile("service|customer|project|problem|original|incident|family|other|change|ref|number|source|item")
PERSONS = re.compile("(owner(_[1-9])?|to|members|user)$")
#: Without these the test would pass where nobody comes to a form.
REACHED = {
    "harbour_owner": {
        "members",
        "user",
        "owner",
        "to",
        "incidents",
        "incident",
        "problem",
        "service",
        "other",
        "suggested",
    },
    "harbour_first_line": {"to", "incidents", "incident", "problem", "service", "other", "suggested"},
    "harbour_representative": {"to", "service"},
}
Fields = dict[str, list[str]]


@dataclass
class Found(HTMLParser):
    """The addresses that a page links to, and its forms: where each is sent, with what is filled in already."""

    text: str
    links: list[str] = field(default_factory=list)
    forms: list[tuple[str, Fields]] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.inside = ""
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "hx-get") if given.get(name, "").startswith("/")]
        if tag == "form" and given.get("method") == "post":
            self.forms.append((given.get("action", ""), {}))
        name = given.get("name", "")
        if tag in ("input", "textarea", "select") and name and self.forms:
            self.inside = name
            filled = given.get("type") not in ("checkbox", "radio") or "checked" in given
            self.forms[-1][1].setdefault(name, []).extend([given.get("value", "")] if filled else [])
            self.chosen |= {name} if tag == "select" or given.get("type") in ("checkbox", "radio", "hidden") else set()
        if tag == "option" and "selected" in given and self.forms and self.inside:
            self.forms[-1][1][self.inside] = [given.get("value", "")]


def crawled(client: Client, world: World) -> Iterator[tuple[str, Found]]:
    """The pages one comes to from the home page and from what is the customer's, a few of each kind."""
    full = world.full["harbour"]
    waiting = ["/", f"/problems/{full.number}/", f"/problems/{world.own.number}/", "/problems/new/", "/incidents/new/"]
    kinds: Counter[str] = Counter()
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        kind = _kind(address)
        kinds[kind] += 1
        if not kind or kinds[kind] > ALIKE:
            continue
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
            continue
        found = Found(answer.content.decode())
        yield address, found
        fresh = [link for link in dict.fromkeys(urldefrag(unescape(one))[0] for one in found.links) if link not in seen]
        seen |= set(fresh)
        waiting += fresh


def _kind(address: str) -> str:
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return ""
    return f"{match.route} {match.kwargs.get('verb', '')} {'?' in address}"


def _said(answer: str, *sent: str) -> str:
    """The words and addresses of a page without what was sent, which it shows again."""
    page = re.sub(r"<script.*?</script>|<style.*?</style>", "", unescape(answer), flags=re.DOTALL)
    addresses = " ".join(Found(page).links)
    words = {word for one in sent for word in (one, *one.split())}
    names = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<!\w)({names})(?!\w)", "…", re.sub(r"<[^>]*>", " ", page) + addresses)


def posted(client: Client, address: str, values: Fields) -> tuple[str, set[str]]:
    """What comes back and what happened; then everything is as it was."""
    last = Event.objects.latest("seq").seq
    with transaction.atomic():
        answer = client.post(address, values, headers={"HX-Request": "true"})
        happened = set(Event.objects.filter(seq__gt=last).values_list("verb", flat=True))
        transaction.set_rollback(True)
    assert answer.status_code < 500, address
    return f"{answer.status_code} {answer.headers.get('HX-Redirect', '')} {answer.content.decode()}", happened


def named(world: World, customer: str, field: str, *, chosen: bool) -> list[str]:
    """What may be typed into a field, or chosen in one, of a customer's."""
    full, service = world.full[customer], world.cast.services[SERVICES[customer]]
    incident, change = service.incidents.earliest("id"), full.changes.get()
    if not chosen:
        typed = [full.number, incident.ref, service.name, change.number, f"{customer} customer"]
        return typed if TYPED.search(field) else []
    one = [incident.pk, incident.ref]
    known = full.known_errors.get()
    things: dict[str, list[object]] = {
        "service": [service.pk, service.name], "items": [service.items.get().pk], "change": [change.pk, change.number],
        "incident": one, "suggested": one, "origin": one, "task": [full.tasks.get().pk],
        "known": [known.pk, known.number],
    }  # fmt: skip
    people = [world.casts[customer].user("representative").pk]
    return [str(thing) for thing in things.get(field, people if PERSONS.match(field) else [])]


def nobodys(name: str) -> str:
    """Of the same shape, and nobody's."""
    return "987654" if name.isdecimal() else name.translate(str.maketrans("0123456789aeiou", "9876543210uoiea"))


@pytest.fixture
def world(cast: Cast) -> World:
    return world_of(cast)


@pytest.mark.parametrize("person", REACHED)
def test_a_form_that_names_what_another_customer_has_is_answered_as_if_nobody_had_it(
    world: World, visit: Visit, person: str
) -> None:
    client, unseen = visit(person), foreign(world, "harbour")
    forms: dict[str, tuple[Fields, set[str]]] = {}
    tried, differing, leaks = set(), [], []
    for address, page in crawled(client, world):
        forms |= {action or address: (values, page.chosen) for action, values in page.forms}
    for action, (values, choices) in forms.items():
        for name in values.keys() - {"csrfmiddlewaretoken", "version"}:
            for real in named(world, "hospital", name, chosen=name in choices):
                made_up = nobodys(real)
                tried.add(name)
                answers = (posted(client, action, {**values, name: [one]}) for one in (real, made_up))
                (answer, done), (other, usual) = answers
                first, second = _said(answer, real, made_up), _said(other, real, made_up)
                if done != usual or first != second:
                    differing.append((action, name, real, done, usual, _apart(first, second)))
                leaks += [(action, name, word) for word in unseen if word in first]
    assert not differing, differing
    assert not leaks, leaks
    assert tried >= REACHED[person]


def _apart(first: str, second: str) -> str:
    place = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    return f"{first[max(0, place - 80) : place + 200]} | {second[max(0, place - 80) : place + 200]}"
