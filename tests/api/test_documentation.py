"""The documentation of the API, as a site serves it."""

from django.test import Client

from tests.house.openapi import described


def test_the_documentation_is_served(db: None) -> None:
    served = Client().get("/api/openapi.json")
    assert set(served.json()["paths"]) == set(described()["paths"])
