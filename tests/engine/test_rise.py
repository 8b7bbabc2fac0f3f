"""Rises over a year of daily looks."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import replays
from bench import rise as bench_rise
from genyin.sift.counts import discovery_limit
from genyin.sift.rise import Alarm, rises
from genyin.sift.surprise import capped

BEFORE, LOOKS = 200, 200
DAYS = BEFORE + LOOKS


def poisson(rate: float, n: int, *, seed: int, days: int = DAYS) -> np.ndarray:
    return np.random.default_rng(seed).poisson(rate, (n, days))


def risen(n: int = 200, *, first: int = 300, last: int = 340, seed: int = 1) -> np.ndarray:
    """Every tenth series is threefold from one day to another."""
    counts = poisson(0.8, n, seed=seed)
    counts[::10, first : last + 1] = np.random.default_rng(seed + 1).poisson(2.4, (n // 10, last + 1 - first))
    return counts


def told(counts: np.ndarray) -> tuple[Alarm, ...]:
    return rises(counts, looks=LOOKS).alarms


def test_threefold_rises_are_told_once_while_they_are_on_and_hardly_anything_else_is() -> None:
    alarms = told(risen())
    true = [one for one in alarms if one.series % 10 == 0 and 300 <= one.raised <= 340]
    assert len({one.series for one in true}) == len(true)
    assert len(true) >= 16
    assert len(alarms) - len(true) <= 2
    assert all(one.raised <= one.last and not one.on for one in true)


def test_a_rise_that_lasts_is_still_on() -> None:
    alarms = [one for one in told(risen(first=370, last=DAYS - 1)) if one.series % 10 == 0]
    assert len(alarms) >= 12
    assert all(one.on for one in alarms)


def test_a_second_rise_after_quiet_months_is_an_alarm_of_its_own() -> None:
    counts = poisson(1.0, 100, seed=3)
    counts[0, 230:251] += 3
    counts[0, 360:390] += 8  # its past is wilder now: the second one must be clearer
    raised = [one.raised for one in told(counts) if one.series == 0]
    assert len(raised) == 2
    assert 230 <= raised[0] < 251
    assert 360 <= raised[1] < 390


def test_a_look_knows_nothing_of_the_days_after_it() -> None:
    counts = risen(100)
    early = {(one.series, one.raised) for one in rises(counts[:, :320], looks=LOOKS - 80).alarms}
    late = {(one.series, one.raised) for one in told(counts) if one.raised < 320}
    assert early == late


def test_a_storm_of_one_day_is_no_rise() -> None:
    counts = poisson(0.3, 200, seed=5)
    counts[:50, 350] += 30
    assert not told(counts)


def test_growth_of_everything_is_no_rise_of_anything() -> None:
    rate = 0.8 * np.where(np.arange(DAYS) < 300, 1.0, 2.4)
    counts = np.random.default_rng(6).poisson(rate, (300, DAYS))
    assert not told(counts)


def test_who_has_no_holidays_does_not_rise_while_all_others_are_away() -> None:
    rate = np.where((np.arange(DAYS) >= 300) & (np.arange(DAYS) < 325), 0.2, 1.0) * np.ones((300, 1))
    rate[:15] = 1.0
    assert not told(np.random.default_rng(7).poisson(rate))


def test_a_weekly_season_is_no_rise() -> None:
    weekly = np.array([3.0, 3, 3, 3, 3, 0, 0])[np.arange(DAYS) % 7] * np.ones((200, 1))
    weekly[::5] = np.roll(weekly[::5], 3, axis=1)
    assert len(told(np.random.default_rng(8).poisson(weekly))) <= 1


def test_wild_families_are_held_to_their_own_wildness() -> None:
    chance = np.random.default_rng(9)
    weekly = np.repeat(chance.gamma(1.5, 1 / 1.5, (400, DAYS // 7 + 1)), 7, axis=1)[:, :DAYS]
    assert len(told(chance.poisson(0.7 * weekly))) <= 1


def test_an_ended_extraction_a_young_source_and_a_short_past_are_no_data() -> None:
    counts = poisson(1.0, 3, seed=10)
    since, until = np.array([0, DAYS - 30, 0]), np.array([DAYS - 1, DAYS - 1, DAYS - 5])
    assert np.isnan(rises(counts, since=since, until=until).p).tolist() == [False, True, True]
    assert np.isnan(rises(counts[:, :41]).p).all()
    assert not np.isnan(rises(counts[:, :42]).p).any()
    counts[0, -40:] += 3
    (alarm,) = rises(counts, looks=LOOKS).alarms
    assert alarm.on
    (ended,) = rises(counts, looks=LOOKS, until=np.full(3, DAYS - 3)).alarms
    assert not ended.on


def test_a_new_source_is_no_growth_of_the_others() -> None:
    """Its families count from its first day on; before it there was nothing to be silent."""
    counts = risen(100, first=380, last=DAYS - 1)
    late = poisson(0.8, 300, seed=11)
    late[:, :330] = 0
    since = np.concatenate([np.zeros(100, dtype=int), np.full(300, 330)])
    alarms = rises(np.concatenate([counts, late]), looks=LOOKS, since=since).alarms
    assert len({one.series for one in alarms if one.series % 10 == 0 and one.series < 100}) >= 4


def test_a_series_that_is_alone_is_held_to_its_own_past() -> None:
    counts = poisson(0.8, 1, seed=12)
    counts[0, -14:] += 2
    assert [one.on for one in told(counts)] == [True]


def test_no_series_and_no_day_are_no_finding() -> None:
    assert rises(np.zeros((0, DAYS), dtype=np.int64)).p.shape == (0,)
    assert np.isnan(rises(np.zeros((3, 0), dtype=np.int64)).p).all()
    assert not rises(np.zeros((3, DAYS), dtype=np.int64)).alarms
    with pytest.raises(ValueError, match="dimensions"):
        rises(np.zeros(5, dtype=np.int64))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=60, max_size=90), st.integers(0, 3))
def test_a_cap_only_takes_away_and_leaves_ordinary_days_alone(days: list[int], usual: int) -> None:
    counts = np.array(days, dtype=np.float32)[:, None]
    seen = np.arange(len(days) + 1, dtype=np.float32)[:, None]
    assert (capped(counts, seen) <= counts).all()
    steady = np.full((80, 1), usual, dtype=np.float32)
    assert (capped(steady, np.arange(81, dtype=np.float32)[:, None]) == steady).all()


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0.01, 0.5))
def test_discoveries_are_those_of_benjamini_and_hochberg(values: list[float], share: float) -> None:
    limit = discovery_limit(np.array(values), share, tested=len(values))
    ordered = sorted(values)
    passing = [p for rank, p in enumerate(ordered, 1) if p <= share * rank / len(ordered)]
    assert limit == (max(passing) if passing else -1.0)


def test_the_bench_keeps_its_promises_on_fresh_seeds() -> None:
    chance = np.random.default_rng()
    found = bench_rise.simulated(bench_rise.MIXED, histories=2, families=700, chance=chance)
    assert found["fdr"] <= 0.25  # type: ignore[operator]  # the mean of two small histories is that uncertain
    assert found["power"] >= 0.2  # type: ignore[operator]


def test_the_bench_says_with_which_seed_and_settings_and_that_the_data_are_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = bench_rise.Size(histories=1, families=100, apart=1, families_apart=20, replays=1, large=50)
    monkeypatch.setattr(bench_rise, "QUICK", small)
    monkeypatch.setattr(bench_rise, "APART", {"no rise": bench_rise.APART["no rise"]})
    found = bench_rise.main(None, seed=3, quick=True)
    assert {"fdr", "power", "seconds", "apart", "settings"} <= found.keys()
    assert (found["seed"], found["shuffled_any_alarm"]) == (3, None)
    assert found["shuffled"] == "the real data are not there"
    again = bench_rise.main(None, seed=3, quick=True)
    assert (found["true"], found["false"], found["apart"]) == (again["true"], again["false"], again["apart"])


def test_real_incidents_in_shuffled_order_rise_no_more(tmp_path: Path) -> None:
    """Four hundred of them, so often shuffled that they fill two years."""
    with (Path(__file__).parent / "data" / "uci_400.csv").open(encoding="utf-8", newline="") as rows:
        told = list(csv.DictReader(rows))
    series: list[tuple[str, ...]] = [(row["category"],) for row in told]
    day = np.arange(len(told)) * 63 // len(told)
    history = replays.Incidents("extract", day, {"category": series}, short=True)
    drawn = [replays.repeated(history, series, np.random.default_rng(seed)) for seed in range(2)]
    assert sum(bool(rises(counts).alarms) for counts in drawn) <= 1


@pytest.mark.data
def test_components_of_a_real_project_in_shuffled_order_rise_no_more(real_data: Path) -> None:
    """The smallest project; all of them, and a service desk: `genyin bench rise`."""
    found = bench_rise.shuffled(real_data, times=1, chance=np.random.default_rng(12), only="ZOOKEEPER")
    assert len(found) == 3
    assert sum(found.values()) <= 1
