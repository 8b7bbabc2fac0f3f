"""A report is frozen when it is issued: what comes later is told in the next one and changes nothing in this."""

from datetime import timedelta
from typing import Any

import pytest

from genyin.base import clock, events, files
from genyin.base.errors import BadInput, NotAllowed, NotFound, UnknownReference, WrongStage
from genyin.base.models import Event
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.reports import actions as reports
from genyin.reports import gathering, paper, printing, queries
from genyin.reports.facts import ScopeKind
from tests.cast import Cast
from tests.reports.conftest import OCTOBER_START, SEPTEMBER_MIDDLE, said_in, xml_of

pytestmark = pytest.mark.usefixtures("september")
ENGLISH: dict[str, Any] = {"language": "en", "formats": ("docx", "xlsx")}


def values(figures: Any) -> list[Any]:
    codes = ("problems_total", "problems_resolved", "problems_unresolved", "resolution_rate")
    return [figures.of_month(code).value for code in codes]


def test_the_month_counts_what_was_registered_in_it(cast: Cast) -> None:
    cast.at(Stage.RESOLVED)
    cast.submitted()
    with clock.at(OCTOBER_START):
        cast.submitted()
        september = queries.draft("2026-09", seen_by=cast.lead)
        october = queries.draft("2026-10", seen_by=cast.lead)
    assert values(september)[:3] == [2, 1, 1]
    assert values(october)[:3] == [1, 0, 1]
    assert october.of_month("carried_over").value == 2


def test_figures_stay_as_they_were_issued_whatever_happens_later(cast: Cast) -> None:
    problem = cast.submitted()
    cast.incident()
    with clock.at(OCTOBER_START):
        report = reports.issue("2026-09", by=cast.lead, **ENGLISH)
    with clock.at(OCTOBER_START + timedelta(days=1)):
        problems.cancel(problem, outcome="void", reason="entered twice", by=cast.lead)
        cast.incident(opened_at=SEPTEMBER_MIDDLE)
        figures, standing = queries.report_for("2026-09", seen_by=cast.lead)
        assert standing == report
        assert values(figures)[0] == 1
        assert figures.of_month("incidents_opened").value == 1
        assert values(queries.draft("2026-09", seen_by=cast.lead))[0] == 0
    with clock.at(OCTOBER_START + timedelta(days=365)):
        assert queries.recompute(report) == (report.sha256, True)


def test_a_report_that_was_tampered_with_is_found_out(cast: Cast) -> None:
    cast.submitted()
    with clock.at(OCTOBER_START):
        report = reports.issue("2026-09", by=cast.lead, formats=())
    report.figures = report.figures.replace('"numerator":[1,1]', '"numerator":[2,1]', 1)
    assert queries.recompute(report)[1] is False


def test_each_figure_opens_its_list_of_records(cast: Cast) -> None:
    done, waiting = cast.at(Stage.RESOLVED), cast.submitted()
    incident = cast.incident()
    with clock.at(OCTOBER_START):
        report = reports.issue("2026-09", reason="The owner is away.", by=cast.lead, formats=())
    figures = queries.figures_of(report)
    rate = figures.of_month("resolution_rate")
    opened = figures.of_month("incidents_opened")
    assert list(queries.records(rate, "resolution_rate", seen_by=cast.lead)) == [done]
    assert set(queries.records(rate, "resolution_rate", part="of", seen_by=cast.lead)) == {done, waiting}
    assert list(queries.records(opened, "incidents_opened", seen_by=cast.lead)) == [incident]
    assert not queries.records(rate, "resolution_rate", seen_by=cast.harbour_first_line)


def test_issuing_again_gives_the_report_that_stands(cast: Cast) -> None:
    cast.submitted()
    with clock.at(OCTOBER_START):
        first = reports.issue("2026-09", by=cast.lead, formats=())
        assert reports.issue("2026-09", by=cast.deputy, formats=()) == first
        assert Event.objects.filter(verb="report.issued").count() == 1


