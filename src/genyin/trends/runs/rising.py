"""Which families rise: daily counts against what their own past lets expect."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genyin.sift.group import ALONE, Grouping
from genyin.sift.trend import Rises, rise
from genyin.trends import rules
from genyin.trends.runs.reading import History, Source, day_of

DAYS = 26 * 7
RECENT = 14

Evidence = dict[str, Any]


def rises(grouping: Grouping, history: History) -> dict[int, Evidence]:
    """Families that rise, by number, each with its evidence.

    Tested are the last 14 whole days up to the end of the data of all sources together. A family whose own sources
    have ended before is not tested: no data is not a fall, and no rise either.
    """
    numbers = [family.id for family in grouping.families]
    if not numbers:
        return {}
    end = _last_whole_day(history)
    counts = daily(grouping, history, end)
    ends = [_span(numbers_sources, history.sources) for numbers_sources in _sources_of(grouping, history)]
    since = np.array([max(first - (end - DAYS + 1), 0) for first, _last in ends], dtype=np.int64)
    until = np.array([min(last - (end - DAYS + 1), DAYS - 1) for _first, last in ends], dtype=np.int64)
    tested = rise(counts, recent=RECENT, since=since, until=until)
    # Rises only: the test is one-sided, but a family of one old incident may still be "above" nothing expected.
    up = np.flatnonzero((tested.q <= rules.RISE_Q) & (tested.observed > tested.high))
    return {numbers[place]: _evidence(tested, place, end) for place in up.tolist()}


def daily(grouping: Grouping, history: History, end: int) -> NDArray[np.int64]:
    """Incidents per day (n_families, 182 days), the families in the grouping's order, the last column being `end`."""
    place = {family.id: number for number, family in enumerate(grouping.families)}
    column = history.day - (end - DAYS + 1)
    inside = (grouping.family != ALONE) & (column >= 0) & (column < DAYS)
    row = np.array([place[number] for number in grouping.family[inside].tolist()], dtype=np.int64)
    counts = np.zeros((len(place), DAYS), dtype=np.int64)
    np.add.at(counts, (row, column[inside]), 1)
    return counts


def _last_whole_day(history: History) -> int:
    """The last day with data; a day that is not over yet is left out, or it would look like a fall."""
    last = max(source.last for source in history.sources.values())
    today = int(history.until.timestamp() // 86400)
    return min(last, today - 1)


def _sources_of(grouping: Grouping, history: History) -> list[set[str]]:
    """The sources of each family, in the grouping's order."""
    place = {family.id: number for number, family in enumerate(grouping.families)}
    found: list[set[str]] = [set() for _family in grouping.families]
    for number, source in zip(grouping.family.tolist(), history.source, strict=True):
        if number != ALONE:
            found[place[number]].add(source)
    return found


def _span(names: set[str], sources: Mapping[str, Source]) -> tuple[int, int]:
    return min(sources[name].first for name in names), max(sources[name].last for name in names)


def _evidence(tested: Rises, place: int, end: int) -> Evidence:
    return {
        "observed": int(tested.observed[place]),
        "expected": round(float(tested.expected[place]), 2),
        "low": int(tested.low[place]),
        "high": int(tested.high[place]),
        "p": float(f"{tested.p[place]:.3g}"),
        "q": float(f"{tested.q[place]:.3g}"),
        "from": day_of(end - RECENT + 1).isoformat(),
        "to": day_of(end).isoformat(),
    }
