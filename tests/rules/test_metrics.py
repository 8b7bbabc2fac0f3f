"""Every figure is defined in words and in code; here each definition is worked by hand on a few problems."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from genyin.base.clock import month_window
from genyin.reports import breakdowns, figures
from genyin.reports.catalogue import BY_CODE, METRICS, SURE_LINES
from genyin.reports.facts import (
    ChangeFact,
    Clock,
    Closing,
    Facts,
    FollowUpFact,
    IncidentCounts,
    ProblemFact,
    Scope,
    Window,
)
from genyin.reports.findings import SENTENCES, findings
from genyin.reports.metrics import Figure, Month, Unit

ZONE = "Asia/Shanghai"
AS_OF = datetime(2026, 11, 3, tzinfo=UTC)
OCTOBER = Window("2026-10", *month_window("2026-10", ZONE), AS_OF)
SEPTEMBER = Window("2026-09", *month_window("2026-09", ZONE), AS_OF)
INCIDENTS = IncidentCounts("2026-10", opened=40, resolved=30, closed=20, by_known_error=4)


def at(day: int, month: int = 10) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


def problem(number: int, **more: object) -> ProblemFact:
    """A problem registered on 5 October and still analysed."""
    plain = ProblemFact(
        id=number,
        ref=f"WT-202610-{number:03d}",
        title="Core switch restarts",
        registered_at=at(5),
        stage="investigating",
        source="incident",
        category="hardware",
        level="medium",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def fixed(number: int, **more: object) -> ProblemFact:
    """A problem that was resolved on the 20th and closed on the 22nd."""
    done = {"stage": "closed", "outcome": "fixed", "resolved_at": at(20), "closed_at": at(22)}
    return problem(number, **{**done, **more})


def month(*problems: ProblemFact, window: Window = OCTOBER) -> Month:
    return Month(problems, window, INCIDENTS)


def value(code: str, *problems: ProblemFact) -> Fraction | None:
    return BY_CODE[code].compute(month(*problems)).value


def sure(problems: Iterable[ProblemFact]) -> list[Fraction | None]:
    return [metric.compute(month(*problems)).value for metric in SURE_LINES]


def test_the_four_sure_lines_come_first_and_add_up() -> None:
    assert [metric.code for metric in METRICS[:4]] == [
        "problems_total",
        "problems_resolved",
        "problems_unresolved",
        "resolution_rate",
    ]
    assert sure([fixed(1), fixed(2), problem(3)]) == [3, 2, 1, Fraction(2, 3)]


def test_resolved_but_not_yet_closed_counts_as_resolved() -> None:
    assert sure([problem(1, stage="resolved", resolved_at=at(20))]) == [1, 1, 0, 1]


@pytest.mark.parametrize("outcome", ["risk_accepted", "cause_not_found", "no_solution"])
def test_closed_without_a_solution_is_counted_and_unresolved(outcome: str) -> None:
    assert sure([problem(1, stage="closed", outcome=outcome, closed_at=at(20))]) == [1, 0, 1, 0]


def test_an_accepted_workaround_counts_as_resolved() -> None:
    assert sure([fixed(1, outcome="workaround_accepted")]) == [1, 1, 0, 1]


@pytest.mark.parametrize("outcome", ["duplicate", "not_a_problem", "out_of_scope", "void"])
def test_what_is_left_out_of_the_totals_is_listed_apart(outcome: str) -> None:
    left = problem(7, stage="closed", outcome=outcome, closed_at=at(20))
    both = month(left, problem(1))
    assert BY_CODE["problems_total"].compute(both).records == (1,)
    assert breakdowns.left_out(both) == ((outcome, (7,)),)
    assert not breakdowns.left_out(month(replace(left, registered_at=at(5, 9))))


@pytest.mark.parametrize("metric", [m for m in METRICS if m.unit is not Unit.COUNT], ids=lambda m: m.code)
def test_a_month_without_problems_gives_no_rate_at_all(metric: object) -> None:
    empty = Month([], OCTOBER, IncidentCounts("2026-10"))
    figure = metric.compute(empty)  # type: ignore[attr-defined]
    assert (figure.value, figure.denominator) == (None, 0)


def test_months_are_cut_in_the_zone_of_the_site() -> None:
    midnight = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)  # 00:00 on 1 October in Shanghai
    last = problem(1, registered_at=midnight - timedelta(seconds=1))
    first = problem(2, registered_at=midnight)
    assert BY_CODE["problems_total"].compute(month(last, first)).records == (2,)
    assert BY_CODE["problems_total"].compute(month(last, first, window=SEPTEMBER)).records == (1,)


def test_every_share_is_the_length_of_its_lists() -> None:
    facts = [fixed(n, is_major=n == 1, source="trend" if n < 3 else "incident", reviewed=n < 4) for n in range(1, 6)]
    for code in ("resolution_rate", "close_rate", "major_share", "proactive_share", "review_rate", "root_solved_share"):
        figure = BY_CODE[code].compute(month(*facts))
        assert figure.numerator == len(figure.records)
        assert figure.denominator == len(figure.of)
        assert set(figure.records) <= set(figure.of)


def test_carry_over_counts_older_problems_until_they_are_resolved_or_closed() -> None:
    old = {"registered_at": at(5, 8)}
    resolved_later = problem(1, stage="resolved", resolved_at=at(2, 11), **old)
    given_up = problem(2, stage="closed", outcome="no_solution", closed_at=at(10), **old)
    facts = [resolved_later, given_up, problem(3), fixed(4)]
    assert BY_CODE["carried_over"].compute(month(*facts)).records == (1, 3)
    assert BY_CODE["carried_over"].compute(month(*facts, window=SEPTEMBER)).records == (1, 2)


def test_history_that_was_solved_on_an_unknown_day_is_not_carried_over() -> None:
    undated = problem(1, stage="resolved", imported=True)
    closed_only = fixed(2, imported=True, resolved_at=None, closed_at=at(22))
    both = month(undated, closed_only)
    assert BY_CODE["problems_unresolved"].compute(both).value == 0
    assert BY_CODE["carried_over"].compute(both).records == ()
    assert BY_CODE["solved_in_month"].compute(both).records == (2,)  # by the day it was closed, the only one known
    assert BY_CODE["performance_index"].compute(both).value == Fraction(1, 2)


def test_resolution_rate_with_carry_over_divides_by_what_was_open_and_what_came() -> None:
    old = fixed(1, registered_at=at(5, 8))
    assert value("resolution_rate_carried", old, fixed(2), problem(3), problem(4)) == Fraction(2, 4)


def test_queue_rate_and_close_rates() -> None:
    given_up = problem(3, stage="closed", outcome="no_solution", closed_at=at(20))
    workaround = fixed(2, outcome="workaround_accepted")
    facts = [fixed(1), workaround, given_up, problem(4)]
    assert value("queue_rate", *facts) == Fraction(3, 4)
    assert value("close_rate", *facts) == Fraction(3, 4)
    assert value("successful_close_rate", *facts) == Fraction(2, 3)
    assert value("root_solved_share", *facts) == Fraction(1, 3)


def test_late_means_later_than_planned_or_still_missing_past_the_plan() -> None:
    plan = {"cause_due_at": at(12)}
    in_time = problem(1, cause_found_at=at(12), **plan)
    late = problem(2, cause_found_at=at(13), **plan)
    missing = problem(3, **plan)
    not_yet = problem(4, cause_due_at=at(20, 11))
    without_plan = problem(5)
    figure = BY_CODE["late_cause"].compute(month(in_time, late, missing, not_yet, without_plan))
    assert (figure.records, figure.of) == ((2, 3), (1, 2, 3, 4, 5))


def test_a_problem_closed_before_its_plan_without_the_step_is_not_late() -> None:
    closed = problem(1, stage="closed", outcome="risk_accepted", closed_at=at(10), cause_due_at=at(12))
    assert not closed.late_at(Clock.CAUSE, AS_OF)


def test_imported_history_counts_in_totals_and_in_no_figure_about_compliance() -> None:
    old = fixed(1, imported=True, cause_due_at=at(6), due_at=at(6), worked_to_resolve=99, missing=("solution",))
    assert value("problems_total", old) == 1
    for code in ("late_cause", "on_time_rate", "mean_time_to_solve", "review_rate", "minutes_rate", "record_gap_share"):
        assert value(code, old) is None, code


def test_on_time_is_judged_by_the_planned_finish_and_without_one_by_the_target_of_the_solution() -> None:
    planned = fixed(1, due_at=at(21))
    overdue = fixed(2, due_at=at(19), solution_due_at=at(30), solution_planned_at=at(8))
    by_target = fixed(3, solution_due_at=at(10), solution_planned_at=at(9))
    too_late = fixed(4, solution_due_at=at(10), solution_planned_at=at(11))
    unplanned = fixed(5)
    figure = BY_CODE["on_time_rate"].compute(month(planned, overdue, by_target, too_late, unplanned))
    assert (figure.records, figure.of) == ((1, 3), (1, 2, 3, 4))


def test_mean_times_are_working_days_of_those_that_have_the_time() -> None:
    half_day, two_days = 43_200, 172_800
    facts = [fixed(1, worked_to_resolve=half_day), fixed(2, worked_to_resolve=two_days), fixed(3)]
    figure = BY_CODE["mean_time_to_solve"].compute(month(*facts))
    assert figure == Figure(Fraction(5, 4), Fraction(5, 2), Fraction(2), (1, 2), (1, 2))


def test_changes_follow_ups_and_waivers_count_in_the_month_they_happen() -> None:
    changes = (ChangeFact("A", "succeeded", at(8)), ChangeFact("B", "backed_out", at(9)), ChangeFact("C"))
    items = (FollowUpFact(at(10), at(9)), FollowUpFact(at(11)), FollowUpFact(at(12, 12)))
    fact = problem(1, changes=changes, follow_ups=items, waived_at=(at(7), at(8), at(7, 9)))
    assert value("change_success", fact) == Fraction(1, 2)
    assert value("follow_ups_on_time", fact) == Fraction(1, 2)
    assert value("waivers", fact) == 2


def test_recurrence_is_a_reopening_soon_after_closing() -> None:
    back = problem(1, closings=(Closing(at(20), at(25)), Closing(at(26))))
    much_later = problem(2, closings=(Closing(at(20), at(20) + timedelta(days=181)),))
    assert value("recurrence_rate", back, much_later) == Fraction(1, 3)


def test_known_errors_are_those_in_force_at_the_end() -> None:
    active = problem(1, known_error_since=at(10))
    retired = problem(2, known_error_since=at(10), known_error_until=at(20))
    later = problem(3, known_error_since=at(1, 11))
    assert value("known_errors", active, retired, later) == 1
    assert value("known_error_share", active, retired, later) == Fraction(1, 3)


def test_the_performance_index_stays_between_nothing_and_one() -> None:
    resolved_unfiled = problem(1, stage="resolved", resolved_at=at(20))
    assert value("performance_index", resolved_unfiled, fixed(2)) == 1
    assert value("performance_index", problem(3, registered_at=at(1, 8))) == 0


def test_incidents_come_from_their_own_counts() -> None:
    figures_of = [value(f"incidents_{what}") for what in ("opened", "resolved", "closed", "by_known_error")]
    assert figures_of == [40, 30, 20, 4]
    assert value("incidents_per_problem", problem(1), problem(2)) == 20


def test_the_open_month_is_judged_up_to_now() -> None:
    early = replace(OCTOBER, as_of=at(10))
    soon = problem(1, registered_at=at(10) + timedelta(hours=1))
    assert BY_CODE["carried_over"].compute(month(problem(2), soon, window=early)).records == (2,)


@pytest.mark.parametrize(("days", "band"), [(0, 0), (7, 0), (8, 1), (30, 1), (31, 2), (90, 2), (91, 3)])
def test_age_bands_begin_where_they_say(days: int, band: int) -> None:
    fact = problem(1, registered_at=OCTOBER.end - timedelta(days=days))
    assert breakdowns.band(month(fact), fact) == band


def test_breakdowns_add_up_to_the_total() -> None:
    facts = [fixed(1), problem(2, category="software"), problem(3, category="software", level="high")]
    for dimension in breakdowns.DIMENSIONS:
        rows = breakdowns.counts(month(*facts), dimension)
        assert sorted(number for row in rows for number in row.total) == [1, 2, 3]
        assert all(set(row.resolved) | set(row.unresolved) == set(row.total) for row in rows)
    assert breakdowns.counts(month(*facts), "category")[0].key == "software"


def test_findings_name_the_records_they_are_about() -> None:
    facts = [
        problem(1, cause_due_at=at(6), registered_at=at(5)),
        problem(2, registered_at=at(1, 6)),
        fixed(3, missing=("solution",), closings=(Closing(at(22), at(23)),)),
        problem(4, stage="closed", outcome="risk_accepted", closed_at=at(9), risk_until=at(20, 11)),
    ]
    found = {one.code: one.records for one in findings(month(*facts))}
    assert found["late_causes"] == (1,)
    assert found["old_backlog"] == (2,)
    assert found["incomplete_records"] == found["without_minutes"] == found["came_back"] == (3,)
    assert found["risk_ends"] == (4,)
    assert set(found) <= set(SENTENCES)


def test_an_accepted_risk_is_a_line_in_every_report_until_its_date() -> None:
    risk = problem(
        1, registered_at=at(1, 6), stage="closed", outcome="risk_accepted", closed_at=at(9, 6), risk_until=at(15)
    )
    assert [line.ref for line in computed([risk], (SEPTEMBER, OCTOBER)).risks] == ["WT-202610-001"]
    november = Window("2026-11", *month_window("2026-11", ZONE), AS_OF)
    assert not computed([risk], (OCTOBER, november)).risks


def test_the_total_column_is_computed_anew_not_averaged() -> None:
    facts = [fixed(1, registered_at=at(5, 9)), fixed(2), problem(3), problem(4)]
    rates = computed(facts, (SEPTEMBER, OCTOBER)).values["resolution_rate"]
    assert [rates[m].value for m in ("2026-09", "2026-10", "total")] == [1, Fraction(1, 3), Fraction(1, 2)]


def computed(problems: list[ProblemFact], windows: tuple[Window, ...]) -> figures.Figures:
    return figures.compute(Facts(Scope(), ZONE, windows, tuple(problems)))


def test_programs_get_the_sure_lines_as_plain_numbers() -> None:
    told = figures.summary(
        figures.compute(Facts(Scope(), ZONE, (OCTOBER,), (fixed(1), fixed(2), problem(3)), (INCIDENTS,)))
    )
    assert told == {
        "problems": {"total": 3, "resolved": 2, "unresolved": 1, "resolution_rate": 0.666667},
        "incidents": {"opened": 40, "resolved": 30, "closed": 20},
    }
    assert figures.summary(computed([], (OCTOBER,)))["problems"]["resolution_rate"] is None
