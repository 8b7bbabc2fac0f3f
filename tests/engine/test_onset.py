"""A rise explained: since when, how much, what is more frequent in it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.onset import More, more_frequent, onset
from genyin.sift.records import Record

DAYS = 300


def made(rate: float, ratio: float, first: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A series that goes up on a day, and all others together."""
    chance = np.random.default_rng(seed)
    mean = np.full(DAYS, rate)
    mean[first:] *= ratio
    return chance.poisson(mean), chance.poisson(40.0, DAYS)


def test_the_day_a_rise_began_is_found_within_a_few_days() -> None:
    errors = []
    for seed in range(60):
        found = onset(*made(1.0, 3.0, 270, seed=seed))
        assert found is not None
        errors.append(abs(found.since - 270))
    assert np.median(errors) <= 2
    assert np.quantile(errors, 0.9) <= 10


def test_the_interval_of_the_ratio_holds_the_truth_nine_times_in_ten() -> None:
    held = 0
    for seed in range(200):
        found = onset(*made(2.0, 3.0, 272, seed=seed))
        assert found is not None
        assert found.ratio_high is not None
        assert found.ratio_low <= found.ratio <= found.ratio_high
        held += found.ratio_low <= 3.0 <= found.ratio_high
    assert held >= 170


def test_what_all_others_did_too_is_expected() -> None:
    counts, others = made(2.0, 4.0, 270, seed=1)
    alone = onset(counts, others)
    others[270:] *= 2
    shared = onset(counts, others)
    assert alone is not None
    assert shared is not None
    assert shared.expected == pytest.approx(2 * alone.expected, rel=0.15)
    assert shared.ratio == pytest.approx(alone.ratio / 2, rel=0.15)


def test_the_figures_of_a_rise_fit_together() -> None:
    counts, others = made(1.0, 3.0, 280, seed=2)
    found = onset(counts, others)
    assert found is not None
    assert found.observed == counts[found.since :].sum()
    assert found.low <= found.expected <= found.high < found.observed
    assert found.ratio == pytest.approx(found.observed / found.expected)


def test_what_rises_from_nothing_has_no_upper_end() -> None:
    counts = np.zeros(DAYS, dtype=np.int64)
    counts[-10:] = 2
    found = onset(counts, np.full(DAYS, 30))
    assert found is not None
    assert (found.since, found.past, found.observed) == (290, 290, 20)
    assert found.ratio_high is None
    assert 1 < found.ratio_low < found.ratio


def test_one_incident_before_is_enough_for_an_upper_end() -> None:
    counts = np.zeros(DAYS, dtype=np.int64)
    counts[100] = 1
    counts[-10:] = 2
    found = onset(counts, np.full(DAYS, 30))
    assert found is not None
    assert found.ratio_high is not None
    assert found.ratio < found.ratio_high < 1e6


def test_a_short_past_says_nothing() -> None:
    assert onset(np.ones(20, dtype=np.int64), np.ones(20, dtype=np.int64)) is None
    counts, others = made(1.0, 3.0, 280, seed=3)
    assert onset(counts, others, since=275) is None


@given(st.lists(st.integers(0, 30), min_size=40, max_size=120), st.lists(st.integers(0, 30), min_size=40, max_size=120))
def test_whatever_the_counts_the_figures_are_numbers(counts: list[int], others: list[int]) -> None:
    days = min(len(counts), len(others))
    found = onset(np.array(counts[:days]), np.array(others[:days]))
    assert found is not None
    figures = (found.expected, found.low, found.high, found.ratio, found.ratio_low)
    assert not np.isnan(figures).any()
    assert found.ratio_high is None or found.ratio_high >= found.ratio_low
    assert 28 <= found.since < days


def records(n: int, item: str, *, title: str = "Core switch restarts", service: int = 1) -> list[Record]:
    return [Record(ref, title, service=service, codes=(("item", item),)) for ref in range(n)]


def test_the_machine_the_rise_came_from_is_named_with_its_counts() -> None:
    before = records(40, "sw-01") + records(4, "sw-02")
    after = records(5, "sw-01") + records(20, "sw-02", title="Core switch restarts after firmware upgrade")
    found = more_frequent(before, after)
    assert More("item", "sw-02", 20, 25, 4, 44) in found
    assert {"firmware", "upgrade"} <= {more.value for more in found if more.field == "word"}
    assert not {"switch", "core"} & {more.value for more in found}


def test_another_service_is_named_by_its_number() -> None:
    found = more_frequent(records(30, "sw-01"), records(5, "sw-01") + records(15, "sw-01", service=7))
    assert [(more.field, more.value) for more in found] == [("service", "7")]


def test_what_is_as_frequent_as_before_is_not_told() -> None:
    chance = np.random.default_rng(4)
    items = [f"sw-{n}" for n in chance.integers(0, 12, 300)]
    both = [Record(n, "Core switch restarts", codes=(("item", item),)) for n, item in enumerate(items)]
    assert more_frequent(both[:200], both[200:]) == ()
    assert more_frequent([], both) == ()
    assert more_frequent(both, []) == ()


def test_chinese_words_are_told_as_they_are_written() -> None:
    before = records(30, "sw-01", title="核心交换机重启")
    after = records(5, "sw-01", title="核心交换机重启") + records(15, "sw-01", title="核心交换机重启 固件 升级")
    assert any("固件" in more.value or "升级" in more.value for more in more_frequent(before, after))
