"""The calendar and the months, also where a zone puts its clocks forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.base.clock import Calendar, month_of, month_window, zones

ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "Europe/Amsterdam", "America/New_York", "America/Asuncion", "Australia/Lord_Howe",
     "Asia/Kolkata", "Pacific/Apia", "America/St_Johns", "Africa/Cairo"]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.timedeltas(timedelta(0), timedelta(days=40))


@given(zone=ZONES, moment=MOMENTS)
def test_every_moment_lies_in_exactly_the_month_of_its_zone(zone: str, moment: datetime) -> None:
    month = month_of(moment, zone)
    start, end = month_window(month, zone)
    assert start <= moment < end
    assert month_window(month_of(end, zone), zone)[0] == end  # the next begins where this one ends
    assert month_of(start - timedelta(microseconds=1), zone) != month


def test_a_year_ends_and_begins_in_the_zone() -> None:
    assert month_window("2026-12", "Asia/Shanghai") == (
        datetime(2026, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    start, end = month_window("2027-03", "Europe/Amsterdam")  # an hour shorter: the clocks go forward
    assert end - start == timedelta(days=31) - timedelta(hours=1)
    start, end = month_window("2028-02", "UTC")
    assert (end - start).days == 29


@given(zone=ZONES, start=MOMENTS, first=SPANS, second=SPANS)
def test_working_time_adds_up(zone: str, start: datetime, first: timedelta, second: timedelta) -> None:
    calendar = Calendar(zone)
    middle, end = start + first, start + first + second
    whole = calendar.working_days(start, end)
    assert whole == pytest.approx(calendar.working_days(start, middle) + calendar.working_days(middle, end))
    assert 0 <= whole <= (end - start) / timedelta(days=1) + 1e-9


@given(zone=ZONES, start=MOMENTS, days=st.floats(0, 60))
def test_a_due_moment_is_as_many_working_days_away_as_was_added(zone: str, start: datetime, days: float) -> None:
    calendar = Calendar(zone)
    due = calendar.add(start, days)
    assert calendar.working_days(start, due) == pytest.approx(days, abs=1e-9)


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is() -> None:
    everyday = Calendar("Europe/Amsterdam", weekdays=frozenset(range(7)))
    zone = ZoneInfo("Europe/Amsterdam")
    spring, autumn = (datetime(2027, 3, 28, tzinfo=zone), datetime(2027, 10, 31, tzinfo=zone))
    hours = [everyday.working_days(day, day + timedelta(days=1)) * 24 for day in (spring, autumn)]
    assert hours == pytest.approx([23, 25])


def test_holidays_rest_and_worked_weekends_count() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 10, 1)}), extra=frozenset({date(2026, 10, 10)}))
    zone = ZoneInfo("Asia/Shanghai")
    assert calendar.working_days(datetime(2026, 9, 30, tzinfo=zone), datetime(2026, 10, 3, tzinfo=zone)) == 2
    assert calendar.working_days(datetime(2026, 10, 10, tzinfo=zone), datetime(2026, 10, 12, tzinfo=zone)) == 1
    assert calendar.working_days(datetime(2026, 10, 12, tzinfo=zone), datetime(2026, 10, 10, tzinfo=zone)) == 0


def test_the_zones_are_read_once_since_every_page_asks_for_them() -> None:
    assert {"Asia/Shanghai", "UTC"} <= zones()
    assert zones() is zones()
