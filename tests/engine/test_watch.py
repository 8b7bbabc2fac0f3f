"""Did the fix work, and does the answer admit when it cannot be told?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.watch import verdict

STEADY = [1, 0, 0, 1, 0, 0, 0] * 20


@pytest.mark.parametrize(
    ("after", "code"),
    [
        ([0] * 30, "stopped"),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 1] * 9, "reduced"),
        ([1, 0, 0, 1, 0, 0, 0] * 10, "unchanged"),
        ([1, 2, 1, 1, 2, 1, 1] * 3, "worse"),
        ([0] * 7, "too_little_data"),
    ],
)
def test_each_course_of_things_gets_its_verdict(after: list[int], code: str) -> None:
    assert verdict(STEADY, after).code == code


def test_nothing_before_the_fix_is_not_applicable_and_not_a_stop() -> None:
    found = verdict([0] * 100, [0] * 100)
    assert (found.code, found.why) == ("not_applicable", "no_incidents_before")


def test_an_extraction_that_ended_is_too_little_data_and_not_a_stop() -> None:
    ended = verdict(STEADY, [0] * 90, data_days=20)
    assert (ended.code, ended.why, ended.days) == ("too_little_data", "data_ended", 20)
    assert verdict(STEADY, [0] * 90, data_days=88).code == "stopped"


def test_a_rare_fault_needs_a_long_silence_and_the_answer_says_how_long() -> None:
    rare = [1] + [0] * 59
    before = rare * 3
    short = verdict(before, [0] * 60)
    assert (short.code, short.why) == ("too_little_data", "too_few_expected")
    assert short.days_needed is not None
    assert verdict(before, [0] * (short.days_needed - 1)).code == "too_little_data"
    assert verdict(before, [0] * short.days_needed).code == "stopped"


def test_only_sites_with_the_fix_count() -> None:
    everywhere = verdict(STEADY, [0] * 30)
    on_a_tenth = verdict(STEADY, [0] * 30, before_exposure=[10] * len(STEADY), after_exposure=[1] * 30)
    assert on_a_tenth.expected == pytest.approx(everywhere.expected / 10)
    assert on_a_tenth.code == "too_little_data"
    assert verdict(STEADY, [0] * 30, after_exposure=[0] * 30).why == "no_exposure"


def test_bursts_before_make_a_short_silence_less_telling() -> None:
    bursts = ([7] + [0] * 27) * 5
    assert verdict([1, 0, 0, 0] * 35, [0] * 21).code == "stopped"
    assert verdict(bursts, [0] * 21).code == "too_little_data"


def test_exposure_of_other_days_is_refused() -> None:
    with pytest.raises(ValueError, match="same days"):
        verdict([1, 0], [0], before_exposure=[1])


@given(st.lists(st.integers(0, 3), min_size=40, max_size=60), st.lists(st.integers(0, 3), min_size=14, max_size=60))
def test_one_more_incident_never_makes_the_verdict_better(before: list[int], after: list[int]) -> None:
    order = {"stopped": 0, "reduced": 1, "unchanged": 2, "too_little_data": 2, "not_applicable": 2, "worse": 3}
    one, more = verdict(before, after), verdict(before, [*after[:-1], after[-1] + 1])
    assert order[more.code] >= order[one.code]
    assert not more.p_fewer < one.p_fewer
    assert more.p_more <= one.p_more or one.code == "not_applicable"


def test_a_fix_without_effect_is_seldom_called_a_stop_over_daily_looks() -> None:
    chance = np.random.default_rng(8)
    wrong = 0
    for _ in range(150):
        bursts = np.repeat(chance.gamma(5.0, 0.2, 39), 7)
        days = chance.poisson(0.15 * bursts)
        before, after = days[:180], days[180:]
        wrong += any(verdict(before, after[:look]).code == "stopped" for look in range(14, 91, 2))
    assert wrong / 150 <= 0.08


def test_a_fix_that_works_is_called_a_stop() -> None:
    chance = np.random.default_rng(9)
    right = [verdict(chance.poisson(0.15, 180), [0] * 45).code == "stopped" for _ in range(100)]
    assert np.mean(right) >= 0.95
