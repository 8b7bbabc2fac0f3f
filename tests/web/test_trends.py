"""The screens of trend analysis: what is proposed and why, the three answers to it, families corrected by hand."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from genyin.base import clock
from genyin.problems.models import Problem
from genyin.trends import actions
from genyin.trends.models import Candidate, CandidateState, Family, Run
from genyin.trends.runs import asked
from genyin.trends.statistics import standing
from tests.actions.test_trends_decisions import proposed
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import MONDAY, Cast
from tests.house.query_counts import QueryCounts
from tests.web.conftest import Visit
from tests.web.pages import Page

PAGES = ["/trends/", "/trends/?state=watching", "/trends/families/", "/trends/figures/", "/trends/figures/?by=team",
         "/trends/figures/?span=12", "/trends/figures/incidents/?value=x", "/trends/analyses/"]  # fmt: skip
HTML_KB = 60


def sound(text: str) -> Page:
    page = Page(text)
    assert page.faults == []
    assert len(text.encode()) <= HTML_KB * 1024
    return page


def family_of(candidate: Candidate) -> str:
    assert candidate.family is not None
    return candidate.family.ref


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_sound_in_both_languages(visit: Visit, cast: Cast, language: str) -> None:
    candidate = proposed(cast)
    client = visit("lead", language=language)
    pages = [*PAGES, f"/trends/families/{family_of(candidate)}/", f"/trends/families/{family_of(candidate)}/merge/"]
    pages += [f"/trends/families/{family_of(candidate)}/split/"]
    pages += [f"/trends/candidates/{candidate.ref}/{verb}/" for verb in ("accept", "watch", "dismiss", "link")]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        sound(answer.content.decode())


def test_pages_are_sound_before_the_first_analysis(visit: Visit, cast: Cast) -> None:
    for address in PAGES:
        sound(visit("lead").get(address).content.decode())


@pytest.mark.procedure("R5")
@pytest.mark.procedure("R39")
def test_a_candidate_says_how_often_in_which_period_and_what_its_incidents_share(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    text = visit("lead").get("/trends/").content.decode()
    assert SWITCH in text
    assert "3 incidents in 30 days" in text
    assert "at least 3 alike in 30 days" in text
    assert "same words:" in text
    for verb in ("accept", "watch", "dismiss"):
        assert f"/trends/candidates/{candidate.ref}/{verb}/" in text


@pytest.mark.procedure("R10")
@pytest.mark.procedure("R39")
def test_a_lead_registers_a_candidate_and_its_incidents_are_linked(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    client = visit("lead")
    said = {"title_": "Core switch restarts", "category": "hardware", "level": "medium"}
    answer = client.post(f"/trends/candidates/{candidate.ref}/accept/", said)
    problem = Problem.objects.get()
    assert answer.headers["Location"] == f"/problems/{problem.number}/"
    assert (problem.source, problem.links.count()) == ("trend", 3)
    page = client.get(f"/trends/families/{family_of(candidate)}/").content.decode()
    assert problem.number in page
    assert candidate.ref not in client.get("/trends/").content.decode()


def test_dismissing_asks_for_a_reason_and_remembers_it(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    client, address = visit("lead"), f"/trends/candidates/{candidate.ref}/dismiss/"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "Replaced next week."}).status_code == 303
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.DISMISSED
    assert "Replaced next week." in client.get(f"/trends/families/{family_of(candidate)}/").content.decode()


def test_a_candidate_that_was_decided_meanwhile_is_told_in_the_form(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    actions.watch_candidate(candidate, reason="Later.", by=cast.deputy)
    actions_taken = visit("lead").post(f"/trends/candidates/{candidate.ref}/dismiss/", {"reason": "No."})
    assert actions_taken.status_code == 303  # a watched one may still be dismissed
    again = visit("lead").post(f"/trends/candidates/{candidate.ref}/dismiss/", {"reason": "No."})
    assert again.status_code == 409
    assert "already been decided" in again.content.decode()


def test_who_may_not_decide_sees_the_candidate_without_buttons_and_is_refused(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    client = visit("first_line")
    text = client.get("/trends/").content.decode()
    assert SWITCH in text
    assert "/dismiss/" not in text
    answer = client.post(f"/trends/candidates/{candidate.ref}/dismiss/", {"reason": "No."})
    assert answer.status_code == 403


def test_no_word_of_another_customer_is_on_any_page(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    client = visit("harbour_first_line")
    for address in PAGES:
        text = client.get(address).content.decode()
        assert "switch" not in text.lower(), address
        assert family_of(candidate) not in text, address
    assert client.get(f"/trends/families/{family_of(candidate)}/").status_code == 404
    assert client.get(f"/trends/families/{family_of(candidate)}/same/").status_code == 404
    # Whoever does not decide on candidates is told so whatever the number: nothing tells which ones there are.
    decisions = [client.get(f"/trends/candidates/{ref}/accept/") for ref in (candidate.ref, "CAND-9999")]
    assert [answer.status_code for answer in decisions] == [403, 403]


@pytest.mark.parametrize("address", PAGES)
def test_the_customers_side_finds_no_trends(visit: Visit, cast: Cast, address: str) -> None:
    assert visit("representative").get(address).status_code == 404


def test_words_are_marked_and_the_rest_is_escaped(visit: Visit, cast: Cast) -> None:
    arrive(cast, "<b>Core</b> switch restarts", ago=2, times=3)
    analysed()
    ref = Family.objects.get().ref
    text = visit("lead").get(f"/trends/families/{ref}/").content.decode()
    assert "<b>Core" not in text
    assert "<mark>switch</mark>" in text


def test_an_analysis_is_asked_for_here_and_made_by_the_worker(visit: Visit, cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=3)
    client = visit("lead")
    answer = client.post("/trends/analyses/run/")
    assert answer.headers["Location"] == "/trends/analyses/?after_run=0"
    assert "progress" in client.get(answer.headers["Location"]).content.decode()
    waiting = client.get("/trends/analyses/after/0/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in waiting
    with clock.at(MONDAY):
        asked.run_for(cast.user("lead").pk)
    done = client.get("/trends/analyses/after/0/", headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == "/trends/analyses/"
    shown = client.get("/trends/analyses/").content.decode()
    assert "The analysis is done." in shown
    assert Run.objects.get().ref in shown
    assert "3 incidents read" in client.get("/trends/analyses/after/0/").content.decode()
    assert Run.objects.get().by == "lead"


def test_only_a_lead_asks_for_an_analysis(visit: Visit, cast: Cast) -> None:
    assert "/trends/analyses/run/" not in visit("owner").get("/trends/").content.decode()
    assert visit("owner").post("/trends/analyses/run/").status_code == 403


def test_nothing_found_is_kept_and_can_be_concluded(visit: Visit, cast: Cast) -> None:
    arrive(cast, PRINTER, ago=2, times=1)
    run = analysed().run
    client = visit("lead")
    assert "Nothing new found." in client.get("/trends/analyses/").content.decode()
    answer = client.post(f"/trends/analyses/{run.ref}/conclude/", {"conclusion": "A quiet week; nothing recurs."})
    assert answer.status_code == 303
    assert "A quiet week" in client.get("/trends/analyses/").content.decode()


def test_the_pareto_marks_the_few_and_months_compare(visit: Visit, cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=8)
    arrive(cast, PRINTER, ago=3, times=2, category="printing")
    with clock.at(MONDAY):
        text = visit("lead").get("/trends/figures/?month=2026-09").content.decode()
        few = visit("lead").get("/trends/figures/?month=2026-09&by=category").content.decode()
    assert 'data-chart="pareto"' in text
    assert "2026-09" in text
    assert "100.0" in text
    assert "Data as of" in text
    assert "not given" in few  # the incidents without a category


@pytest.mark.procedure("R5")
def test_each_number_opens_the_incidents_it_counts_and_nothing_of_others(visit: Visit, cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=3, category="a & b <i>")
    arrive(cast, PRINTER, ago=3, times=2)
    arrive(cast, PRINTER, ago=3, times=4, category="a & b <i>", service="warehouse")
    arrive(cast, "Yesterday's drill", ago=3, category="a & b <i>", environment="test")
    client = visit("first_line")
    with clock.at(MONDAY):
        text = client.get("/trends/figures/?month=2026-09&by=category&span=3").content.decode()
        opened = [unescape(href) for href in re.findall(r'href="(/trends/figures/incidents/[^"]+)"', text)]
        pages = [client.get(href).content.decode() for href in opened]
    for page in pages:
        sound(page)
    counts = [page.count(">INC0") for page in pages]
    assert counts[:2] == [3, 2]  # the values, then the months
    assert sum(counts[2:]) == 5
    assert "a &amp; b &lt;i&gt;" in pages[0]
    assert SWITCH in pages[0]
    assert PRINTER not in pages[0]


def test_while_the_figures_are_being_made_the_page_says_so(
    visit: Visit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "AT_ONCE", 0)
    monkeypatch.setattr(standing._refreshing, "start", lambda: None)
    arrive(cast, SWITCH, ago=2)
    text = visit("lead").get("/trends/figures/").content.decode()
    sound(text)
    assert "The figures are being prepared." in text


@pytest.mark.parametrize(
    "address",
    [
        "/trends/figures/?month=abc",
        "/trends/figures/?by=colour",
        "/trends/analyses/?after=x",
        "/trends/figures/incidents/?month=2026-13",
        "/trends/figures/incidents/?by=x&value=y",
    ],
)
def test_addresses_that_make_no_sense_are_refused_in_words(visit: Visit, cast: Cast, address: str) -> None:
    assert visit("lead").get(address).status_code == 422


def test_what_is_watched_says_who_left_it_and_why(visit: Visit, cast: Cast) -> None:
    candidate = proposed(cast)
    actions.watch_candidate(candidate, reason="A patch comes on Friday.", by=cast.lead)
    text = visit("lead").get("/trends/?state=watching").content.decode()
    assert f"{cast.lead.name}: A patch comes on Friday." in text
    assert f"/candidates/{candidate.ref}/watch/" not in text
    assert f"/candidates/{candidate.ref}/accept/" in text


def test_figures_end_with_the_month_that_is_running(visit: Visit, cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2)
    text = visit("lead").get("/trends/figures/?month=2099-05").content.decode()
    assert "2099" not in text.partition("</h1>")[0].partition("<h1>")[2]


def test_figures_of_a_service_that_is_not_known_are_refused_in_words(visit: Visit, cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2)
    answer = visit("lead").get("/trends/figures/?service=Nope")
    assert (answer.status_code, "“Nope”" in unescape(answer.content.decode())) == (422, True)


@pytest.mark.parametrize("address", ["/trends/", "/trends/families/", "/trends/figures/", "/trends/analyses/"])
def test_a_longer_list_asks_no_more_questions(visit: Visit, cast: Cast, address: str) -> None:
    client = visit("lead")
    kinds = [PRINTER, SWITCH, "Mail queue grows", "Backup tape is full", "Payroll export has wrong totals"]
    counts = []
    for some in (kinds[:2], kinds[2:]):
        for title in some:
            arrive(cast, title, ago=2, times=3)
        analysed()
        client.get(address)
        with (
            CaptureQueriesContext(
                connection,
            ) as asked_for,
            clock.at(MONDAY + timedelta(hours=1)),
        ):
            assert client.get(address).status_code == 200
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_every_page_asks_as_often_as_was_agreed(visit: Visit, cast: Cast, queries_of: QueryCounts) -> None:
    candidate = proposed(cast)
    client = visit("lead")
    queries_of("trends", client, "/trends/")
    queries_of("families", client, "/trends/families/")
    queries_of("family", client, f"/trends/families/{family_of(candidate)}/")
    client.get("/trends/figures/")  # the cache is made by who comes first
    queries_of("trend figures", client, "/trends/figures/")
    queries_of("trend analyses", client, "/trends/analyses/")
