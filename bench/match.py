"""Duplicate retrieval on bug reports: how often is the earlier report of the same fault found?

Protocol of Zhang et al., "Duplicate Bug Report Detection: How Far Are We?" (TOSEM 2022, arXiv
2212.00548): every later member of a duplicate set is a query, candidates are the reports created
before it, a rank is a rank among sets, and a query whose set has no report within the window is a
miss that stays in the denominator.

    python -m bench.match DIRECTORY
"""

import csv
import json
import lzma
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from genyin.sift.index import Index, Weights
from genyin.sift.measure import mean_reciprocal_rank, recall_at
from genyin.sift.records import Record

WINDOW_DAYS = 365


@dataclass(frozen=True, slots=True)
class Replay:
    """Positions per query (None = miss) with and without the window, and milliseconds of CPU each."""

    windowed: list[int | None]
    unlimited: list[int | None]
    milliseconds: list[float]


def read(path: Path) -> Iterator[Record]:
    """Reports of one project in the order they were filed; only what was known when they were."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        issues = [json.loads(line) for line in lines]
    for issue in sorted(issues, key=lambda issue: (_day(issue["created"]), int(issue["id"]))):
        yield Record(
            ref=int(issue["key"].rpartition("-")[2]),
            title=issue["summary"] or "",
            body=issue["description"] or "",
            codes=tuple(("component", name) for name in issue["components"]),
            day=_day(issue["created"]),
        )


def read_sets(path: Path) -> tuple[dict[int, int], set[int]]:
    """Set by report, and the reports that are queries."""
    sets: dict[int, int] = {}
    queries: set[int] = set()
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            ref = int(row["key"].rpartition("-")[2])
            sets[ref] = int(row["set_id"].rpartition("-")[2])
            if row["is_query"] == "1":
                queries.add(ref)
    return sets, queries


def replay(reports: list[Record], sets: dict[int, int], queries: set[int], weights: Weights) -> Replay:
    """File the reports one by one and ask for each query before it is added."""
    index = Index(weights)
    set_of_row = np.array([sets.get(report.ref, report.ref) for report in reports])
    newest: dict[int, float] = {}
    result = Replay([], [], [])
    for report in reports:
        own = sets.get(report.ref, report.ref)
        if report.ref in queries:
            started = time.process_time()
            index.match(report, k=10)
            result.milliseconds.append(1000 * (time.process_time() - started))
            position = _position(index.scores(report).total, set_of_row[: len(index)], own)
            result.unlimited.append(position)
            in_window = int(report.day) - int(newest[own]) <= WINDOW_DAYS
            result.windowed.append(position if in_window else None)
        index.add(report)
        newest[own] = report.day
    return result


def _position(scores: np.ndarray, set_of_row: np.ndarray, own: int) -> int:
    """Rank of the set `own` among all sets by their best member; ties count against it."""
    mine = scores[set_of_row == own].max()
    others = set_of_row[(scores >= mine) & (set_of_row != own)]
    return 1 + len(np.unique(others))


def _day(created: str) -> float:
    return datetime.strptime(created, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() / 86_400


def summary(positions: list[int | None]) -> dict[str, float]:
    """Recall rates and mean reciprocal rank of a list of positions."""
    rates = {f"rr{k}": round(recall_at(positions, k), 4) for k in (1, 5, 10, 20)}
    return rates | {"mrr": round(mean_reciprocal_rank(positions), 4)}


def main(data_dir: str | Path, weights: Weights | None = None) -> dict[str, object]:
    """Figures over all projects found as P.issues.jsonl.xz with P.dup_sets.csv in `data_dir`.

    rr1 … mrr use the 365-day window; `no_window` holds the same without it, `by_project` per project.
    """
    replays: dict[str, Replay] = {}
    for issues in sorted(Path(data_dir).glob("*.issues.jsonl.xz")):
        project = issues.name.partition(".")[0]
        sets, queries = read_sets(issues.with_name(f"{project}.dup_sets.csv"))
        replays[project] = replay(list(read(issues)), sets, queries, weights or Weights())
    windowed = [position for one in replays.values() for position in one.windowed]
    unlimited = [position for one in replays.values() for position in one.unlimited]
    took = [ms for one in replays.values() for ms in one.milliseconds]
    if not windowed:
        raise FileNotFoundError(f"{data_dir} holds no PROJECT.issues.jsonl.xz with PROJECT.dup_sets.csv")
    return {
        "queries": len(windowed),
        **summary(windowed),
        "no_window": summary(unlimited),
        "by_project": {name: {"queries": len(one.windowed), **summary(one.windowed)} for name, one in replays.items()},
        "ms_p50": round(float(np.percentile(took, 50)), 2),
        "ms_p99": round(float(np.percentile(took, 99)), 2),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), indent=1))
