"""What rises: families, services and their categories, by daily counts against what their own past lets expect.

Nothing is remembered from run to run: each works out the year of daily looks anew from the incidents, so that a
replay, another node and tonight's run say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genyin.incidents.models import Service
from genyin.sift.group import ALONE, Grouping
from genyin.sift.onset import Onset, more_frequent, onset
from genyin.sift.rise import Alarm, rises
from genyin.trends import rules
from genyin.trends.runs.reading import WINDOW_DAYS, History, Source, day_of

Evidence = dict[str, Any]
Key = tuple[int, str]  # service and category; a category "" stands for the whole service


@dataclass(frozen=True, slots=True)
class Risen:
    """Evidence of what rises: by number of the family, and of services and categories, the steepest first."""

    families: Mapping[int, Evidence] = field(default_factory=dict)
    services: Sequence[Evidence] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """Series of daily counts (n, days) that end on the last whole day, and the rows of the history in each."""

    counts: NDArray[np.int64]
    rows: Sequence[NDArray[np.int64]]
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    end: int


def risen(grouping: Grouping, history: History) -> Risen:
    """Everything that rises at the end of the data of all sources together.

    A series whose own sources have ended before is not looked at: no data is not a fall, and no rise either.
    """
    if not history.records:
        return Risen()
    names = {record.service: "" for record in history.records}
    names |= dict(Service.objects.filter(id__in=names).values_list("id", "name"))
    families = [family.id for family in grouping.families]
    by_family = _rising(_counted(_rows_of_families(grouping), history), history, names)
    services = []
    # Apart: a category is a part of its service, and the rise of a part must not be what is expected of the whole.
    for by_category in (False, True):
        keys, rows = _rows_of_services(history, by_category=by_category)
        for place, evidence in _rising(_counted(rows, history), history, names).items():
            service, category = keys[place]
            services.append({"service_id": service, "service": names[service], "category": category, **evidence})
    services.sort(key=lambda one: -one["ratio"])
    return Risen({families[place]: evidence for place, evidence in by_family.items()}, services)


def _rows_of_families(grouping: Grouping) -> list[NDArray[np.int64]]:
    """Rows of the members, in the grouping's order."""
    place = {family.id: number for number, family in enumerate(grouping.families)}
    places = np.array([place.get(number, ALONE) for number in grouping.family.tolist()], dtype=np.int64)
    order = np.argsort(places, kind="stable")
    return np.split(order, np.searchsorted(places[order], np.arange(len(place) + 1)))[1:-1] if place else []


def _rows_of_services(history: History, *, by_category: bool) -> tuple[list[Key], list[NDArray[np.int64]]]:
    found: dict[Key, list[int]] = {}
    for row, record in enumerate(history.records):
        category = next((value for name, value in record.codes if name == "category"), "") if by_category else ""
        if category or not by_category:
            found.setdefault((record.service, category), []).append(row)
    return list(found), [np.array(rows, dtype=np.int64) for rows in found.values()]


def _counted(rows: Sequence[NDArray[np.int64]], history: History) -> Counted:
    end = _last_whole_day(history)
    column = history.day - (end - WINDOW_DAYS + 1)
    counts = np.zeros((len(rows), WINDOW_DAYS), dtype=np.int64)
    spans = []
    for place, members in enumerate(rows):
        days = column[members]
        np.add.at(counts[place], days[(days >= 0) & (days < WINDOW_DAYS)], 1)
        spans.append(_span({history.source[row] for row in members.tolist()}, history.sources))
    since, until = np.array(spans, dtype=np.int64).reshape(-1, 2).T - (end - WINDOW_DAYS + 1)
    return Counted(counts, rows, np.maximum(since, 0), np.minimum(until, WINDOW_DAYS - 1), end)


def _last_whole_day(history: History) -> int:
    """The last day with data; a day that is not over yet is left out, or it would look like a fall."""
    last = max(source.last for source in history.sources.values())
    today = int(history.until.timestamp() // 86400)
    return min(last, today - 1)


def _span(names: set[str], sources: Mapping[str, Source]) -> tuple[int, int]:
    return min(sources[name].first for name in names), max(sources[name].last for name in names)


def _rising(series: Counted, history: History, names: Mapping[int, str]) -> dict[int, Evidence]:
    """Evidence of the series whose rise is on at the last look, by place."""
    told = rises(series.counts, since=series.since, until=series.until, false_share=rules.FALSE_RISES)
    everything = series.counts.sum(axis=0)
    found = {}
    for alarm in (alarm for alarm in told.alarms if alarm.on):
        own = series.counts[alarm.series]
        began = onset(own, everything - own, since=int(series.since[alarm.series]))
        if began is not None:
            more = _more(series, alarm.series, began, history, names)
            found[alarm.series] = _evidence(alarm, began, series.end - WINDOW_DAYS + 1) | {"more": more}
    return found


def _more(series: Counted, place: int, began: Onset, history: History, names: Mapping[int, str]) -> list[list[Any]]:
    """What is more frequent in the rise: [field, value, after, of_after, before, of_before]."""
    rows, first = series.rows[place], series.end - WINDOW_DAYS + 1 + began.since
    day = history.day[rows]
    before, after = rows[day < first], rows[(day >= first) & (day <= series.end)]
    found = more_frequent(*([history.records[row] for row in part.tolist()] for part in (before, after)))
    return [
        [one.field, names.get(int(one.value), "") if one.field == "service" else one.value, one.after, one.of_after,
         one.before, one.of_before]
        for one in found
    ]  # fmt: skip


def _evidence(alarm: Alarm, began: Onset, first: int) -> Evidence:
    """`from` is the day the rise began, `raised` the day it was first told; `p` the chance in a year of looks.

    `past`: days before that it is compared with; where none of them had an incident, `ratio_high` is None.
    """
    return {
        "past": began.past,
        "observed": began.observed,
        "expected": round(began.expected, 2),
        "low": int(began.low),
        "high": int(began.high),
        "ratio": round(began.ratio, 2),
        "ratio_low": round(began.ratio_low, 2),
        "ratio_high": None if began.ratio_high is None else round(began.ratio_high, 2),
        "p": float(f"{alarm.p:.3g}"),
        "raised": day_of(first + alarm.raised).isoformat(),
        "from": day_of(first + began.since).isoformat(),
        "to": day_of(first + WINDOW_DAYS - 1).isoformat(),
    }
