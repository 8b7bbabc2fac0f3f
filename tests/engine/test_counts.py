"""The negative binomial by the incomplete beta function against scipy's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from genyin.sift.counts import at_least, at_most, central_range, negative_binomial

means = st.floats(0.05, 200)
spreads = st.floats(1.01, 20)


@given(mean=means, spread=spreads, observed=st.integers(0, 400))
def test_tails_agree_with_scipy(mean: float, spread: float, observed: int) -> None:
    m, v, k = np.array([mean]), np.array([mean * spread]), np.array([float(observed)])
    size, probability = negative_binomial(m, v)
    np.testing.assert_allclose(at_least(k, m, v), stats.nbinom.sf(k - 1, size, probability), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(at_most(k, m, v), stats.nbinom.cdf(k, size, probability), rtol=1e-7, atol=1e-12)


@given(mean=means, spread=spreads, level=st.sampled_from([0.5, 0.8, 0.9, 0.99]))
def test_the_central_range_is_scipys(mean: float, spread: float, level: float) -> None:
    m, v = np.array([mean]), np.array([mean * spread])
    size, probability = negative_binomial(m, v)
    low, high = central_range(m, v, level)
    assert low == stats.nbinom.ppf((1 - level) / 2, size, probability)
    assert high == stats.nbinom.ppf((1 + level) / 2, size, probability)


def test_what_is_not_known_stays_unknown() -> None:
    unknown = np.array([np.nan])
    assert np.isnan(at_least(np.array([0.0]), unknown, unknown)).all()
    assert np.isnan(central_range(unknown, unknown, 0.9)).all()
