"""What was to be expected of a series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.trend import expectation


def poisson(rate: float, n: int, *, seed: int, days: int = 182) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, (n, days))


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
