"""Issuing while others write, and two who issue at once: with commits that are real."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from genyin.base import clock
from genyin.base.errors import Conflict
from genyin.base.models import Event
from genyin.reports import actions as reports
from genyin.reports import queries
from genyin.reports.models import ServiceReport
from tests.cast import Cast
from tests.reports.conftest import NOVEMBER_START, OCTOBER_START, SEPTEMBER_MIDDLE

pytestmark = pytest.mark.fault


def together(*works: Callable[[], object]) -> list[BaseException]:
    """Each in a thread of its own; answers what went wrong."""
    failures: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except (DatabaseError, AssertionError, ValueError) as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return failures


@pytest.mark.parametrize("reason", ["", "an import was late"], ids=["first", "again"])
def test_two_who_issue_at_once_get_one_report(committed_cast: Cast, reason: str) -> None:
    cast = committed_cast
    start, got = threading.Barrier(4), list[Any]()
    with clock.at(OCTOBER_START):
        if reason:
            reports.issue("2026-09", by=cast.lead, formats=())

    def issue() -> None:
        start.wait(30)
        with clock.at(OCTOBER_START + timedelta(hours=1)):
            try:
                got.append(reports.issue("2026-09", reason=reason, by=cast.lead, formats=()).number)
            except Conflict:  # the slower one is told
                got.append(None)

    assert together(*[issue] * 4) == []
    assert len(got) == 4
    issued = list(ServiceReport.objects.order_by("version").values_list("version", flat=True))
    assert len(set(got) - {None}) == len(issued) - bool(reason)
    assert issued == list(range(1, len(issued) + 1))
    assert Event.objects.filter(verb="report.issued").count() == len(issued)
    assert reason or len(issued) == 1


def test_an_incident_that_is_being_written_while_the_month_is_issued_is_told_either_now_or_next_time(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    written, asked = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic(), clock.at(OCTOBER_START):
            cast.incident(opened_at=SEPTEMBER_MIDDLE)
            written.set()
            asked.wait(1)  # a chunk of an import that goes on

    def issue() -> None:
        assert written.wait(30)
        with clock.at(OCTOBER_START + timedelta(seconds=1)):
            reports.issue("2026-09", by=cast.lead, formats=())
        asked.set()

    assert together(write, issue) == []
    with clock.at(NOVEMBER_START):
        october = reports.issue("2026-10", by=cast.lead, formats=())
        september = queries.issued("2026-09", seen_by=cast.lead)
    assert september is not None
    counted = queries.figures_of(september).of_month("incidents_opened").value or 0
    assert counted + sum(incidents for _month, incidents, _problems in october.after_freeze) == 1


def test_an_incident_that_came_after_the_moment_of_the_report_is_told_in_the_next_alone(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    with clock.at(OCTOBER_START + timedelta(seconds=1)):
        cast.incident(opened_at=SEPTEMBER_MIDDLE)
    with clock.at(OCTOBER_START):
        early = reports.issue("2026-09", by=cast.lead, formats=())
    with clock.at(NOVEMBER_START):
        october = reports.issue("2026-10", by=cast.lead, formats=())
    assert queries.figures_of(early).of_month("incidents_opened").value == 0
    assert october.after_freeze == [["2026-09", 1, 0]]
