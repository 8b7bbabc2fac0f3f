"""Changes on screen: what was raised from problems, and the outcome that lets them go on."""

from datetime import timedelta

import pytest

from genyin.base import clock
from genyin.changes.models import Change, ChangeState
from genyin.problems.lifecycle import Stage
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


@pytest.fixture
def change(cast: Cast) -> Change:
    return cast.at(Stage.CHANGING).changes.get()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_sound_in_both_languages(visit: Visit, change: Change, language: str) -> None:
    client = visit("owner", language=language)
    for place in ("", f"{change.number}/", f"{change.number}/succeeded/", f"{change.number}/failed/"):
        answer = client.get(f"/changes/{place}")
        assert answer.status_code == 200
        assert Page(answer.content.decode()).faults == []


@pytest.mark.procedure("R51")
def test_the_owner_records_that_the_change_succeeded(visit: Visit, change: Change) -> None:
    client, problem = visit("owner"), change.problem
    address = f"/problems/{problem.number}/fix_in_place/"
    assert client.post(address, {"version": problem.version, "kind": "fix"}).status_code == 409
    assert "/succeeded/" in client.get(f"/changes/{change.number}/").content.decode()
    ahead = (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(f"/changes/{change.number}/succeeded/", {"implemented_at": ahead})
    assert answer.status_code == 422
    answer = client.post(f"/changes/{change.number}/succeeded/", {"implemented_at": "2026-01-05 08:30", "result": "x"})
    assert answer.status_code == 303
    change.refresh_from_db()
    assert change.state == ChangeState.SUCCEEDED
    assert "/succeeded/" not in client.get(f"/changes/{change.number}/").content.decode()
    again = client.post(f"/changes/{change.number}/failed/", {"outcome": "failed", "reason": "x"})
    assert again.status_code == 422
    problem.refresh_from_db()  # the change has its outcome: the problem goes on to its review
    live = f"{clock.now() + timedelta(hours=8):%Y-%m-%dT%H:%M}"
    done = client.post(address, {"version": problem.version, "kind": "fix", "live_at": live})
    problem.refresh_from_db()
    assert (done.status_code, problem.stage) == (303, Stage.VERIFYING)


@pytest.mark.procedure("R29")
def test_a_change_that_failed_sends_its_problem_back(visit: Visit, change: Change) -> None:
    address = f"/changes/{change.number}/failed/"
    assert visit("owner").post(address, {"outcome": "succeeded", "reason": "x"}).status_code == 422
    assert visit("owner").post(address, {"outcome": "backed_out", "reason": "Did not boot."}).status_code == 303
    change.refresh_from_db()
    assert change.state == ChangeState.BACKED_OUT
    assert change.problem.stage == Stage.SOLVING


def test_first_line_reads_and_is_refused(visit: Visit, change: Change) -> None:
    client = visit("first_line")
    assert "/failed/" not in client.get(f"/changes/{change.number}/").content.decode()
    assert client.post(f"/changes/{change.number}/failed/", {"outcome": "failed", "reason": "x"}).status_code == 403
    change.refresh_from_db()
    assert change.state == ChangeState.PLANNED


def test_the_list_is_filtered_and_shows_nothing_of_others(visit: Visit, change: Change) -> None:
    client = visit("owner")
    assert change.number in client.get("/changes/?state=planned").content.decode()
    assert change.number not in client.get("/changes/?state=failed").content.decode()
    assert change.number in client.get(f"/changes/?q={change.problem.number}").content.decode()
    assert change.number not in visit("harbour_first_line").get("/changes/").content.decode()
    for name in ("harbour_first_line", "representative"):
        assert visit(name).get(f"/changes/{change.number}/").status_code == 404


@pytest.mark.parametrize("rows", [10, 50])
def test_the_list_asks_the_same_for_many_rows(visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int) -> None:
    problem = cast.submitted()
    for number in range(rows):
        Change.objects.create(
            number=f"CHG-{number}", problem=problem, title="Firmware", raised_at=clock.now(), raised_by="owner"
        )
    queries_of("change list", visit("first_line"), "/changes/")
