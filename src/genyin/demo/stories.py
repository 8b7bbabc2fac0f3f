"""Problems of the demo as they were worked on, step by step, told relative to the last day.

The texts lie in `data/stories/*.toml`. A moment is "w12 09:30": twelve working days (Monday to Friday) before
`today` at 09:30 of the site's zone. A day ahead is "+5": five calendar days after `today`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from genyin.demo import world
from genyin.demo.text import Language, Text

ZONE = ZoneInfo(world.TIME_ZONE)

#: Every so many working days somebody links what has come in and says whether the known error helped.
ROUND = 8
LINKED_A_ROUND = 12
TRIED_A_ROUND = 3

SHORT = "short.toml"

#: After these the incidents are no longer gathered.
ENDS = ("fix_in_place", "cancel", "mark_duplicate", "accept_risk", "close_without_solution")


@dataclass(frozen=True)
class Step:
    """One verb by one person. `said` are its arguments; texts are in both languages until `spoken`."""

    at: str
    by: str
    verb: str
    said: Mapping[str, object]


@dataclass(frozen=True)
class Story:
    """A problem: how it was registered, and what was done with it."""

    key: str
    family: str
    service: str
    items: tuple[str, ...]
    category: str
    subcategory: str
    level: str
    impact: str
    urgency: str
    source: str
    reason: str
    submitter: str
    at: str
    link: int
    title: Text
    description: Text
    impact_text: Text
    steps: tuple[Step, ...]


def working_day(today: date, back: int) -> date:
    """The working day that lies `back` working days before `today`."""
    day = today
    while back > 0:
        day -= timedelta(days=1)
        back -= day.weekday() < 5
    return day


def moment(at: str, today: date) -> datetime:
    """The moment meant by "w12 09:30", in UTC."""
    days, _space, clock = at.partition(" ")
    hour, minute = clock.split(":")
    day = working_day(today, int(days.removeprefix("w")))
    return datetime.combine(day, time(int(hour), int(minute)), ZONE).astimezone(UTC)


def day(at: str, today: date) -> date:
    """The day meant by "+5" or "w12"."""
    return today + timedelta(days=int(at)) if at.startswith("+") else working_day(today, int(at.removeprefix("w")))


def spoken(value: object, language: Language) -> Any:
    """The value with every text in one language, at any depth."""
    if isinstance(value, Text):
        return value.said_in(language)
    if isinstance(value, Mapping):
        return {key: spoken(item, language) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [spoken(item, language) for item in value]
    return value


@cache
def stories() -> tuple[Story, ...]:
    """The stories told at length, always in the same order."""
    folder = files("genyin.demo").joinpath("data", "stories")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml") and entry.name != SHORT)
    tables = (tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")) for name in names)
    return tuple(_story(row) for table in tables for row in table["story"])


def rounds(story: Story, today: date) -> Iterator[Step]:
    """The regular looks at what has come in since, until the fix is in place or the story ends."""
    if not story.family:
        return
    ended = next((_days_back(step.at) for step in story.steps if step.verb in ENDS), 0)
    known = next((_days_back(step.at) for step in story.steps if step.verb == "publish_known_error"), 0)
    registered = _days_back(story.at)
    regular = [back for back in range(registered - ROUND, ended, -ROUND) if back > ended + ROUND // 2]
    for back in (*regular, *((ended + 1,) if ended + 1 < registered else ())):
        at = f"w{back} 17:45"
        yield Step(at, "lead", "link", {"number": LINKED_A_ROUND})
        if back < known:
            yield Step(at, "desk3", "try", {"number": TRIED_A_ROUND})


def _days_back(at: str) -> int:
    return int(at.partition(" ")[0].removeprefix("w"))


def _story(row: dict[str, Any]) -> Story:
    return Story(
        key=row["key"],
        family=row.get("family", ""),
        service=row["service"],
        items=tuple(row["items"]),
        category=row["category"],
        subcategory=row.get("subcategory", ""),
        level=row["level"],
        impact=row["impact"],
        urgency=row["urgency"],
        source=row["source"],
        reason=row["reason"],
        submitter=row["submitter"],
        at=row["at"],
        link=row.get("link", 0),
        title=Text.read(row, "title"),
        description=Text.read(row, "description"),
        impact_text=Text.read(row, "impact"),
        steps=tuple(_step(dict(step)) for step in row["steps"]),
    )


def _step(row: dict[str, Any]) -> Step:
    at, by, verb = row.pop("at"), row.pop("by"), row.pop("verb")
    return Step(at, by, verb, {name: _texts(value) for name, value in row.items()})


def _texts(value: object) -> object:
    """Tables with zh and en become texts, at any depth."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return Text(zh=value["zh"], en=value["en"])
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return value
