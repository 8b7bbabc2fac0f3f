"""Months as people write them, YYYY-MM, and steps between them."""

from genyin.base import clock
from genyin.base.errors import BadInput, gettext_noop

YEARS = range(1900, 2200)
NEVER = "9999-12"  # after every month that is accepted


def month(said: str) -> str:
    """The month, always written with seven characters so that months compare as text. Raises BadInput."""
    try:
        start, _end = clock.month_window(said, "UTC")
    except ValueError as wrong:
        raise BadInput(gettext_noop("Give a month as YYYY-MM."), field="month") from wrong
    if start.year not in YEARS:
        raise BadInput(gettext_noop("Give a month as YYYY-MM."), field="month")
    return f"{start:%Y-%m}"


def between(first: str, last: str) -> int:
    """How many months it is from one to another."""
    return _number(last) - _number(first)


def back(until: str, count: int) -> list[str]:
    """`count` months up to and with `until`, oldest first."""
    last = _number(until)
    return [_named(n) for n in range(last - count + 1, last + 1)]


def after(month: str) -> str:
    """The next month."""
    return _named(_number(month) + 1)


def _number(month: str) -> int:
    year, number = (int(part) for part in month.split("-"))
    return year * 12 + number - 1


def _named(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
