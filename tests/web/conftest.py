"""Browsers without a browser: Django's test client, signed in as one of the cast."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast

Visit = Callable[..., Client]


@pytest.fixture
def visit(cast: Cast) -> Visit:
    """`visit("lead")`: a client signed in as that person, in English unless said otherwise."""

    def signed_in(name: str, *, language: str = "en", enforce_csrf: bool = False) -> Client:
        user = cast.user(name)
        user.language = language
        user.save(update_fields=["language"])
        client = Client(enforce_csrf_checks=enforce_csrf)
        client.force_login(user)
        return client

    return signed_in
