"""The register, the month's end, and the forms on paper."""

import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from genyin.base import clock
from genyin.base.errors import BadInput, ControlPointOpen, NotAllowed
from genyin.base.models import Event
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from genyin.reports import actions as reports
from genyin.reports import paper, queries, register_book
from tests.cast import Cast
from tests.reports.conftest import OCTOBER_START, words_of_docx

pytestmark = pytest.mark.usefixtures("september")


def resolved(cast: Cast) -> Problem:
    return cast.at(Stage.RESOLVED)


def test_archive_freezes_the_row_and_opens_the_way_to_close(cast: Cast) -> None:
    problem = resolved(cast)
    with pytest.raises(ControlPointOpen):
        problems.close(problem, by=cast.owner)
    problem.refresh_from_db()
    reports.archive(problem, by=cast.owner)
    entry = problem.register_entry
    entry.refresh_from_db()
    assert entry.frozen_at == problem.archived_at == clock.now()
    assert entry.content["root_cause"] == "The firmware leaks memory."
    assert problems.close(problem, by=cast.owner).stage == Stage.CLOSED


def test_the_frozen_row_stays_as_it_was_filed(cast: Cast) -> None:
    problem = resolved(cast)
    reports.archive(problem, by=cast.owner)
    problems.edit(problem, title="Renamed afterwards", by=cast.owner)
    row = register_rows(cast)[0]
    assert row[2] == "Core switch restarts"


@pytest.mark.parametrize("who", ["first_line", "analyst", "auditor", "harbour_first_line"])
def test_only_the_owner_archives(cast: Cast, who: str) -> None:
    problem = resolved(cast)
    with pytest.raises(NotAllowed):
        reports.archive(problem, by=getattr(cast, who))
    problem.refresh_from_db()
    assert problem.archived_at is None


def register_rows(cast: Cast, **more: Any) -> list[list[Any]]:
    chosen = queries.register(seen_by=cast.lead, **more)
    content = register_book.register_book(chosen, period="2026-09", check=None, language="en")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Register")
    return [row for row in sheet.to_python()[3:] if row[1]]


def test_every_problem_has_its_row_from_registration(cast: Cast) -> None:
    open_one, done = cast.submitted(), resolved(cast)
    rows = register_rows(cast)
    assert [row[1] for row in rows] == [open_one.number, done.number]
    assert rows[1][10:12] == ["The firmware leaks memory.", "Upgrade the firmware."]
    assert rows[1][8] == "2026-09-14"
    assert done.minutes_number in rows[1][15]


def test_the_register_of_a_month_holds_what_was_registered_in_it(cast: Cast) -> None:
    cast.submitted()
    with clock.at(OCTOBER_START):
        later = cast.submitted()
        assert [row[1] for row in register_rows(cast, month="2026-10")] == [later.number]


def test_the_month_end_check_names_what_is_missing(cast: Cast) -> None:
    lost, incomplete = cast.submitted(), resolved(cast)
    lost.register_entry.delete()
    Problem.objects.filter(pk=incomplete.pk).update(solution="")
    with clock.at(OCTOBER_START):
        check = queries.month_end_check("2026-09", seen_by=cast.lead)
    assert [(gap.ref, gap.missing) for gap in check.gaps] == [(lost.number, ()), (incomplete.number, ("solution",))]
    assert [owner.username for owner in check.unconfirmed] == ["owner"]
    assert not check.complete


def test_an_owner_confirms_the_month_once_and_it_is_no_longer_waiting(cast: Cast) -> None:
    resolved(cast)
    with clock.at(OCTOBER_START + timedelta(days=20)):
        assert queries.month_ends_due(cast.owner) == ["2026-09"]
        first = reports.confirm_month_end("2026-09", by=cast.owner)
        assert reports.confirm_month_end("2026-09", by=cast.owner) == first
        assert Event.objects.filter(verb="month_end.confirmed").count() == 1
        assert queries.month_ends_due(cast.owner) == []
        assert queries.month_end_check("2026-09", seen_by=cast.lead).complete


def test_a_month_with_gaps_is_not_confirmed(cast: Cast) -> None:
    problem = resolved(cast)
    Problem.objects.filter(pk=problem.pk).update(solution="")
    with pytest.raises(BadInput) as refused:
        reports.confirm_month_end("2026-09", by=cast.owner)
    assert problem.number in str(refused.value)
    assert not Event.objects.filter(verb="month_end.confirmed").exists()


def test_nobody_confirms_for_another_owner(cast: Cast) -> None:
    resolved(cast)
    with pytest.raises(NotAllowed):
        reports.confirm_month_end("2026-09", owner=cast.user("owner"), by=cast.other_owner)


def test_an_unconfirmed_month_end_is_printed_in_the_report(cast: Cast) -> None:
    resolved(cast)
    assert queries.draft("2026-09", seen_by=cast.lead).unconfirmed == ("owner",)


def test_imported_history_is_not_asked_for_at_the_months_end(cast: Cast) -> None:
    problem = cast.submitted()
    Problem.objects.filter(pk=problem.pk).update(is_imported=True)
    problem.register_entry.delete()
    assert queries.month_end_check("2026-09", seen_by=cast.lead).looked_at == 0


def test_the_record_form_tells_the_whole_problem(cast: Cast) -> None:
    problem = cast.at(Stage.RESOLVED, change=True)
    problems.link_incident(problem, linked=[cast.incident()], by=cast.owner)
    text = words_of_docx(paper.record(problem, language="en", seen_by=cast.lead))
    change = problem.changes.get()
    for wanted in (
        problem.number,
        "The firmware leaks memory.",
        "Upgrade the firmware.",
        "Alert at 75% memory.",
        change.number,
        problem.minutes_number,
        "No incident since.",
        "desk:INC00001",
        "hospital customer / hospital project",
        "analyst",
    ):
        assert wanted in text, wanted


def test_incidents_of_other_customers_are_a_count_on_the_form(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.link_incident(problem, linked=[cast.incident(service="warehouse", title="Forklift scanner")], by=cast.lead)
    text = words_of_docx(paper.record(problem, language="en", seen_by=cast.owner))
    assert "Forklift" not in text
    assert "Linked incidents (1 in all)" in text


def test_the_minutes_tell_the_review(cast: Cast) -> None:
    problem = resolved(cast)
    text = words_of_docx(paper.minutes_of(problem.reviews.get(), language="en"))
    for wanted in (problem.minutes_number, problem.number, "Found and fixed.", "Passed", "No incident since."):
        assert wanted in text, wanted


def test_a_confirmed_waiver_stays_on_the_form_and_in_the_months_figures(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    problems.request_waiver(problem, point="reproduction", reason="no spare switch", by=cast.owner)
    problems.confirm_waiver(problem, point="reproduction", by=cast.deputy)
    problems.request_waiver(problem, point="root_cause", reason="refused later", by=cast.owner)
    problems.refuse_waiver(problem, point="root_cause", reason="needed", by=cast.deputy)
    form = words_of_docx(paper.record(problem, language="en", seen_by=cast.lead))
    assert "no spare switch" in form
    assert "owner / deputy" in form
    assert queries.draft("2026-09", seen_by=cast.lead).of_month("waivers").value == 1


def test_what_the_totals_leave_out_is_neither_resolved_nor_unresolved_in_the_register(cast: Cast) -> None:
    problems.cancel(cast.submitted(), outcome="void", reason="entered twice", by=cast.lead)
    assert register_rows(cast)[0][13] == "Void"
