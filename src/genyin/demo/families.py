"""Incident families of the demo: what keeps coming back, how often, when, and in which words.

The words lie in `data/families/*.toml`, one file a service. Masks in braces are filled for each incident.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from genyin.demo.text import Language

Pairs = dict[str, list[tuple[str, str]]]

NOT_FAMILIES = ("slots.toml", "oneoffs.toml")


@dataclass(frozen=True)
class Words:
    """Titles, bodies and closing notes of one language; `alerts` are written by machines in either."""

    titles: tuple[str, ...]
    bodies: tuple[str, ...]
    closings: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """One family. Rates are incidents a week, moments are whole days before the last day of the year.

    stops: none later than so many days ago · starts: none earlier · gap: none between the two ·
    drift: rate at the end ÷ rate at the start · rises: (days, factor) in the last days, a factor below 1 falls ·
    burst: mean number that arrive together · event: (days ago, number) once ·
    month_end: factor on the last two days and the first day of a month ·
    machine: share written by monitoring · english: share in English, None takes the customer's ·
    priority: weights of high, medium, low · outage: range in minutes, empty for none.
    """

    key: str
    service: str
    items: tuple[str, ...]
    week: float
    hours: str
    category: str
    zh: Words
    en: Words
    alerts: tuple[str, ...]
    priority: tuple[float, float, float]
    days: str = ""
    machine: float = 0.0
    english: float | None = None
    drift: float = 1.0
    burst: float = 1.0
    month_end: float = 1.0
    major: float = 0.0
    stops: int | None = None
    starts: int | None = None
    gap: tuple[int, int] | None = None
    rises: tuple[int, float] | None = None
    event: tuple[int, int] | None = None
    outage: tuple[int, int] | None = None
    slots: Pairs = field(default_factory=dict)

    def words(self, language: Language) -> Words:
        return self.zh if language == "zh" else self.en


def _open(name: str) -> dict[str, Any]:
    return tomllib.loads(files("genyin.demo").joinpath("data", "families", name).read_text(encoding="utf-8"))


def _words(row: dict[str, Any], language: str) -> Words:
    return Words(
        titles=tuple(row.pop(language)),
        bodies=tuple(row.pop(f"body_{language}")),
        closings=tuple(row.pop(f"done_{language}")),
    )


def _family(row: dict[str, Any], service: str) -> Family:
    for name in ("gap", "rises", "event", "outage"):
        if name in row:
            row[name] = tuple(row[name])
    high, medium, low = row.pop("priority")
    return Family(
        service=service,
        items=tuple(row.pop("cis")),
        alerts=tuple(row.pop("alert")),
        zh=_words(row, "zh"),
        en=_words(row, "en"),
        priority=(high, medium, low),
        **row,
    )


def _read() -> Iterator[Family]:
    folder = files("genyin.demo").joinpath("data", "families")
    for name in sorted(entry.name for entry in folder.iterdir()):
        if name.endswith(".toml") and name not in NOT_FAMILIES:
            table = _open(name)
            for row in table["family"]:
                yield _family(row, table["service"])


@cache
def families() -> tuple[Family, ...]:
    """All families, always in the same order."""
    return tuple(_read())


@cache
def slots(customer: str) -> Pairs:
    """Words for the masks of one customer: departments, callers, rooms; each (Chinese, English)."""
    table = _open("slots.toml")[customer]
    return {name: [(zh, en) for zh, en in pairs] for name, pairs in table.items()}


@dataclass(frozen=True)
class OneOff:
    """Something that happens once: a thing of a service, and what is wrong with it or wanted of it."""

    service: str
    kind: str
    thing: tuple[str, str]
    fault: tuple[str, str]


@cache
def one_offs() -> tuple[OneOff, ...]:
    """Every pair of thing and fault; each is used at most once, so that they form no family."""
    table = _open("oneoffs.toml")
    return tuple(
        OneOff(service, kind, (thing[0], thing[1]), (fault[0], fault[1]))
        for service, kinds in table["things"].items()
        for kind, things in kinds.items()
        for thing in things
        for fault in table["faults"][kind]
    )


@cache
def one_off_words(kind: str) -> dict[str, list[tuple[str, str]]]:
    """Bodies and closing notes for a kind of one-off."""
    return {name: [(zh, en) for zh, en in pairs] for name, pairs in _open("oneoffs.toml")["words"][kind].items()}
