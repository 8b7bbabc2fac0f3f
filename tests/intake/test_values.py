"""Single values: read as written, or refused with a reason; never guessed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.intake import values
from genyin.intake.values import BadValue

FORMS = ("iso", "%d/%m/%Y %H:%M", "%Y年%m月%d日 %H:%M", "%d.%m.%Y %H:%M:%S", "excel")


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("29/2/2016 01:16", "UTC", "2016-02-29 01:16"),
        ("5/3/2016 1:06", "UTC", "2016-03-05 01:06"),
        ("24.10.2023 7:07:31", "UTC", "2023-10-24 07:07:31"),
        ("2024年1月5日 10:30", "Asia/Shanghai", "2024-01-05 02:30"),
        ("2021-01-27 22:49:11", "Asia/Shanghai", "2021-01-27 14:49:11"),
        ("2005-07-24T23:46:18.000+0000", "Asia/Shanghai", "2005-07-24 23:46:18"),
        ("2006-01-11T15:49:42+01:00", "Asia/Shanghai", "2006-01-11 14:49:42"),
        ("2024-01-05", "Asia/Shanghai", "2024-01-04 16:00"),
        ("45296.4375", "UTC", "2024-01-05 10:30"),
        ("2013-07-15 12:00:00", "Europe/Amsterdam", "2013-07-15 10:00"),  # summer time
        ("2013-01-15 12:00:00", "Europe/Amsterdam", "2013-01-15 11:00"),
    ],
)
def test_dates_become_moments_in_utc(text: str, zone: str, utc: str) -> None:
    assert values.moment(text, FORMS, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["31/2/2016 01:16", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31", "1900-01-01", "12", "99999999999999"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.moment(text, FORMS, "Asia/Shanghai")


def test_the_expected_forms_are_shown_as_dates_not_as_patterns() -> None:
    with pytest.raises(BadValue) as refused:
        values.moment("never", ("iso", "%d.%m.%Y %H:%M"), "UTC")
    assert refused.value.params == {"forms": "2024-03-25T14:02:00Z, 25.03.2024 14:02"}


def test_a_date_that_may_be_march_or_may_is_refused_with_the_way_out() -> None:
    with pytest.raises(BadValue) as caught:
        values.moment("5/3/2024", ("iso", "%Y年%m月%d日"), "UTC")
    assert "day or month first" in caught.value.reason


@pytest.mark.parametrize(
    ("text", "point", "number"),
    [
        ("1,000,000", ".", 1e6),
        ("1,000,000", ",", 1e6),
        ("1.000.000", ".", 1e6),
        ("1,000", ".", 1000),
        ("1,000", ",", 1),
        ("0,862777778", ",", 0.862777778),
        ("2050,36", ",", 2050.36),
        ("3.871,691111", ".", 3871.691111),
        ("3,871.691111", ",", 3871.691111),
        ("-12.5", ".", -12.5),
        ("1 234 567", ".", 1234567),
    ],
)
def test_numbers_are_read_by_their_decimal_point(text: str, point: str, number: float) -> None:
    assert values.decimal(text, point) == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["3,87,16,91,111", "11,18,525", "12,5", "", "1e5", "1,2.3,4", "NaN", "Infinity", "0x10"]
)
def test_a_number_whose_point_is_lost_or_unclear_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.decimal(text)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_grouped_thousands_are_the_number_itself(number: int) -> None:
    assert values.whole(f"{number:,}") == number


@given(st.datetimes(min_value=datetime(1985, 1, 1), max_value=datetime(2095, 1, 1)))  # noqa: DTZ001
def test_every_moment_survives_being_written_and_read(moment: datetime) -> None:
    text = moment.isoformat()
    assert values.moment(text, ("iso",), "UTC") == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90), ("1 02:30:00", 1590), ("12:30", 750), ("90 min", 90), ("1h 30m", 90), ("1天2小时30分", 1590),
        ("PT1H30M", 90), ("P1DT2H", 1560), ("45分钟", 45), ("0", 0), ("30 s", 0), ("90 s", 2),
    ],
)  # fmt: skip
def test_durations_become_minutes(text: str, minutes: int) -> None:
    assert values.minutes(text) == minutes


@pytest.mark.parametrize("text", ["-4", "long", "1h of pain", "::"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.minutes(text)


@pytest.mark.parametrize(
    ("text", "truth"), [("是", True), ("Yes", True), ("√", True), ("否", False), ("FALSE", False), ("0", False)]
)
def test_yes_and_no_are_read_in_both_languages(text: str, truth: bool) -> None:
    assert values.truth(text) is truth


def test_maybe_is_neither_yes_nor_no() -> None:
    with pytest.raises(BadValue):
        values.truth("maybe")


@pytest.mark.parametrize(("text", "percent"), [("99.9", 99.9), ("99.95%", 99.95), ("0.999", 99.9), ("１００％", 100.0)])
def test_targets_are_read_in_percent(text: str, percent: float) -> None:
    assert values.percent(text) == pytest.approx(percent)


@pytest.mark.parametrize("text", ["120", "-1", "high"])
def test_a_target_beyond_all_measure_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        values.percent(text)