def test_with_a_reason_a_new_version_is_issued_beside_the_old(cast: Cast) -> None:
    cast.submitted()
    with clock.at(OCTOBER_START):
        first = reports.issue("2026-09", by=cast.lead, formats=())
        cast.incident(opened_at=SEPTEMBER_MIDDLE)
        second = reports.issue("2026-09", reason="an import was late", by=cast.lead, formats=())
        assert (second.version, second.number) == (2, "FWBG-202609-v2")
        assert queries.issued("2026-09", seen_by=cast.lead) == second
        assert queries.get(first.number, seen_by=cast.lead).sha256 == first.sha256 != second.sha256


@pytest.mark.parametrize("month", ["2026-13", "october", "2026", "2026-1-1", "26-10", "0000-01"])
def test_a_month_that_is_none_is_refused(cast: Cast, month: str) -> None:
    with pytest.raises(BadInput) as refused:
        queries.draft(month, seen_by=cast.lead)
    assert refused.value.field == "month"


def test_a_month_that_is_not_over_is_not_issued(cast: Cast) -> None:
    with pytest.raises(BadInput):
        reports.issue("2026-09", by=cast.lead)
    with pytest.raises(BadInput):
        queries.draft("2026-11", seen_by=cast.lead)
    assert queries.draft("2026-09", seen_by=cast.lead).month == "2026-09"


@pytest.mark.parametrize("who", ["owner", "first_line", "management", "auditor", "representative", "administrator"])
def test_only_the_lead_issues(cast: Cast, who: str) -> None:
    with clock.at(OCTOBER_START), pytest.raises(NotAllowed):
        reports.issue("2026-09", by=getattr(cast, who))


def test_the_documents_are_kept_by_their_content_and_named_in_the_event(cast: Cast) -> None:
    cast.submitted()
    with clock.at(OCTOBER_START):
        report = reports.issue("2026-09", by=cast.lead, **ENGLISH)
    assert set(report.files) == {"docx", "xlsx"}
    assert files.read(report.files["docx"]) == reports.document(report, "docx")
    event = events.of(report).get()
    assert event.content.after["sha256"] == report.sha256
    assert event.content.after["files"] == report.files
    assert reports.document(report, "pdf").startswith(b"%PDF")


def test_figures_are_computed_from_what_the_actor_may_see(cast: Cast) -> None:
    cast.submitted()
    cast.submitted(service="warehouse")
    cast.incident(service="warehouse")
    figures = queries.draft("2026-09", seen_by=cast.harbour_first_line)
    assert values(figures)[0] == 1
    assert [row.key for row in figures.counts["customer"]] == ["harbour customer"]
    assert figures.of_month("incidents_opened").value == 1


def test_a_customers_report_holds_nothing_of_another_customer(cast: Cast) -> None:
    cast.submitted(title="Secret of the hospital")
    cast.submitted(service="warehouse", title="Forklift scanner")
    cast.incident(service="network")
    scope = gathering.scope_of(customer=cast.customers["harbour"])
    with clock.at(OCTOBER_START):
        report = reports.issue("2026-09", scope=scope, by=cast.lead, **ENGLISH)
    assert (report.scope, report.number) == (ScopeKind.CUSTOMER, f"FWBG-202609-K{scope.id}")
    everything = report.figures + "".join(said_in(xml_of(reports.document(report, name))) for name in ("docx", "xlsx"))
    assert "Forklift" in everything
    assert "hospital" not in everything.lower()
    assert queries.figures_of(report).of_month("incidents_opened").value == 0


def test_a_projects_report_is_its_own(cast: Cast) -> None:
    cast.submitted()
    cast.submitted(service="portal")
    project = cast.services["portal"].project
    figures = queries.draft("2026-09", scope=gathering.scope_of(project=project), seen_by=cast.lead)
    assert values(figures)[0] == 1
    assert figures.scope.name == "city project"


