"""Real incidents with their times shuffled over them: whatever belongs together has no history of its own any more.

The days keep how many incidents they had, with weekends, growth, holidays and the end of the data; which incident came
when is chance. So no series rises, and every alarm is a false one.
"""

import csv
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genyin.sift.group import ALONE, group
from genyin.sift.records import Record

Counts = NDArray[np.int64]

LOOKS = 365
NINE_WEEKS = 63


@dataclass(frozen=True, slots=True)
class Incidents:
    """One real history: the day of each incident, and by name the series it counts in, which may be several."""

    name: str
    day: Counts
    series: dict[str, list[tuple[str, ...]]]
    short: bool  # less than a year of data


def read(data: Path, *, only: str = "") -> Iterator[Incidents]:
    """The histories that are there, or those whose file's name holds a word; none where the folder has none."""
    log = data / "uci_servicenow" / "incident_event_log.first70.csv.xz"
    if log.is_file() and only in log.name:
        yield _service_desk(log)
    for file in sorted((data / "jira_apache").glob("*.issues.jsonl.xz")):
        if only in file.name:
            yield _project(file)


def shuffled(history: Incidents, series: Sequence[tuple[str, ...]], chance: np.random.Generator) -> Counts:
    """(n_series, days) of two years that end on a day of chance, or of all there is."""
    day = chance.permutation(history.day)
    first, last = int(day.min()), int(day.max())
    end = last if history.short else int(chance.integers(first + 2 * LOOKS, last + 1))
    return _count(series, day - (first if history.short else end - 2 * LOOKS + 1), end)


def repeated(history: Incidents, series: Sequence[tuple[str, ...]], chance: np.random.Generator) -> Counts:
    """Two years made of the first nine weeks of a short history over and over, each time shuffled anew."""
    day = history.day - history.day.min()
    whole = day[day < NINE_WEEKS]
    times = 2 * LOOKS // NINE_WEEKS + 1
    drawn = [series[one] for one in chance.integers(0, len(series), times * len(whole))]
    return _count(drawn, np.concatenate([whole + NINE_WEEKS * n for n in range(times)]), NINE_WEEKS * times)


def _count(series: Sequence[tuple[str, ...]], column: Counts, most: int) -> Counts:
    names = {name: row for row, name in enumerate(sorted({name for own in series for name in own}))}
    days = min(most, 2 * LOOKS - 1, int(column.max()))
    inside = [
        (names[name], place) for own, place in zip(series, column.tolist(), strict=True) if 0 <= place <= days
        for name in own
    ]  # fmt: skip
    counts = np.zeros((len(names), days + 1), dtype=np.int64)
    np.add.at(counts, tuple(np.array(inside).T), 1)
    return counts


def _service_desk(file: Path) -> Incidents:
    with lzma.open(file, "rt", encoding="utf-8", newline="") as rows:
        first = {row["number"]: row for row in reversed(list(csv.DictReader(rows)))}
    told = list(first.values())
    day = np.array([datetime.strptime(row["opened_at"], "%d/%m/%Y %H:%M").toordinal() for row in told])  # noqa: DTZ007
    fields = ("category", "subcategory", "u_symptom", "cmdb_ci")
    records = [Record(n, codes=tuple((f, row[f]) for f in fields if row[f] != "?")) for n, row in enumerate(told)]
    series: dict[str, list[tuple[str, ...]]] = {
        "category": [(row["category"],) for row in told],
        "subcategory": [(f"{row['category']}/{row['subcategory']}",) for row in told],
        "family": _families(records),
    }
    return Incidents("uci_servicenow", day, series, short=True)


def _project(file: Path) -> Incidents:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        issues = [json.loads(line) for line in lines]
    day = np.array([date.fromisoformat(issue["created"][:10]).toordinal() for issue in issues])
    records = [
        Record(n, issue["summary"] or "", codes=tuple(("component", name) for name in issue["components"]))
        for n, issue in enumerate(issues)
    ]
    series: dict[str, list[tuple[str, ...]]] = {
        "component": [tuple(issue["components"]) or ("none",) for issue in issues],
        "priority": [(f"{issue['components'][:1]}/{issue['priority']}",) for issue in issues],
        "family": _families(records),
    }
    return Incidents(f"jira_apache {file.name.split('.')[0]}", day, series, short=False)


def _families(records: list[Record]) -> list[tuple[str, ...]]:
    return [(str(family),) if family != ALONE else () for family in group(records).family.tolist()]
