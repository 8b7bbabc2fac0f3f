"""The pure decisions of the trend analysis."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.trends import rules
from genyin.trends.rules import Seen


def test_a_source_that_still_talks_has_data_until_today() -> None:
    assert rules.data_end([5] * 60) == 59


def test_a_source_that_fell_silent_ended_on_its_last_day() -> None:
    assert rules.data_end([5] * 60 + [0] * 10) == 59


def test_a_source_down_to_a_trickle_has_ended() -> None:
    tail = [0, 0, 0, 1, 0, 0, 0] * 6
    end = rules.data_end([20] * 60 + tail)
    assert end is not None
    assert 59 <= end < 59 + 8


def test_a_quiet_weekend_is_no_end() -> None:
    assert rules.data_end([8, 8, 8, 8, 8, 0, 0] * 9) == 62


def test_a_source_with_an_incident_a_month_has_not_ended_after_three_weeks() -> None:
    assert rules.data_end(([1] + [0] * 29) * 4) == 119
    assert rules.data_end([1, *[0] * 29] * 4 + [0] * 90) < 200  # type: ignore[operator]


def test_a_source_that_told_nothing_has_no_end() -> None:
    assert rules.data_end([0, 0, 0]) is None


@given(st.lists(st.integers(0, 40), min_size=1, max_size=120))
def test_the_end_of_data_is_a_day_not_before_the_last_busy_week(per_day: list[int]) -> None:
    end = rules.data_end(per_day)
    assert (end is None) == (not any(per_day))
    assert end is None or 0 <= end < len(per_day)


@pytest.mark.parametrize(
    ("seen", "met"),
    [
        (Seen(recent=3, size=3), ("count",)),
        (Seen(recent=2, size=9), ()),
        (Seen(recent=1, size=9, ratio=4.0), ("rise",)),
        (Seen(recent=0, size=9, ratio=4.0), ()),
        (Seen(recent=4, size=4, major=1), ("major", "count")),
    ],
)
def test_each_rule_says_by_itself_why(seen: Seen, met: tuple[str, ...]) -> None:
    assert rules.rules_met(seen, at_least=3) == met


def test_a_major_incident_ranks_above_a_steady_trickle() -> None:
    assert rules.rank(Seen(recent=1, size=1, major=1)) > rules.rank(Seen(recent=6, size=60))


@pytest.mark.parametrize(
    ("recent", "listed", "incidents", "is_taken"),
    [
        (3, 0, 10_000, True),
        (3, 99, 10_000, True),
        (3, 100, 10_000, False),
        (4, 100, 10_000, True),
        (4, 180, 10_000, False),
        (5, 180, 10_000, True),
        (5, 199, 10_000, True),
        (99, 200, 10_000, False),
        (3, rules.SHORTEST_LIST - 1, 12, True),
        (99, rules.SHORTEST_LIST, 12, False),
    ],
)
def test_the_list_is_as_long_as_a_person_can_read_and_keeps_places_for_what_says_more(
    recent: int, listed: int, incidents: int, is_taken: bool
) -> None:
    seen = Seen(recent=recent, size=recent)
    assert rules.has_place(rules.rank(seen), listed=listed, incidents=incidents, at_least=3) == is_taken


@pytest.mark.parametrize("seen", [Seen(recent=1, size=1, major=1), Seen(recent=1, size=9, ratio=3.0)])
def test_a_major_incident_or_a_rise_has_a_place_to_the_last(seen: Seen) -> None:
    assert rules.has_place(rules.rank(seen), listed=199, incidents=10_000, at_least=3)


def test_evidence_is_new_when_grown_by_half_or_risen_since() -> None:
    then = date(2026, 5, 1)
    assert not rules.is_new_evidence(size=14, size_then=10, rise_from=None, seen_until=then)
    assert rules.is_new_evidence(size=15, size_then=10, rise_from=None, seen_until=then)
    assert not rules.is_new_evidence(size=10, size_then=10, rise_from=date(2026, 4, 20), seen_until=then)
    assert rules.is_new_evidence(size=10, size_then=10, rise_from=date(2026, 5, 2), seen_until=then)


@pytest.mark.parametrize(
    ("code", "had_stopped", "observed", "recent", "why"),
    [
        ("worse", False, 9, 9, "not_fewer"),
        ("unchanged", False, 9, 1, "not_fewer"),
        ("reduced", True, 1, 1, "came_back"),
        ("too_little_data", False, 3, 3, "recurring"),
        ("reduced", False, 5, 5, ""),
        ("stopped", True, 0, 0, ""),
    ],
)
def test_why_a_problem_seems_to_be_back(code: str, had_stopped: bool, observed: int, recent: int, why: str) -> None:
    assert rules.recurrence(code, had_stopped=had_stopped, observed=observed, recent=recent, at_least=3) == why


@pytest.mark.parametrize(
    ("code", "without"),
    [
        ("Solved (Work Around)", True),
        ("Not Solved (Not Reproducible)", True),
        ("Cannot Reproduce", True),
        ("临时处理", True),
        ("原因未查明", True),
        ("无法复现", True),
        ("Solved (Permanently)", False),
        ("Closed/Resolved by Caller", False),
        ("已解决", False),
        ("", False),
    ],
)
def test_what_a_source_says_of_an_end_without_a_cause(code: str, without: bool) -> None:
    assert rules.is_without_cause(code) is without