def test_issued_reports_are_seen_by_those_who_see_all_their_services(cast: Cast) -> None:
    with clock.at(OCTOBER_START):
        whole = reports.issue("2026-09", by=cast.lead, formats=())
        harbour = reports.issue(
            "2026-09", scope=gathering.scope_of(customer=cast.customers["harbour"]), by=cast.lead, formats=()
        )
    for who in ("lead", "management", "auditor"):
        assert set(queries.visible_to(getattr(cast, who))) == {whole, harbour}
    assert set(queries.visible_to(cast.harbour_first_line)) == {harbour}
    assert not queries.visible_to(cast.city_first_line)
    assert not queries.visible_to(cast.harbour_representative)
    with pytest.raises(NotFound):
        queries.get(whole.number, seen_by=cast.first_line)


def test_the_incidents_of_one_source_can_be_reported_alone(cast: Cast) -> None:
    cast.incident()
    cast.incident(source="crm", external_id="C-1")
    figures = queries.draft("2026-09", scope=gathering.scope_of(source="crm"), seen_by=cast.lead)
    assert figures.of_month("incidents_opened").value == 1


def test_columns_begin_with_the_first_record(cast: Cast) -> None:
    cast.incident(opened_at=SEPTEMBER_MIDDLE - timedelta(days=70))
    assert queries.draft("2026-09", seen_by=cast.lead).months == ("2026-07", "2026-08", "2026-09")


def test_a_report_asks_the_same_number_of_questions_however_many_problems(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _n in range(12):
        cast.at(Stage.SOLVING)
    with django_assert_max_num_queries(36):
        queries.draft("2026-09", seen_by=cast.lead)


def test_holds_and_waiting_points_reach_the_report(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.request_hold(
        problem, reason="waits for the vendor", until=(clock.now() + timedelta(days=40)).date(), by=cast.owner
    )
    problems.grant_hold(problem, by=cast.lead)
    figures = queries.draft("2026-09", seen_by=cast.lead)
    line = figures.carried[0]
    assert (line.reason, line.owner) == ("waits for the vendor", "owner")
    assert "root_cause" in line.waiting_for


@pytest.mark.parametrize("name", ["docx", "xlsx", "pdf"])
def test_a_draft_can_be_downloaded_in_every_format(cast: Cast, name: str) -> None:
    cast.submitted()
    figures = queries.draft("2026-09", seen_by=cast.lead)
    assert len(printing.of_draft(figures, name, language="en")) > 3000
    with pytest.raises(BadInput):
        printing.of_draft(figures, "odt", language="en")


def test_a_source_that_nothing_came_from_is_refused(cast: Cast) -> None:
    cast.incident(service="warehouse", source="crm")
    for who, source in ((cast.lead, "nobody"), (cast.first_line, "crm"), (cast.lead, "x" * 90)):
        with pytest.raises(UnknownReference) as refused:
            queries.draft("2026-09", scope=gathering.scope_of(source=source), seen_by=who)
        assert refused.value.field == "source"


def test_the_number_of_a_sources_report_fits_into_an_address(cast: Cast) -> None:
    cast.incident(source="desk / north")
    with clock.at(OCTOBER_START):
        report = reports.issue("2026-09", scope=gathering.scope_of(source="desk / north"), by=cast.lead, formats=())
    assert report.number == "FWBG-202609-desk-north"


def test_the_customers_side_gets_no_draft_and_no_record_form(cast: Cast) -> None:
    problem = cast.submitted()
    problems.invite_representative(problem, user=cast.user("representative"), by=cast.lead)
    with pytest.raises(NotAllowed):
        queries.draft("2026-09", seen_by=cast.representative)
    with pytest.raises(NotAllowed):
        paper.record(problem, language="en", seen_by=cast.representative)


def test_a_month_whose_owners_have_not_confirmed_is_issued_only_with_a_reason(cast: Cast) -> None:
    cast.at(Stage.INVESTIGATING)
    with clock.at(OCTOBER_START):
        with pytest.raises(WrongStage) as refused:
            reports.issue("2026-09", by=cast.lead, formats=())
        assert (refused.value.field, refused.value.params) == ("reason", {"gaps": 0, "owners": 1})
        report = reports.issue("2026-09", reason="The owner is away.", by=cast.lead, formats=())
    assert report.reason == "The owner is away."
