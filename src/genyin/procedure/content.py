"""What a procedure version says, as a value. Pure: read from TOML or from a stored version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from genyin.base.clock import Calendar
from genyin.base.errors import BadInput, gettext_noop

LEVELS = ("high", "medium", "low")
CLOCKS = ("assign", "cause", "solution")


@dataclass(frozen=True, slots=True)
class Point:
    """A control point: its code, the clause that asks for it, the levels it holds for.

    `when`: "always", or the condition that opens it: "recurring", "change", "major".
    """

    code: str
    clause: str
    levels: tuple[str, ...] = LEVELS
    when: str = "always"


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of the procedure."""

    name: str
    number: str
    categories: tuple[str, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    cause_categories: tuple[str, ...]
    numbering: Mapping[str, str]
    matrix: Mapping[str, Mapping[str, str]]
    targets: Mapping[str, Mapping[str, float]]
    review_after: Mapping[str, int]
    watch_days: int
    interim_incidents: int
    interim_days: int
    interim_due: float
    weekdays: frozenset[int]
    holidays: frozenset[date]
    extra: frozenset[date]
    points: tuple[Point, ...] = field(default_factory=tuple)

    def suggested_level(self, impact: str, urgency: str) -> str:
        """The level that the matrix suggests. Raises KeyError for unknown codes."""
        return self.matrix[impact][urgency]

    def points_at(self, level: str, *, conditions: frozenset[str]) -> tuple[Point, ...]:
        """The points that hold for this level when these conditions are true."""
        return tuple(p for p in self.points if level in p.levels and (p.when == "always" or p.when in conditions))

    def clause(self, code: str) -> str:
        """The clause that asks for a point; empty when this version does not know it."""
        return next((p.clause for p in self.points if p.code == code), "")

    def calendar(self, zone: str) -> Calendar:
        """The working days of this version in the site's zone."""
        return Calendar(zone=zone, weekdays=self.weekdays, holidays=self.holidays, extra=self.extra)


def default() -> dict[str, Any]:
    """The shipped procedure as plain data."""
    with (Path(__file__).parent / "default.toml").open("rb") as file:
        return tomllib.load(file)


def parse(data: Mapping[str, Any]) -> Procedure:
    """The version that `data` describes. Raises BadInput naming the first key that is missing or wrong."""
    try:
        procedure = _read(data)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise BadInput(
            gettext_noop("The procedure cannot be read: %(what)s."), field=str(wrong).strip("'"), what=str(wrong)
        ) from wrong
    for level in LEVELS:
        if level not in procedure.targets or level not in procedure.matrix:
            raise BadInput(gettext_noop("The procedure says nothing of level %(level)s."), field="targets", level=level)
    return procedure


def _read(data: Mapping[str, Any]) -> Procedure:
    return Procedure(
        name=data["name"],
        number=data["number"],
        categories=tuple(data["categories"]),
        sources=tuple(data["sources"]),
        reasons=tuple(data["reasons"]),
        cause_categories=tuple(data["cause_categories"]),
        numbering=dict(data["numbering"]),
        matrix={level: dict(row) for level, row in data["matrix"].items()},
        targets={level: {clock: float(row[clock]) for clock in CLOCKS} for level, row in data["targets"].items()},
        review_after={level: int(days) for level, days in data["review_after"].items()},
        watch_days=int(data["watch"]["days"]),
        interim_incidents=int(data["interim"]["incidents"]),
        interim_days=int(data["interim"]["days"]),
        interim_due=float(data["interim"]["due"]),
        weekdays=frozenset(data["calendar"]["weekdays"]),
        holidays=frozenset(_day(d) for d in data["calendar"]["holidays"]),
        extra=frozenset(_day(d) for d in data["calendar"]["extra"]),
        points=tuple(
            Point(p["code"], p.get("clause", ""), tuple(p.get("levels", LEVELS)), p.get("when", "always"))
            for p in data["points"]
        ),
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
