"""Counts of a month's problems by what they are, how old the open ones are, how long the solved ones took."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from genyin.reports import metrics
from genyin.reports.facts import ProblemFact
from genyin.reports.metrics import Figure, Month, ids

DIMENSIONS: dict[str, Callable[[ProblemFact], str]] = {
    "source": lambda fact: fact.source,
    "category": lambda fact: fact.category,
    "level": lambda fact: fact.level,
    "team": lambda fact: fact.team,
    "service": lambda fact: fact.service,
    "customer": lambda fact: fact.customer,
    "project": lambda fact: fact.project,
}
LEVELS = ("high", "medium", "low")
STAGES = ("submitted", "assigned", "investigating", "solving", "changing", "verifying")
# Age bands in whole days: upper bound of each, None for the open end.
AGE_BANDS: tuple[tuple[str, int | None], ...] = (("0-7", 7), ("8-30", 30), ("31-90", 90), (">90", None))


@dataclass(frozen=True, slots=True)
class Count:
    """One row of a breakdown. `key` is a code or a name; empty where the record does not say."""

    key: str
    total: tuple[int, ...]
    resolved: tuple[int, ...]
    unresolved: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Handling:
    """How the problems of one level that were solved in the month were handled."""

    key: str
    handled: tuple[int, ...]
    on_time: Figure
    mean: Figure


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Open problems of one stage or level, one set of records for each age band."""

    key: str
    bands: tuple[tuple[int, ...], ...]


def counts(month: Month, dimension: str) -> tuple[Count, ...]:
    """The month's problems by one dimension, largest first."""
    groups = grouped(month.registered, DIMENSIONS[dimension])
    rows = [
        Count(key, ids(group), ids(f for f in group if f.resolved), ids(f for f in group if not f.resolved))
        for key, group in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row.total), row.key)))


def handling(month: Month) -> tuple[Handling, ...]:
    """Handled, on time, mean time by level; the last row (key "") is all levels together."""
    rows = []
    for level in (*LEVELS, ""):
        solved = [fact for fact in month.native_solved if level in ("", fact.level)]
        on_time = metrics.share((f for f in solved if f.on_time), (f for f in solved if f.on_time is not None))
        mean = metrics.mean_days((fact, fact.worked_to_resolve) for fact in solved)
        rows.append(Handling(level, ids(solved), on_time, mean))
    return tuple(rows)


def ages(month: Month, of: Callable[[ProblemFact], str], keys: tuple[str, ...]) -> tuple[AgeRow, ...]:
    """The problems open at the end of the month by age band: a row for each of `keys`, then others that occur.

    A problem that was resolved or closed between the month's end and its report stands at that stage by now.
    """
    groups = grouped(month.open_at_end, of)
    keys = (*keys, *sorted(set(groups) - set(keys)))
    return tuple(
        AgeRow(key, tuple(ids(f for f in groups.get(key, ()) if band(month, f) == i) for i in range(len(AGE_BANDS))))
        for key in keys
    )


def band(month: Month, fact: ProblemFact) -> int:
    """Which age band the problem falls into at the end of the month."""
    age = (month.window.last - fact.registered_at) // timedelta(days=1)
    return next(i for i, (_name, most) in enumerate(AGE_BANDS) if most is None or age <= most)


def left_out(month: Month) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What the totals leave out, by outcome: listed apart, never hidden."""
    groups = grouped(month.left_out, lambda fact: fact.outcome)
    return tuple((outcome, ids(group)) for outcome, group in sorted(groups.items()))


def grouped(facts: Iterable[ProblemFact], of: Callable[[ProblemFact], str]) -> dict[str, list[ProblemFact]]:
    """The facts by key, in the order they come."""
    groups: dict[str, list[ProblemFact]] = defaultdict(list)
    for fact in facts:
        groups[of(fact)].append(fact)
    return groups
