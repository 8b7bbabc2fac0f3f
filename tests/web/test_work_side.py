"""My work beyond the steps of problems: candidates, recurrences, late clocks, what one waits for, what is new."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from genyin.base import clock
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.trends import watch
from tests.actions.test_trends_decisions import proposed
from tests.actions.test_trends_runs import SWITCH
from tests.actions.test_trends_watch import DAY, LIVE, fixed, looked, occur, resolved, steady
from tests.cast import MONDAY, Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page


def test_a_lead_finds_candidates_among_the_work_and_the_chips_add_up(visit: Visit, cast: Cast) -> None:
    proposed(cast)
    cast.submitted()
    text = visit("lead").get("/").content.decode()
    assert Page(text).faults == []
    assert SWITCH in text
    chips = {name: int(n) for name, n in re.findall(r">([A-Z][a-z -]+) (\d+)</a>", text)}
    assert chips["Candidates"] == 1
    assert chips["All"] == sum(chips.values()) - chips["All"]
    assert f"{chips['All']} things wait for you" in text
    only = visit("lead").get("/?verb=candidate").content.decode()
    assert "/accept/" in only
    assert "/dispatch/" not in only


def test_others_find_no_candidates_among_their_work(visit: Visit, cast: Cast) -> None:
    proposed(cast)
    assert "/accept/" not in visit("first_line").get("/").content.decode()


def test_a_problem_that_is_back_waits_for_the_lead_who_may_leave_it_closed(visit: Visit, cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 90)
    problem = fixed(cast)
    looked(problem, 15.5)
    resolved(problem, cast)
    occur(cast, 25, 30, every=2)
    looked(problem, 32)
    client = visit("lead")
    with clock.at(LIVE + 32 * DAY):
        text = client.get("/").content.decode()
        assert "Recurrences 1" in text
        assert f"/problems/{problem.number}/reopen/" in text
        answer = client.post(f"/trends/recurrences/{problem.number}/leave/", {"reason": "Another cause."})
        assert answer.status_code == 303
        assert "Recurrences" not in client.get("/").content.decode()


@pytest.mark.procedure("R52")
def test_the_watch_is_drawn_from_a_table_on_the_problems_page(visit: Visit, cast: Cast) -> None:
    occur(cast, -120, -1)
    steady(cast, -120, 40)
    problem = fixed(cast)
    with clock.at(LIVE + 40 * DAY):
        watch.look(problem)
        text = visit("lead").get(f"/problems/{problem.number}/").content.decode()
    assert Page(text).faults == []
    assert "Stopped" in text
    assert "0 in 39 days; without the fix" in text
    table = text[text.index('data-into="c-watch"') : text.index("</table>", text.index('data-into="c-watch"'))]
    assert table.count("Fix live") == 1
    assert "<td>after</td>" in table
    assert "charts.js" in text


def test_without_a_fix_there_is_no_watch(visit: Visit, cast: Cast) -> None:
    problem = cast.at(Stage.SOLVING)
    assert "c-watch" not in visit("lead").get(f"/problems/{problem.number}/").content.decode()


@pytest.mark.procedure("R22")
def test_late_clocks_and_who_is_awaited_are_told(visit: Visit, cast: Cast) -> None:
    with clock.at(MONDAY):
        problem = cast.at(Stage.INVESTIGATING, level="high", title="Slow and late")
    with clock.at(MONDAY + timedelta(days=60)):
        leads = visit("lead").get("/").content.decode()
        owners = visit("owner").get("/").content.decode()
        analysts = visit("analyst").get("/").content.decode()
    side = leads[leads.index("g-side") :]
    assert "Cause found · Slow and late" in side
    assert "1 of 1 open" in side
    assert "<b>owner</b>" in side
    assert "Cause found · Slow and late" in owners[owners.index("g-side") :]
    assert f"/problems/{problem.number}/" not in analysts[analysts.index("g-side") :]


def test_news_tell_what_others_did_to_problems_one_may_see(visit: Visit, cast: Cast) -> None:
    with clock.at(MONDAY):
        problem = cast.submitted(title="Core switch restarts", by=cast.first_line)
        problems.comment(problem, text="Seen again.", by=cast.deputy)
        lead = visit("lead").get("/").content.decode()
        harbour = visit("harbour_first_line").get("/").content.decode()
        own = visit("first_line").get("/").content.decode()
    news = lead[lead.index("Since the last working day") :]
    assert "<b>first line</b>" in news
    assert "<b>deputy</b>" in news
    assert "<b>first line</b>" not in own[own.index("Since the last working day") :]
    assert "Core switch" not in harbour


def test_news_older_than_the_last_working_day_are_left_out(visit: Visit, cast: Cast) -> None:
    with clock.at(MONDAY - timedelta(days=20)):
        cast.submitted(by=cast.first_line)
    with clock.at(MONDAY):
        text = visit("lead").get("/").content.decode()
    assert "Nothing happened." in text


def test_the_customers_side_has_no_side_column(visit: Visit, cast: Cast) -> None:
    cast.at(Stage.SOLVING)
    text = visit("representative").get("/").content.decode()
    assert "g-side" not in text
    assert Page(text).faults == []


def test_an_owner_finds_the_month_to_confirm(visit: Visit, cast: Cast) -> None:
    with clock.at(MONDAY):
        cast.at(Stage.SOLVING)
    with clock.at(MONDAY + timedelta(days=28)):
        client = visit("owner")
        assert "/register/2026-09/confirm/" in client.get("/").content.decode()
        client.post("/register/2026-09/confirm/", {"owner": cast.user("owner").pk})
        assert "/register/2026-09/confirm/" not in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["lead", "owner"])
def test_more_work_asks_no_more_questions(visit: Visit, cast: Cast, name: str) -> None:
    client, counts = visit(name), []
    for more in (2, 8):
        with clock.at(MONDAY):
            for _n in range(more):
                cast.at(Stage.INVESTIGATING)
                cast.submitted(by=cast.first_line)
        with clock.at(MONDAY + timedelta(days=1)):
            client.get("/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_asks_as_often_as_was_agreed(visit: Visit, cast: Cast, queries_of: QueryCounts) -> None:
    with clock.at(MONDAY):
        cast.at(Stage.INVESTIGATING)
        queries_of("my work of a lead", visit("lead"), "/")
        queries_of("my work of an owner", visit("owner"), "/")
