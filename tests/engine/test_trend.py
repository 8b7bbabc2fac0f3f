"""Rises, and what was to be expected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.counts import false_discovery
from genyin.sift.trend import expectation, rise

DAYS = 182


def poisson(rate: float, n: int, *, seed: int, days: int = DAYS) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, (n, days))


def test_a_threefold_rise_is_found_and_the_others_are_left_in_peace() -> None:
    counts = poisson(0.5, 300, seed=1)
    counts[:20, -14:] = np.random.default_rng(2).poisson(1.5, (20, 14))
    found = rise(counts).q <= 0.1
    assert found[:20].mean() >= 0.7
    assert found[20:].sum() <= 4


@pytest.mark.parametrize("rate", [0.05, 0.3, 3.0])
def test_without_a_rise_small_p_values_are_as_rare_as_they_say(rate: float) -> None:
    p = rise(poisson(rate, 3_000, seed=3)).p
    assert (p <= 0.05).mean() <= 0.06
    assert (p <= 0.01).mean() <= 0.015


def test_bursts_are_no_rises() -> None:
    chance = np.random.default_rng(4)
    weekly = np.repeat(chance.gamma(2.0, 0.5, (2_000, DAYS // 7)), 7, axis=1)
    p = rise(chance.poisson(0.5 * weekly)).p
    assert (p <= 0.01).mean() <= 0.015


def test_weekends_are_no_reason_for_an_alarm_on_monday() -> None:
    weekly = np.array([6, 6, 6, 6, 6, 0, 0])
    counts = np.tile(weekly, 20)[None, :] + np.zeros((5, 1), dtype=int)
    five_working_days = rise(counts[:, :-2], recent=5)
    assert five_working_days.expected == pytest.approx([30] * 5, rel=0.06)
    assert (five_working_days.p > 0.2).all()


def test_a_new_source_a_short_past_and_an_ended_extraction_are_too_little_data() -> None:
    counts = poisson(1.0, 3, seed=5)
    since, until = np.array([0, DAYS - 30, 0]), np.array([DAYS - 1, DAYS - 1, DAYS - 5])
    found = rise(counts, since=since, until=until)
    assert np.isnan(found.p).tolist() == [False, True, True]
    assert np.isnan(found.q).tolist() == [False, True, True]
    assert np.isnan(rise(counts[:, :41]).p).all()
    assert not np.isnan(rise(counts[:, :42]).p).any()


def test_days_before_the_source_began_do_not_thin_the_past() -> None:
    counts = poisson(2.0, 4, seed=6)
    late = counts.copy()
    late[:, :90] = 0
    assert rise(late, since=90).expected == pytest.approx(rise(counts[:, 90:]).expected, rel=0.05)


@given(st.lists(st.integers(0, 3), min_size=56, max_size=56), st.integers(0, 40), st.integers(1, 10))
def test_more_incidents_lately_never_weaken_the_evidence(past: list[int], lately: int, more: int) -> None:
    counts = np.zeros((2, 70), dtype=np.int64)
    counts[:, :56] = past
    counts[0, -1], counts[1, -1] = lately, lately + more
    p = rise(counts).p
    assert p[1] <= p[0]


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30))
def test_q_values_equal_the_definition_of_benjamini_and_hochberg(values: list[float]) -> None:
    p = np.array(values)
    q = false_discovery(p)
    told = [value for value in values if value == value]
    for value, found in zip(values, q, strict=True):
        if value != value:
            assert np.isnan(found)
            continue
        worse = [x for x in told if x >= value]
        expected = min(1.0, *(x * len(told) / sum(y <= x for y in told) for x in worse))
        assert found == pytest.approx(expected)


def test_no_series_is_no_finding() -> None:
    assert rise(np.zeros((0, DAYS), dtype=np.int64)).p.shape == (0,)


@given(st.lists(st.integers(0, 9), min_size=40, max_size=40), st.integers(20, 39), st.integers(0, 50))
def test_the_band_never_knows_the_future(counts: list[int], at: int, other: int) -> None:
    changed = np.array(counts)
    changed[at] = other
    one, two = expectation(np.array(counts)), expectation(changed)
    assert one.expected[: at + 1].tolist() == pytest.approx(two.expected[: at + 1].tolist(), nan_ok=True)
    assert one.high[: at + 1].tolist() == pytest.approx(two.high[: at + 1].tolist(), nan_ok=True)


def test_the_band_holds_nine_in_ten_and_is_not_much_too_wide() -> None:
    counts = poisson(8.0, 200, seed=7)
    band = expectation(counts)
    told = ~np.isnan(band.expected)
    inside = ((counts >= band.low) & (counts <= band.high))[told].mean()
    assert 0.88 <= inside <= 0.96
    assert band.expected[told].mean() == pytest.approx(8.0, rel=0.05)


def test_one_series_of_months_gives_one_band() -> None:
    months = np.array([10, 12, 9, 11, 10, 12, 11, 30])
    band = expectation(months, season=1)
    assert band.expected.shape == (8,)
    assert np.isnan(band.expected[:6]).all()
    assert band.high[7] < 30
