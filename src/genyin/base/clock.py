"""The one clock, and arithmetic in working days.

Times are UTC. A calendar is given as a value, so that this module knows no area and tests need no database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_frozen: ContextVar[datetime | None] = ContextVar("genyin_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment`: for tests and for loading a history through the verbs."""
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@cache
def zones() -> frozenset[str]:
    """The names of the zones this machine knows, read once: reading them walks some 600 files."""
    return frozenset(available_timezones())


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. `weekdays` counts Monday as 0; `extra` are weekend days that are worked."""

    zone: str = "Asia/Shanghai"
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = field(default_factory=frozenset)
    extra: frozenset[date] = field(default_factory=frozenset)

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day in self.extra or (day.weekday() in self.weekdays and day not in self.holidays)

    def working_days(self, start: datetime, end: datetime) -> float:
        """Working days from `start` to `end`; a whole working day is 24 hours of the site's zone."""
        zone = ZoneInfo(self.zone)
        cursor, stop = start.astimezone(zone), end.astimezone(zone)
        seconds = 0.0
        while cursor < stop:
            midnight = datetime.combine(cursor.date() + timedelta(days=1), time(), zone)
            if self.works(cursor.date()):
                # Through UTC: wall-clock differences are an hour off on the day the zone changes its offset.
                seconds += (min(midnight, stop).astimezone(UTC) - cursor.astimezone(UTC)).total_seconds()
            cursor = midnight
        return seconds / 86400

    def add(self, start: datetime, days: float) -> datetime:
        """The moment `days` working days after `start`."""
        zone = ZoneInfo(self.zone)
        cursor, left = start.astimezone(zone), timedelta(days=days)
        while True:
            midnight = datetime.combine(cursor.date() + timedelta(days=1), time(), zone)
            room = midnight.astimezone(UTC) - cursor.astimezone(UTC)
            if self.works(cursor.date()):
                if left <= room:
                    return (cursor.astimezone(UTC) + left).astimezone(UTC)
                left -= room
            cursor = midnight


def month_window(month: str, zone: str) -> tuple[datetime, datetime]:
    """First and first-after moment of `month` (YYYY-MM) in `zone`, in UTC. Raises ValueError for another shape."""
    year, number = (int(part) for part in month.split("-"))
    tz = ZoneInfo(zone)
    start = datetime(year, number, 1, tzinfo=tz)
    end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=tz)
    return start.astimezone(UTC), end.astimezone(UTC)


def month_of(moment: datetime, zone: str) -> str:
    """The calendar month (YYYY-MM) of `moment` in `zone`."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m")
