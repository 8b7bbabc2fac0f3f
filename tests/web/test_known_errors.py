"""Known errors on screen: found by what first line types, retired with a reason."""

from datetime import date

import pytest

from genyin.base import clock
from genyin.base.models import Event
from genyin.knowledge.actions import publish_known_error
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


@pytest.fixture
def known(cast: Cast) -> KnownError:
    problem = cast.at(Stage.SOLVING)
    return publish_known_error(problem, symptom="Uptime falls to zero", workaround="Restart on Sunday.", by=cast.owner)


def imported(cast: Cast, number: str, service: str = "network") -> KnownError:
    return KnownError.objects.create(
        number=number, title=f"Old error {number}", symptom="Beeps", cause="Age", service=cast.services[service],
        is_imported=True, published_at=clock.now(), published_by="import", updated_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_sound_in_both_languages(visit: Visit, known: KnownError, language: str) -> None:
    client = visit("owner", language=language)
    for place in ("", f"{known.number}/", f"{known.number}/retire/"):
        answer = client.get(f"/known-errors/{place}")
        assert answer.status_code == 200
        assert Page(answer.content.decode()).faults == []


@pytest.mark.procedure("R36")
def test_a_known_error_is_found_by_its_symptom_with_its_workaround(visit: Visit, known: KnownError) -> None:
    client = visit("first_line")
    text = client.get("/known-errors/?q=uptime").content.decode()
    assert known.number in text
    assert "Restart on Sunday." in text
    assert known.number not in client.get("/known-errors/?q=printer").content.decode()
    page = client.get(f"/known-errors/{known.number}/").content.decode()
    assert "The firmware leaks memory." in page
    assert known.problem is not None
    assert known.problem.number in page


def test_its_owner_retires_it_with_a_reason(visit: Visit, known: KnownError) -> None:
    client, address = visit("owner"), f"/known-errors/{known.number}/retire/"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "New firmware.", "fixed": "on"}).status_code == 303
    known.refresh_from_db()
    assert known.state == KnownErrorState.FIXED
    client.get("/known-errors/")  # shows that it was done
    row = f'href="/known-errors/{known.number}/"'
    assert row not in client.get("/known-errors/").content.decode()
    assert row in client.get("/known-errors/?state=fixed").content.decode()
    assert client.post(address, {"reason": "Once more."}).status_code == 422


def test_first_line_is_offered_no_retiring_and_refused(visit: Visit, known: KnownError) -> None:
    client = visit("first_line")
    assert "/retire/" not in client.get(f"/known-errors/{known.number}/").content.decode()
    assert client.post(f"/known-errors/{known.number}/retire/", {"reason": "x"}).status_code == 403
    known.refresh_from_db()
    assert known.state == KnownErrorState.ACTIVE


@pytest.mark.parametrize("name", ["owner", "lead"])
def test_it_is_retired_after_its_problem_was_closed_which_stays_closed(
    visit: Visit, cast: Cast, known: KnownError, name: str
) -> None:
    problem = known.problem
    assert problem is not None
    problems.accept_risk(problem, reason="Not worth a new switch.", until=date(2199, 1, 1), by=cast.lead)
    events = Event.objects.count()
    address = f"/known-errors/{known.number}/retire/"
    assert visit("analyst").post(address, {"reason": "x"}).status_code == 403
    assert address in visit(name).get(f"/known-errors/{known.number}/").content.decode()
    assert visit(name).post(address, {"reason": "Fixed everywhere."}).status_code == 303
    problem.refresh_from_db()
    known.refresh_from_db()
    assert (problem.stage, known.state) == (Stage.CLOSED, "retired")
    assert visit(name).post(address, {"reason": "Twice."}).status_code == 422
    assert Event.objects.count() == events + 1


def test_an_imported_one_is_retired_by_the_lead(visit: Visit, cast: Cast) -> None:
    known = imported(cast, "KE-OLD-1")
    assert "/retire/" not in visit("owner").get(f"/known-errors/{known.number}/").content.decode()
    assert visit("lead").post(f"/known-errors/{known.number}/retire/", {"reason": "Gone."}).status_code == 303


def test_others_see_nothing_of_it(visit: Visit, cast: Cast, known: KnownError) -> None:
    for name in ("harbour_first_line", "representative"):
        assert visit(name).get(f"/known-errors/{known.number}/").status_code == 404
    assert known.title not in visit("harbour_first_line").get("/known-errors/").content.decode()
    assert visit("representative").get("/known-errors/").status_code == 404


@pytest.mark.parametrize("rows", [10, 50])
def test_the_list_asks_the_same_for_many_rows(visit: Visit, cast: Cast, queries_of: QueryCounts, rows: int) -> None:
    for number in range(rows):
        imported(cast, f"KE-OLD-{number}")
    queries_of("known error list", visit("first_line"), "/known-errors/")


def test_a_closed_problem_offers_its_owner_to_retire_it(visit: Visit, cast: Cast, known: KnownError) -> None:
    problem = known.problem
    assert problem is not None
    problems.accept_risk(problem, reason="The switch is replaced in spring.", until=date(2099, 1, 1), by=cast.lead)
    page = visit("owner").get(f"/problems/{problem.number}/").content.decode()
    assert f"/problems/{problem.number}/retire_known_error/" in page
    assert "/retire/" in visit("owner").get(f"/known-errors/{known.number}/").content.decode()
    said = {"known": known.pk, "reason": "Replaced.", "version": problem.version}
    assert visit("owner").post(f"/problems/{problem.number}/retire_known_error/", said).status_code == 303
    assert "retire_known_error" not in visit("owner").get(f"/problems/{problem.number}/").content.decode()
