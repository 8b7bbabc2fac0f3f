"""Addresses nobody wrote in good faith: answered in words, on both databases, never by an error of ours."""

import base64
import json

import pytest

from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from tests.cast import Cast
from tests.web.conftest import Visit


@pytest.mark.parametrize(
    "address", ["/problems/%00/", "/incidents/a%3A%00/", "/reviews/%00/", "/changes/%00/", "/known-errors/%00/"]
)
def test_nothing_is_named_by_nul(visit: Visit, address: str) -> None:
    assert visit("lead").get(address).status_code == 404


@pytest.mark.parametrize("address", ["/problems/?stage=%00x", "/known-errors/?state=%00x", "/changes/?state=%00x"])
def test_nul_in_a_filter_finds_nothing(visit: Visit, address: str) -> None:
    assert visit("lead").get(address).status_code == 200


def test_nul_in_an_incident_to_register_from_is_not_found(visit: Visit) -> None:
    assert visit("lead").get("/problems/new/?incident=a%3A%00").status_code == 404
    assert visit("lead").post("/problems/new/", {"origin": "a:\x00"}).status_code == 404


@pytest.mark.parametrize(
    "values", [["2026-01-01", 1], ["2026-01-01T00:00:00+00:00", 10**30], ["\x00", 1], ["2026-01-01T00:00:00", 1]]
)
def test_a_cursor_that_is_none_of_ours_is_refused(visit: Visit, values: list[object]) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    assert visit("lead").get(f"/problems/?after={cursor}").status_code == 422


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_a_cursor_over_names_is_refused_too(visit: Visit, text: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([True, text]).encode()).decode().rstrip("=")
    assert visit("lead").get(f"/procedure/services/?after={cursor}").status_code == 422


def test_a_files_name_adds_no_header_to_its_download(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    kept = problems.attach(problem, name="a\r\nX-Evil: 1.txt", content=b"x", by=cast.owner)
    answer = visit("owner").get(f"/problems/{problem.number}/files/{kept.pk}/")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
