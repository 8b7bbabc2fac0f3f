"""Callers of the API: each person of the cast with a token of their own, and other systems with theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

import genyin.api.routes  # noqa: F401 (it describes itself when imported: before any test changes the rate)
from genyin.api import rate
from genyin.base.models import Event
from genyin.incidents.catalogue import open_token_access
from genyin.people import actions as people
from tests.cast import ADMIN, Cast

REGISTER = {"service": "network", "category": "hardware", "level": "high", "reason": "cause_unknown"}


@dataclass
class Answer:
    """What came back: `body` is the JSON."""

    status: int
    body: Any
    headers: Any

    def __getitem__(self, key: str) -> Any:
        return self.body[key]

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.body["details"]["errors"]]


class Caller:
    """Somebody who calls the API with a token."""

    def __init__(self, secret: str, language: str = "en") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": language})

    def get(self, path: str, **query: Any) -> Answer:
        return _answer(self.client.get(f"/api/{path}", query))

    def post(self, path: str, body: Any = None) -> Answer:
        return _answer(self.client.post(f"/api/{path}", {} if body is None else body, content_type="application/json"))

    def raw(self, path: str, content: bytes, content_type: str = "application/json") -> Answer:
        return _answer(self.client.generic("POST", f"/api/{path}", content, content_type))


def _answer(response: Any) -> Answer:
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return Answer(response.status_code, response.json() if is_json else response.content, response.headers)


@pytest.fixture(autouse=True)
def static_folder(settings: Any) -> None:
    """The middleware that serves the screens' files warns of a folder that is not there."""
    settings.STATIC_ROOT = None


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """Each test's callers get the numbers of the last one's, who may have asked much."""
    rate.forget()


Callers = Callable[[str], Caller]


@pytest.fixture
def callers(cast: Cast) -> Callers:
    """A caller for each person of the cast, by name."""
    known: dict[str, Caller] = {}

    def caller(name: str) -> Caller:
        if name not in known:
            _token, secret = people.add_token(f"script of {name}", user=cast.user(name), by=ADMIN)
            known[name] = Caller(secret)
        return known[name]

    return caller


Another = Callable[[str, str], Caller]


@pytest.fixture
def another(cast: Cast) -> Another:
    """`another("crm", "after_sales")`: another system of the hospital's services, by its name and coded source."""

    def caller(name: str, source: str) -> Caller:
        token, secret = people.add_token(name, source=source, by=ADMIN)
        open_token_access(token=token, customer=cast.customers["hospital"], by=ADMIN)
        return Caller(secret)

    return caller


@pytest.fixture
def crm(another: Another) -> Caller:
    """The after-sales system of the hospital's services."""
    return another("crm", "after_sales")


class Walk:
    """One problem and the people who take it along."""

    def __init__(self, callers: Callers, number: str) -> None:
        self.callers, self.number = callers, number

    def __call__(self, who: str, verb: str, **body: object) -> Answer:
        return self.callers(who).post(f"problems/{self.number}/{verb}", body)

    def does(self, who: str, verb: str, **body: object) -> Answer:
        answer = self(who, verb, **body)
        assert answer.status == 200, (verb, answer.body)
        return answer

    def is_refused(self, who: str, verb: str, **body: object) -> list[str]:
        """The points that are named."""
        before = Event.objects.count()
        answer = self(who, verb, **body)
        assert answer.status in (403, 409), (verb, answer.body)
        assert Event.objects.count() == before
        return [point["code"] for point in answer["details"]["points"]]

    def problem(self, who: str = "lead") -> Answer:
        return self.callers(who).get(f"problems/{self.number}")


@pytest.fixture
def walk(cast: Cast, callers: Callers) -> Walk:
    """First line has registered a problem from an incident."""
    incident = cast.incident(is_major=False)
    for name in ("first_line", "lead", "owner", "analyst", "deputy"):
        callers(name)  # each makes its token now, so that refusals later can be seen to write nothing
    made = callers("first_line").post(
        "problems", {"title": "Core switch restarts", "source": "incident", "incident": incident.ref,
                     "description": "Every few nights.", **REGISTER}
    )  # fmt: skip
    assert made.status == 201
    return Walk(callers, made["number"])
