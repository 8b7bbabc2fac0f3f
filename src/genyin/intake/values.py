"""Reads single values: dates, numbers, yes and no, durations. Each returns the value or raises BadValue.

Nothing here guesses: a value that can be read in two ways is refused with a reason that names both.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from genyin.base.errors import gettext_noop
from genyin.intake import dates

YEARS = range(1980, 2101)  # outside lie typing errors and the "zero" dates of databases
EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  serial numbers know no zone
SPECIAL_DATES = ("iso", "excel", "unix", "unix_ms", *dates.FORMS)


class BadValue(Exception):
    """A value that cannot be read; `reason` is a marked message."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


@lru_cache(maxsize=65536)
def moment(text: str, formats: tuple[str, ...], zone: str) -> datetime:
    """An aware moment in UTC; the first format that fits counts. A date without a time is its midnight.

    formats : strptime patterns (day and month may be unpadded), or "iso", "excel" (serial day),
              "unix" (seconds), "unix_ms", or one of dates.FORMS
    zone    : where clocks that name no offset stand
    """
    for pattern in formats:
        found = _special(text, pattern) if pattern in SPECIAL_DATES else _by_pattern(text, pattern)
        if found is not None:
            # A year that no zone can shift out of range, before arithmetic on it overflows.
            if found.year not in YEARS:
                raise BadValue(gettext_noop("the year %(year)s cannot be right"), year=found.year)
            return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    if dates.either(text) and not any(pattern in ("dmy", "mdy") or "/" in pattern for pattern in formats):
        raise BadValue(
            gettext_noop("day or month first? State the date format in the mapping, such as %(form)s"), form="%d/%m/%Y"
        )
    raise BadValue(
        gettext_noop("is not a date in any of the expected forms (%(forms)s)"),
        forms=", ".join(dict.fromkeys(dates.example(form) for form in formats if form != "either")),
    )


def is_pattern(text: str) -> bool:
    """Whether strptime understands the text as a pattern that holds a year."""
    try:
        datetime.strptime("", text)  # noqa: DTZ007  only asked whether it is one
    except ValueError as error:
        return "does not match format" in str(error) and any(mark in text for mark in ("%Y", "%y", "%c", "%x"))
    return False


def _by_pattern(text: str, pattern: str) -> datetime | None:
    # Most forms are ruled out by their separators, which costs a tenth of letting strptime fail.
    if "%z" not in pattern and any(text.count(mark) != pattern.count(mark) for mark in ":/"):
        return None
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007  the zone of the source is added by the caller
    except ValueError:
        return None


def _special(text: str, name: str) -> datetime | None:
    try:
        if name == "iso":
            return datetime.fromisoformat(text)
        if name in dates.FORMS:
            return dates.read(text, name)
        number = float(text)
        if name == "excel":
            return EXCEL_DAY_ZERO + timedelta(days=number) if 20_000 <= number <= 80_000 else None
        return datetime.fromtimestamp(number / (1000 if name == "unix_ms" else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return None


_PLAIN = re.compile(r"[+-]?\d+")
_GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"),
}
_POINTED = {".": re.compile(r"[+-]?\d*\.\d+"), ",": re.compile(r"[+-]?\d*,\d+")}


def decimal(text: str, point: str = ".") -> float:
    """A number written with `point` before its decimals ("." or ",") and the other one between thousands.

    "1,000,000" is a million under either point, since a number has one decimal point only. "3,87,16,91,111"
    is refused: somebody's spreadsheet has regrouped the digits of 3.871,691111 and the place of the point is lost.
    """
    bare = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    if _PLAIN.fullmatch(bare):
        return float(bare)
    if _GROUPED[point].fullmatch(bare) or _POINTED[point].fullmatch(bare):
        return float(bare.replace("," if point == "." else ".", "").replace(point, "."))
    other = "," if point == "." else "."
    if _GROUPED[other].fullmatch(bare) and (bare.count(point) > 1 or bare.rfind(other) > bare.rfind(point) > -1):
        return float(bare.replace(point, "").replace(other, "."))
    if bare.count(",") > 1 and re.fullmatch(r"[\d,.]+", bare):
        raise BadValue(gettext_noop("its digits were regrouped and the place of the decimal point is lost"))
    raise BadValue(gettext_noop("is not a number"))


def whole(text: str, point: str = ".") -> int:
    """A number without decimals."""
    number = decimal(text, point)
    if not number.is_integer() or abs(number) > 2**53:
        raise BadValue(gettext_noop("is not a whole number"))
    return int(number)


_YES = frozenset(("true", "yes", "y", "1", "t", "on", "x", "是", "有", "√", "✓", "对", "需要"))
_NO = frozenset(("false", "no", "n", "0", "f", "off", "否", "无", "×", "✗", "不需要"))


def truth(text: str) -> bool:
    """Yes or no, in Chinese or English."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValue(gettext_noop("is neither yes nor no"))


_UNITS = (
    (re.compile(r"(\d+(?:\.\d+)?)\s*(?:d|days?|天|日)(?![a-z])"), 1440.0),
    (re.compile(r"(\d+(?:\.\d+)?)\s*(?:h|hrs?|hours?|小时|时)(?![a-z])"), 60.0),
    (re.compile(r"(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?|分钟|分)(?![a-z])"), 1.0),
    (re.compile(r"(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?|秒)(?![a-z])"), 1 / 60),
)
_CLOCK = re.compile(r"(?:(\d+)\s+)?(\d{1,4}):([0-5]?\d)(?::([0-5]?\d)(?:\.\d+)?)?")


def minutes(text: str, unit: str = "minutes") -> int:
    """A duration in whole minutes, rounded: "1 02:30:00", "90 min", "1h 30m", "1天2小时", "PT1H30M", or a plain
    number in `unit` (seconds, minutes, hours)."""
    word = text.strip().casefold()
    if clock := _CLOCK.fullmatch(word):
        days, hours, mins, seconds = (int(part or 0) for part in clock.groups())
        return round(days * 1440 + hours * 60 + mins + seconds / 60)
    if word.startswith("p") and len(word) > 2:
        word = word[1:].replace("t", " ")
    total, rest = 0.0, word
    for pattern, factor in _UNITS:
        if found := pattern.search(rest):
            total += float(found.group(1)) * factor
            rest = rest[: found.start()] + rest[found.end() :]
    if rest != word and not rest.strip():
        return round(total)
    try:
        number = decimal(word)
    except BadValue:
        number = -1.0
    if number < 0:
        raise BadValue(gettext_noop("is not a duration, such as 90 min or 1h 30m"))
    return round(number * {"seconds": 1 / 60, "minutes": 1.0, "hours": 60.0}[unit])


def percent(text: str) -> float:
    """A share in percent between 0 and 100: "99.9", "99.9%", and 0.999 where no percent sign is written."""
    number = decimal(text.replace("%", "").replace("％", ""))
    if "%" not in text and "％" not in text and 0 < number <= 1:
        number = round(number * 100, 6)
    if not 0 <= number <= 100:
        raise BadValue(gettext_noop("is not a share between 0 and 100 percent"))
    return number
