"""The register of a month on screen: eighteen columns, what is missing by name, the owner's word, the workbook."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from genyin.base import clock
from genyin.problems.lifecycle import Stage
from genyin.problems.models import RegisterEntry
from genyin.reports.models import MonthEndConfirmation
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.reports.conftest import OCTOBER_START, SEPTEMBER_MIDDLE
from tests.web.conftest import Visit
from tests.web.pages import Page

ADDRESS = "/register/?month=2026-09"
CONFIRM = "/register/2026-09/confirm/"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_is_sound_in_both_languages(visit: Visit, cast: Cast, language: str) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        cast.at(Stage.RESOLVED)
        client = visit("lead", language=language)
        for address in ("/register/", ADDRESS, CONFIRM):
            answer = client.get(address)
            assert answer.status_code == 200
            assert Page(answer.content.decode()).faults == []


@pytest.mark.procedure("R55")
def test_every_problem_has_its_row_with_eighteen_columns(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.at(Stage.SOLVING)
        cast.submitted(title="Second problem")
        text = visit("lead").get(ADDRESS).content.decode()
    table = text[text.index("gt-reg") : text.index("</table>", text.index("gt-reg"))]
    assert table.count("<th>") == 18
    assert table.count("<tr>") == 3
    assert problem.number in table
    assert "The firmware leaks memory." in table


@pytest.mark.procedure("R56")
def test_a_row_that_is_missing_is_named(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.submitted(title="Forgotten")
        RegisterEntry.objects.filter(problem=problem).delete()
        text = visit("lead").get(ADDRESS).content.decode()
    assert "1 row is missing or incomplete." in text
    assert "no row in the register" in text
    assert "Forgotten" in text


@pytest.mark.procedure("R56")
def test_an_owner_confirms_the_month_and_it_is_shown(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        cast.at(Stage.SOLVING)
    with clock.at(OCTOBER_START):
        client = visit("owner")
        assert f"{CONFIRM}?owner=" in client.get(ADDRESS).content.decode()
        answer = client.post(CONFIRM, {"owner": cast.user("owner").pk, "note": "Looked through."})
        assert answer.headers["Location"] == ADDRESS
        assert "Every owner has confirmed." in client.get(ADDRESS).content.decode()
    assert MonthEndConfirmation.objects.get().confirmed_by == "owner"


def test_nobody_confirms_for_an_owner_they_do_not_stand_for(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        cast.at(Stage.SOLVING)
    with clock.at(OCTOBER_START):
        client = visit("first_line")
        assert f"{CONFIRM}?owner=" not in client.get(ADDRESS).content.decode()
        assert client.post(CONFIRM, {"owner": cast.user("owner").pk}).status_code == 422
    assert not MonthEndConfirmation.objects.exists()


def test_an_incomplete_month_is_not_confirmed_and_says_which_rows(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.at(Stage.SOLVING)
        RegisterEntry.objects.filter(problem=problem).delete()
    with clock.at(OCTOBER_START):
        answer = visit("owner").post(CONFIRM, {"owner": cast.user("owner").pk})
    assert answer.status_code == 422
    assert problem.number in answer.content.decode()


def test_the_workbook_holds_the_same_rows(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.at(Stage.SOLVING)
        answer = visit("lead").get("/register/2026-09/workbook/")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert any(problem.number in row for row in rows)


def test_no_row_of_another_customer_is_shown(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.submitted(title="Theirs alone")
        client = visit("harbour_first_line")
        text = client.get(ADDRESS).content.decode()
        book = client.get("/register/2026-09/workbook/").content
    assert "Theirs alone" not in text
    assert problem.number not in text
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert not any("Theirs alone" in row for row in rows)


@pytest.mark.parametrize("address", [ADDRESS, CONFIRM, "/register/2026-09/workbook/"])
def test_the_customers_side_finds_no_register(visit: Visit, cast: Cast, address: str) -> None:
    assert visit("representative").get(address).status_code == 404


@pytest.mark.parametrize("month", ["2026-00", "yesterday", "2099-01"])
def test_a_month_that_is_none_is_refused_in_words(visit: Visit, cast: Cast, month: str) -> None:
    assert visit("lead").get(f"/register/?month={month}").status_code == 422


def test_more_rows_ask_no_more_questions(visit: Visit, cast: Cast) -> None:
    client, counts = visit("lead"), []
    with clock.at(SEPTEMBER_MIDDLE):
        for more in (2, 8):
            for _n in range(more):
                cast.at(Stage.SOLVING)
            client.get(ADDRESS)
            with CaptureQueriesContext(connection) as asked:
                client.get(ADDRESS)
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_asks_as_often_as_was_agreed(visit: Visit, cast: Cast, queries_of: QueryCounts) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        cast.at(Stage.SOLVING)
        queries_of("register", visit("lead"), ADDRESS)
