"""环比, 同比, Pareto, top ten."""

from datetime import datetime
from typing import Any

import pytest

from genyin.base import clock
from genyin.base.errors import BadInput
from genyin.trends import tables
from tests.actions.test_trends_runs import DAY, PRINTER, SWITCH, analysed, arrive
from tests.cast import MONDAY, Cast


def in_month(cast: Cast, month: str, times: int, **more: Any) -> None:
    start, _end = clock.month_window(month, "Asia/Shanghai")
    for n in range(times):
        moment: datetime = start + n * DAY / 4
        cast.incident(SWITCH, occurred_at=moment, opened_at=moment, **more)


def test_months_say_how_they_changed_and_a_slash_where_the_last_had_none(cast: Cast) -> None:
    for month, times in (("2025-08", 5), ("2026-05", 0), ("2026-06", 4), ("2026-07", 6), ("2026-08", 3)):
        in_month(cast, month, times)
    with clock.at(MONDAY):
        told = {one.month: one for one in tables.months(cast.lead, until="2026-08", last=4)}
    assert [one.count for one in told.values()] == [0, 4, 6, 3]
    assert told["2026-06"].change is None
    assert told["2026-07"].change == pytest.approx(0.5)
    assert told["2026-08"].change == pytest.approx(-0.5)
    assert told["2026-08"].year_change == pytest.approx(-0.4)
    assert told["2026-07"].year_change is None


def test_a_month_that_the_data_cover_in_part_is_no_yardstick(cast: Cast) -> None:
    start, _end = clock.month_window("2026-06", "Asia/Shanghai")
    late = start + 26 * DAY
    cast.incident(SWITCH, occurred_at=late, opened_at=late)
    in_month(cast, "2026-07", 6)
    in_month(cast, "2026-08", 3)
    with clock.at(MONDAY):
        told = {one.month: one.change for one in tables.months(cast.lead, until="2026-08", last=3)}
    assert told == {"2026-06": None, "2026-07": None, "2026-08": pytest.approx(-0.5)}


def test_a_month_begins_in_the_sites_zone(cast: Cast) -> None:
    start, _end = clock.month_window("2026-08", "Asia/Shanghai")
    assert start.month == 7
    cast.incident(SWITCH, occurred_at=start, opened_at=start)
    with clock.at(MONDAY):
        july, august = tables.months(cast.lead, until="2026-08", last=2)
    assert (july.count, august.count) == (0, 1)


def test_the_running_month_is_marked(cast: Cast) -> None:
    with clock.at(MONDAY):
        assert [one.running for one in tables.months(cast.lead, last=2)] == [False, True]


@pytest.mark.parametrize("month", ["August", "2026-13", "2026", ""])
def test_a_month_that_is_none_is_refused_in_words(cast: Cast, month: str) -> None:
    with clock.at(MONDAY):
        if month:
            with pytest.raises(BadInput) as refused:
                tables.months(cast.lead, until=month)
            assert refused.value.field == "month"
        else:
            assert tables.months(cast.lead, until=month)[-1].month == "2026-09"


def test_pareto_names_the_few_that_make_eighty_percent(cast: Cast) -> None:
    for category, times in (("network", 7), ("printing", 2), ("", 1)):
        arrive(cast, SWITCH, ago=2, times=times, category=category)
    told = tables.pareto(cast.lead, by="category", since=MONDAY - 30 * DAY, until=MONDAY)
    assert [(one.value, one.count, one.vital) for one in told] == [
        ("network", 7, True), ("printing", 2, True), ("", 1, False),
    ]  # fmt: skip
    assert told[1].cumulative == pytest.approx(0.9)


def test_pareto_by_every_dimension_counts_the_same_incidents(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=4, team="network team")
    for by in tables.DIMENSIONS:
        rows = tables.pareto(cast.lead, by=by, since=MONDAY - 30 * DAY, until=MONDAY)
        assert sum(row.count for row in rows) == 4
    with pytest.raises(BadInput):
        tables.pareto(cast.lead, by="colour", since=MONDAY - 30 * DAY, until=MONDAY)


def test_a_scope_narrows_the_table(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=4)
    arrive(cast, PRINTER, ago=2, times=2, service="warehouse")
    scope = tables.Scope(customer="harbour customer")
    rows = tables.pareto(cast.lead, by="service", since=MONDAY - 30 * DAY, until=MONDAY, scope=scope)
    assert [(row.value, row.count) for row in rows] == [("warehouse", 2)]


def test_the_most_frequent_families_lead_the_list(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=2, times=4)
    arrive(cast, PRINTER, ago=3, times=6)
    arrive(cast, PRINTER, ago=90, times=20)
    analysed()
    with clock.at(MONDAY):
        told = tables.most_frequent(cast.lead, days=30, k=1)
    assert [(one.family.title, one.count, one.family.size) for one in told] == [(PRINTER, 6, 26)]
