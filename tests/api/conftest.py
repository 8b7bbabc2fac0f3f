"""Callers of the API: each person of the cast with a token of their own, and other systems with theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from genyin.incidents.catalogue import open_token_access
from genyin.people import actions as people
from tests.cast import ADMIN, Cast


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


@pytest.fixture
def crm(cast: Cast) -> Caller:
    """The after-sales system of the hospital's services."""
    token, secret = people.add_token("crm", source="after_sales", by=ADMIN)
    open_token_access(token=token, customer=cast.customers["hospital"], by=ADMIN)
    return Caller(secret)
