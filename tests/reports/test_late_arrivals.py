"""What arrives for a month that was issued is told once, in the next report of the same scope."""

from datetime import UTC, datetime, timedelta

import pytest

from genyin.base import clock
from genyin.reports import actions as reports
from genyin.reports import gathering, queries
from tests.cast import Cast
from tests.reports.conftest import NOVEMBER_START, OCTOBER_START, SEPTEMBER_MIDDLE, words_of_docx

pytestmark = pytest.mark.usefixtures("september")


def test_what_arrives_after_the_freeze_is_told_once_in_the_next_report(cast: Cast) -> None:
    cast.incident()
    with clock.at(OCTOBER_START):
        reports.issue("2026-09", by=cast.lead, formats=())
    with clock.at(OCTOBER_START + timedelta(days=5)):
        cast.incident(opened_at=SEPTEMBER_MIDDLE)
        cast.incident(opened_at=SEPTEMBER_MIDDLE)
        cast.incident()
    with clock.at(NOVEMBER_START):
        october = reports.issue("2026-10", by=cast.lead, language="en", formats=("docx",))
    assert october.after_freeze == [["2026-09", 2, 0]]
    assert "After the freeze" in words_of_docx(reports.document(october, "docx"))
    assert queries.figures_of(october).of_month("incidents_opened").value == 1
    with clock.at(NOVEMBER_START + timedelta(days=30)):
        assert reports.issue("2026-11", by=cast.lead, formats=()).after_freeze == []


def test_late_arrivals_of_several_months_are_each_told_in_the_next_report_that_is_issued(cast: Cast) -> None:
    december = datetime(2026, 12, 3, 4, tzinfo=UTC)

    def arrives(late_by: int, opened_at: datetime) -> None:
        """Entered some days from where the clock stands, for a month before."""
        with clock.at(clock.now() + timedelta(days=late_by)):
            cast.incident(opened_at=opened_at)
            cast.incident(opened_at=opened_at, service="warehouse")

    harbour = gathering.scope_of(customer=cast.customers["harbour"])
    with clock.at(OCTOBER_START):
        for scope in (gathering.EVERYTHING, harbour):
            reports.issue("2026-09", scope=scope, by=cast.lead, formats=())
        arrives(3, SEPTEMBER_MIDDLE)  # told in October's
    with clock.at(NOVEMBER_START):
        for scope in (gathering.EVERYTHING, harbour):
            reports.issue("2026-10", scope=scope, by=cast.lead, formats=())
        arrives(2, SEPTEMBER_MIDDLE)  # these two in November's, though September's were told once before
        arrives(4, OCTOBER_START)
        again = reports.issue("2026-09", reason="An import was late.", by=cast.lead, formats=())
    with clock.at(december):
        for scope in (gathering.EVERYTHING, harbour):
            reports.issue("2026-11", scope=scope, by=cast.lead, formats=())
    every = queries.visible_to(cast.lead)
    assert {(report.month, report.scope, report.version): report.after_freeze for report in every} == {
        ("2026-09", "all", 1): [],
        ("2026-09", "customer", 1): [],
        ("2026-10", "all", 1): [["2026-09", 2, 0]],
        ("2026-10", "customer", 1): [["2026-09", 1, 0]],
        ("2026-09", "all", 2): [],
        ("2026-11", "all", 1): [["2026-09", 2, 0], ["2026-10", 2, 0]],
        ("2026-11", "customer", 1): [["2026-09", 1, 0], ["2026-10", 1, 0]],
    }
    assert queries.figures_of(again).of_month("incidents_opened").value == 2
