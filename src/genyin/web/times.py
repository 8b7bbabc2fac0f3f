"""Moments and durations as they are read: in the reader's zone, no longer than needed."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext, pgettext

from genyin.base import clock


def when(moment: datetime | None) -> str:
    """11-23 09:05; today and yesterday by name, another year with its number."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{_day(local.date())} {local:%H:%M}"


def day(value: date | datetime | None) -> str:
    """11-23; today and tomorrow by name, another year with its number."""
    if value is None:
        return ""
    return _day(timezone.localtime(value).date() if isinstance(value, datetime) else value)


def full(moment: date | datetime | None) -> str:
    """2026-11-23 09:05:12 Asia/Shanghai: what the tooltip says."""
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M:%S} {timezone.get_current_timezone_name()}"


def days(number: float | None) -> str:
    """1.4 d: working days, one decimal below ten, none above."""
    if number is None:
        return ""
    shown = localize(round(number, 1)) if number < 10 else localize(round(number))
    return pgettext("a number of working days", "%(number)s d") % {"number": shown}


def weekday(value: date | datetime) -> str:
    """Monday."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return (
        gettext("Monday"), gettext("Tuesday"), gettext("Wednesday"), gettext("Thursday"), gettext("Friday"),
        gettext("Saturday"), gettext("Sunday"),
    )[local.weekday()]  # fmt: skip


def _day(value: date) -> str:
    today = timezone.localtime(clock.now()).date()
    named = {
        today: gettext("today"),
        today - timedelta(days=1): gettext("yesterday"),
        today + timedelta(days=1): gettext("tomorrow"),
    }
    return named.get(value) or (f"{value:%m-%d}" if value.year == today.year else value.isoformat())
