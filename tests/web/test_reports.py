"""The screens of the monthly report: two clicks from home, figures that open their records, issued and frozen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from genyin.base import clock
from genyin.incidents.models import Customer, Project
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.reports import actions
from genyin.reports.models import ServiceReport
from tests.cast import Cast
from tests.house.query_counts import QueryCounts
from tests.reports.conftest import NOVEMBER_START, OCTOBER_START, SEPTEMBER_MIDDLE, said_in, xml_of
from tests.web.conftest import Visit
from tests.web.pages import Page

HTML_KB = 60
MONTH = "/reports/2026-09/"


def worked(cast: Cast) -> None:
    """A September with one solved and one open problem, and one incident."""
    with clock.at(SEPTEMBER_MIDDLE):
        cast.at(Stage.RESOLVED)
        cast.submitted(title="Second problem")
        cast.incident()


def confirmed(cast: Cast) -> None:
    actions.confirm_month_end("2026-09", owner=cast.user("owner"), by=cast.lead)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_sound_in_both_languages(visit: Visit, cast: Cast, language: str) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("lead", language=language)
        for address in ("/reports/", MONTH, "/reports/2026-10/", f"{MONTH}figures/problems_total/", f"{MONTH}issue/"):
            answer = client.get(address)
            assert answer.status_code == 200, address
            text = answer.content.decode()
            assert Page(text).faults == [], address
            assert len(text.encode()) <= HTML_KB * 1024


@pytest.mark.procedure("R34")
@pytest.mark.procedure("R58")
def test_the_monthly_report_is_two_clicks_from_home(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("lead")
        assert 'href="/reports/"' in client.get("/").content.decode()
        assert f'href="{MONTH}"' in client.get("/reports/").content.decode()
        text = client.get(MONTH).content.decode()
    assert "Problems this month" in text
    assert "resolved ÷ total = 1 ÷ 2" in text


@pytest.mark.procedure("R32")
@pytest.mark.procedure("R33")
def test_each_figure_opens_the_list_of_its_records(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("lead")
        text = client.get(MONTH).content.decode()
        links = [link for link in Page(text).addresses if "/figures/" in link]
        assert len(set(links)) > 30
        for link in set(links):
            assert client.get(link).status_code == 200, link
        total = client.get(f"{MONTH}figures/problems_total/").content.decode()
        assert "Second problem" in total
        assert total.count('href="/problems/WT-') == 2
        solved = client.get(f"{MONTH}figures/resolution_rate/").content.decode()
        assert "Second problem" not in solved
        assert "Second problem" in client.get(f"{MONTH}figures/resolution_rate/?part=of").content.decode()
        assert "INC00001" in client.get(f"{MONTH}figures/incidents_opened/").content.decode()


def test_what_is_missing_is_named_and_the_draft_can_be_read(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("lead")
        text = client.get(MONTH).content.decode()
        assert "1 thing is missing before issuing" in text
        assert "month-end check not confirmed by owner" in text
        assert f'href="{MONTH}issue/"' not in text
        for name, start in (("docx", b"PK"), ("xlsx", b"PK")):
            answer = client.get(f"{MONTH}download/{name}/")
            assert answer.content.startswith(start)
            assert f".{name}" in answer.headers["Content-Disposition"]
        assert client.get(f"{MONTH}download/odt/").status_code == 422


@pytest.mark.procedure("R20")
@pytest.mark.procedure("R34")
def test_a_complete_month_is_issued_and_shows_its_seal(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        confirmed(cast)
        client = visit("lead")
        assert f'href="{MONTH}issue/"' in client.get(MONTH).content.decode()
        answer = client.post(f"{MONTH}issue/", {"remarks": "A good month.", "language": "en"})
        assert answer.headers["Location"] == MONTH
    report = ServiceReport.objects.get()
    assert report.remarks == "A good month."
    with clock.at(OCTOBER_START + timedelta(days=3)):
        cast.incident(opened_at=SEPTEMBER_MIDDLE)
        text = client.get(MONTH).content.decode()
        assert report.sha256 in text
        assert "incidents 1, problems 0" in text
        assert "INC00002" not in client.get(f"{MONTH}figures/incidents_opened/").content.decode()
        again = client.post(f"/reports/issued/{report.number}/verify/now/", follow=True).content.decode()
        assert report.sha256 in again
        for name in ("docx", "xlsx"):
            paper = said_in(xml_of(client.get(f"/reports/issued/{report.number}/{name}/").content))
            for said in ("Resolution rate", "resolved ÷ total", "1 ÷ 2", "50.0%", "A good month.", report.sha256):
                assert said in paper, (name, said)
        assert client.post(f"{MONTH}issue/", {"language": "en"}).status_code == 422
        second = client.post(f"{MONTH}issue/", {"language": "en", "reason": "A late incident."})
        assert second.status_code == 303
    assert ServiceReport.objects.count() == 2


def test_a_month_that_is_not_over_is_not_issued(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(SEPTEMBER_MIDDLE):
        client = visit("lead")
        assert "The month is not over" in client.get(MONTH).content.decode()
        answer = client.post(f"{MONTH}issue/", {"language": "en"})
    assert answer.status_code == 422
    assert not ServiceReport.objects.exists()


def test_only_a_lead_issues(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("management")
        assert "Issue and freeze" not in client.get(MONTH).content.decode()
        assert client.post(f"{MONTH}issue/", {"language": "en"}).status_code == 403


@pytest.mark.procedure("R14")
def test_a_problem_of_a_projects_service_is_registered_and_reported_with_that_project(visit: Visit, cast: Cast) -> None:
    said = {
        "title_": "Firewall drops calls", "service": cast.services["portal"].pk, "category": "hardware",
        "level": "high", "source": "inspection", "reason": "cause_unknown",
    }  # fmt: skip
    with clock.at(SEPTEMBER_MIDDLE):
        cast.submitted()
        assert visit("city_first_line").post("/problems/new/", said).status_code == 303
    with clock.at(OCTOBER_START):
        for project in Project.objects.all():
            text = visit("lead").get(f"{MONTH}?scope=project-{project.pk}").content.decode()
            expected = {"city project": "0 ÷ 1", "hospital project": "0 ÷ 1", "harbour project": "0 ÷ 0"}
            assert f"resolved ÷ total = {expected[project.name]}" in text
            assert ("Firewall drops calls" in text) == (project.name == "city project")
            assert ("Core switch restarts" in text) == (project.name == "hospital project")


@pytest.mark.procedure("R25")
def test_the_management_group_reads_in_the_report_where_the_process_was_not_kept(visit: Visit, cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.at(Stage.INVESTIGATING, level="high")
        problems.request_waiver(problem, point="reproduction", reason="Only in production.", by=cast.lead)
        problems.confirm_waiver(problem, point="reproduction", by=cast.deputy)
    with clock.at(OCTOBER_START):
        confirmed(cast)
        visit("lead").post(f"{MONTH}issue/", {"language": "en", "remarks": "Hire an analyst."})
        client, number = visit("management"), ServiceReport.objects.get().number
        assert number in client.get(MONTH).content.decode()
        paper = said_in(xml_of(client.get(f"/reports/issued/{number}/docx/").content))
    for told in ("Root causes not found by their planned date: 1.", "Control points waived: 1.", "Hire an analyst."):
        assert told in paper


def test_one_customers_report_tells_of_that_customer_alone(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("lead")
        for customer in Customer.objects.all():
            text = client.get(f"{MONTH}?scope=customer-{customer.pk}").content.decode()
            expected = "1 ÷ 2" if customer == cast.services["network"].customer else "0 ÷ 0"
            assert f"resolved ÷ total = {expected}" in text


def test_no_word_of_another_customer_is_in_a_report(visit: Visit, cast: Cast) -> None:
    worked(cast)
    hospital = cast.services["network"].customer
    assert hospital is not None
    with clock.at(OCTOBER_START):
        client = visit("harbour_first_line")
        for address in ("/reports/", MONTH, f"{MONTH}figures/problems_total/"):
            text = client.get(address).content.decode()
            assert "Second problem" not in text
            assert hospital.name not in text
        assert client.get(f"{MONTH}?scope=customer-{hospital.pk}").status_code == 404


def test_an_issued_report_on_everything_is_not_for_who_sees_a_part(visit: Visit, cast: Cast) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        confirmed(cast)
        visit("lead").post(f"{MONTH}issue/", {"language": "en"})
        number = ServiceReport.objects.get().number
        client = visit("first_line")
        assert number not in client.get(MONTH).content.decode()
        assert client.get(f"/reports/issued/{number}/docx/").status_code == 404


@pytest.mark.parametrize("address", ["/reports/", MONTH, f"{MONTH}figures/problems_total/", f"{MONTH}download/docx/"])
def test_the_customers_side_finds_no_reports(visit: Visit, cast: Cast, address: str) -> None:
    assert visit("representative").get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [("/reports/2026-13/", 422), ("/reports/2099-01/", 422), (f"{MONTH}figures/luck/", 404),
     (f"{MONTH}?scope=customer-99999", 404), (f"{MONTH}?scope=moon", 404)],
)  # fmt: skip
def test_addresses_that_make_no_sense_are_refused_in_words(visit: Visit, cast: Cast, address: str, status: int) -> None:
    with clock.at(OCTOBER_START):
        assert visit("lead").get(address).status_code == status


@pytest.mark.parametrize("address", ["/reports/", MONTH, f"{MONTH}figures/problems_total/"])
def test_more_records_ask_no_more_questions(visit: Visit, cast: Cast, address: str) -> None:
    worked(cast)
    client, counts = visit("lead"), []
    for more in (1, 6):
        with clock.at(SEPTEMBER_MIDDLE):
            for _n in range(more):
                cast.at(Stage.SOLVING)
        with clock.at(NOVEMBER_START):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_page_asks_as_often_as_was_agreed(visit: Visit, cast: Cast, queries_of: QueryCounts) -> None:
    worked(cast)
    with clock.at(OCTOBER_START):
        client = visit("lead")
        queries_of("reports", client, "/reports/")
        queries_of("report", client, MONTH)
        queries_of("figure", client, f"{MONTH}figures/problems_total/")
