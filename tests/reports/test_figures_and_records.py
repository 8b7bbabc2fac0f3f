"""What a report says fits together: each number its list, each table its total, what the page and the verb wait for."""

from datetime import timedelta

import pytest

from genyin.base import clock
from genyin.knowledge import actions as knowledge
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.reports import actions as reports
from genyin.reports import gathering, queries
from genyin.reports.catalogue import METRICS
from genyin.reports.metrics import Unit
from tests.cast import Cast
from tests.reports.conftest import OCTOBER_START

pytestmark = pytest.mark.usefixtures("september")
COUNTS = [metric.code for metric in METRICS if metric.unit is Unit.COUNT]


def test_every_count_opens_as_many_records_as_it_says(cast: Cast) -> None:
    problem = cast.at(Stage.SOLVING)
    first, second = (
        knowledge.publish_known_error(one, symptom="It restarts.", by=cast.owner)
        for one in (problem, cast.at(Stage.SOLVING))
    )
    cast.at(Stage.RESOLVED)
    cast.submitted(level="high")
    incident, other = cast.incident(), cast.incident(resolved_at=clock.now(), closed_at=clock.now())
    for known, helped in ((first, incident), (second, incident), (first, other)):
        knowledge.say_result(known, incident=helped, result="worked", by=cast.first_line)
    waiting = cast.at(Stage.INVESTIGATING)
    problems.request_waiver(waiting, point="reproduction", reason="Gone.", by=cast.lead)
    problems.confirm_waiver(waiting, point="reproduction", by=cast.deputy)
    with clock.at(OCTOBER_START):
        figures = queries.draft("2026-09", seen_by=cast.lead)
    told = {code: figures.of_month(code) for code in COUNTS}
    assert {code: figure.value for code, figure in told.items()} == {
        code: len(figure.records) for code, figure in told.items()
    }
    assert told["incidents_by_known_error"].value == 2  # incidents, not trials
    assert min(figure.value or 0 for figure in told.values()) > 0


def test_what_was_open_at_the_months_end_is_in_the_tables_of_ages_although_it_has_moved_on_since(cast: Cast) -> None:
    ended, solved = cast.at(Stage.INVESTIGATING), cast.at(Stage.VERIFYING)
    cast.submitted()
    with clock.at(OCTOBER_START):
        until = (OCTOBER_START + timedelta(days=90)).date()
        problems.accept_risk(ended, reason="Rare.", until=until, by=cast.lead)
        cast._to_resolved(solved, False)
    with clock.at(OCTOBER_START + timedelta(days=20)):
        figures = queries.draft("2026-09", seen_by=cast.lead)
    carried = figures.of_month("carried_over").records
    assert len(carried) == 3
    for table in (figures.ages_by_stage, figures.ages_by_level):
        assert sorted(number for row in table for band in row.bands for number in band) == sorted(carried)


def test_one_customers_report_waits_for_that_customers_month_end_alone(cast: Cast) -> None:
    cast.at(Stage.INVESTIGATING)  # the hospital's, whose owner has not confirmed
    scope = gathering.scope_of(customer=cast.customers["harbour"])
    with clock.at(OCTOBER_START):
        assert queries.draft("2026-09", scope=scope, seen_by=cast.lead).unconfirmed == ()
        report = reports.issue("2026-09", scope=scope, by=cast.lead, formats=())
    assert report.customer == cast.customers["harbour"]
