"""The committed number of queries per page is kept, and the keeper itself notices a change."""

import json
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from tests.house.query_counts import BASELINE, QueryCounts


def two_queries(request: HttpRequest) -> HttpResponse:
    return HttpResponse([str(ContentType.objects.count()), str(ContentType.objects.filter(model="x").exists())])


urlpatterns = [path("two/", two_queries)]


def test_pages_have_a_baseline() -> None:
    assert json.loads(BASELINE.read_text())


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_page_that_asks_more_than_before_is_refused(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MIDDLEWARE = []
    baseline = tmp_path / "counts.json"
    assert QueryCounts(write=True, path=baseline)("a page", client, "/two/") == 2
    assert QueryCounts(write=False, path=baseline)("a page", client, "/two/") == 2
    baseline.write_text('{"a page": 1}')
    with pytest.raises(AssertionError, match="a page: 2 queries, the baseline says 1"):
        QueryCounts(write=False, path=baseline)("a page", client, "/two/")
    with pytest.raises(AssertionError, match="the baseline says None"):
        QueryCounts(write=False, path=baseline)("another page", client, "/two/")
