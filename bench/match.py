"""Duplicate retrieval on bug reports: how often is the earlier report of the same fault found?

Protocol of Zhang et al., "Duplicate Bug Report Detection: How Far Are We?" (TOSEM 2022, arXiv
2212.00548): every later member of a duplicate set is a query, candidates are the reports created
before it, a rank is a rank among sets. Within the window, a set counts while its newest report is at
most 365 days old: older sets are not ranked, and a query whose own set is older is a miss that stays
in the denominator.

The weights of a project are learned on the other projects only. Where there is but one, the shipped ones are used.

    python -m bench.match DIRECTORY
"""

import csv
import json
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench import opening
from genyin.sift import learn
from genyin.sift.index import Index
from genyin.sift.measure import mean_reciprocal_rank, recall_at
from genyin.sift.records import Record
from genyin.sift.tokens import STOP_WORDS
from genyin.sift.weights import Weights

WINDOW_DAYS = 365
FIELDS = ("component", "version")
#: What is learned, one weight each.
PARTS = (
    *("words", "letters", "identifiers", "age", "named"),
    *(f"{kind}:{name}" for name in FIELDS for kind in ("shared", "differs")),
)
RESAMPLED = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: the parts of every candidate's score, what TF-IDF scores it, its set, and whether that is recent."""

    example: learn.Example
    plain: NDArray[np.float64]
    sets: NDArray[np.int64]
    recent: NDArray[np.bool_]
    own: int

    def position(self, scores: NDArray[np.float64], *, window: bool) -> int | None:
        """Rank of its own set under these scores; None for a miss."""
        if not window:
            return _position(scores, self.sets, self.own)
        if not self.recent[self.sets == self.own].any():
            return None
        return _position(scores[self.recent], self.sets[self.recent], self.own)


@dataclass(frozen=True, slots=True)
class Replay:
    """The queries of a project in their order, and milliseconds of CPU each and per report added."""

    asked: list[Asked] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    adding: list[float] = field(default_factory=list)


def read(path: Path) -> Iterator[Record]:
    """Reports of one project in the order they were filed; only what was known when they were."""
    with opening.text(path) as lines:
        issues = [json.loads(line) for line in lines]
    for issue in sorted(issues, key=lambda issue: (_day(issue["created"]), int(issue["id"]))):
        yield Record(
            ref=int(issue["key"].rpartition("-")[2]),
            title=issue["summary"] or "",
            body=issue["description"] or "",
            codes=(
                *(("component", one) for one in issue["components"]),
                *(("version", one) for one in issue["versions"]),
            ),
            day=_day(issue["created"]),
            name=issue["key"],
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


def replay(reports: list[Record], sets: dict[int, int], queries: set[int]) -> Replay:
    """File the reports one by one and ask for each query before it is added."""
    index, plain = Index(), Plain(reports)
    set_of_row = np.array([sets.get(report.ref, report.ref) for report in reports])
    newest: dict[int, float] = {}
    result = Replay()
    for report in reports:
        own = sets.get(report.ref, report.ref)
        if report.ref in queries:
            started = time.process_time()
            index.match(report, k=10)
            result.milliseconds.append(1000 * (time.process_time() - started))
            before = set_of_row[: len(index)]
            example = learn.example(index.scores(report), before == own, PARTS)
            recent = np.array([int(report.day) - int(newest[one]) <= WINDOW_DAYS for one in before.tolist()])
            result.asked.append(Asked(example, plain.scores(len(before)), before, recent, own))
        started = time.process_time()
        index.add(report)
        result.adding.append(1000 * (time.process_time() - started))
        newest[own] = report.day
    return result


class Plain:
    """The yardstick, which looks ahead: cosine of (1 + ln tf)·idf over three times the summary and the description.

    Words split at humps, no stems; document frequencies over the whole file, idf = ln((1 + n) / (1 + df)) + 1.
    """

    def __init__(self, reports: Sequence[Record]) -> None:
        columns: dict[str, int] = {}
        counted = [self._counts(report) for report in reports]
        rows = [row for row, counts in enumerate(counted) for _ in counts]
        places = [columns.setdefault(name, len(columns)) for counts in counted for name in counts]
        values = np.array([count for counts in counted for count in counts.values()], dtype=float)
        table = sparse.csr_matrix((values, (rows, places)), shape=(len(reports), len(columns)))
        idf = np.log((1 + len(reports)) / (1 + np.bincount(places, minlength=len(columns)))) + 1
        table = table.multiply(idf).tocsr()
        lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
        self._rows = sparse.diags(1 / np.where(lengths > 0, lengths, 1)).dot(table).tocsr()

    def scores(self, row: int) -> NDArray[np.float64]:
        """Cosines of all rows before `row` with it."""
        found: NDArray[np.float64] = self._rows[:row].dot(self._rows[row].toarray().ravel())
        return found

    @staticmethod
    def _counts(report: Record) -> dict[str, float]:
        counts = Counter(plain_words(report.body[:6000]))
        for word in plain_words(report.title):
            counts[word] += 3
        return {word: 1 + math.log(count) for word, count in counts.items()}


def plain_words(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower())
    return [word for word in words if word not in STOP_WORDS]


def _position(scores: NDArray[np.float64], set_of_row: NDArray[np.int64], own: int) -> int:
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


def learned(replays: Mapping[str, Replay], besides: str) -> Weights:
    """The weights that the other projects teach."""
    others = [one.example for name, told in replays.items() if name != besides for one in told.asked]
    return learn.fit(others, PARTS) if others else Weights()


def ranked(told: Replay, weights: Weights, *, window: bool) -> list[int | None]:
    """Position of the right set for each query, None for a miss."""
    vector = np.array([weights.of(name) for name in PARTS])
    return [one.position(one.example.parts @ vector, window=window) for one in told.asked]


def ranked_plainly(told: Replay) -> list[int | None]:
    """The same by TF-IDF alone, within the window."""
    return [one.position(one.plain, window=True) for one in told.asked]


def gain(ours: Sequence[int | None], theirs: Sequence[int | None], *, k: int = 10, seed: int = 1) -> dict[str, float]:
    """How much higher our recall at k is, with the 95% range of a paired bootstrap over the queries."""
    hits = [np.array([place is not None and place <= k for place in one], dtype=float) for one in (ours, theirs)]
    paired = hits[0] - hits[1]
    drawn = np.random.default_rng(seed).integers(0, len(paired), size=(RESAMPLED, len(paired)))
    low, high = np.percentile(paired[drawn].mean(axis=1), [2.5, 97.5])
    return {"mean": round(float(paired.mean()), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def main(data_dir: str | Path, *, only: Collection[str] | None = None) -> dict[str, object]:
    """Figures over all projects found as P.issues.jsonl.xz with P.dup_sets.csv in `data_dir`, or `only` these.

    rr1 … mrr use the 365-day window; `no_window` holds the same without it, `by_project` per project, `tfidf` and
    `gain` those of TF-IDF and how much more is found than with it. `weights` are those all projects together teach.
    """
    replays: dict[str, Replay] = {}
    for issues in opening.named(Path(data_dir), ".issues.jsonl"):
        project = issues.name.partition(".")[0]
        if only is not None and project not in only:
            continue
        sets, queries = read_sets(issues.with_name(f"{project}.dup_sets.csv"))
        replays[project] = replay(list(read(issues)), sets, queries)
    if not any(one.asked for one in replays.values()):
        raise FileNotFoundError(f"{data_dir} holds no PROJECT.issues.jsonl(.xz) with PROJECT.dup_sets.csv")
    weights = {name: learned(replays, name) for name in replays}
    ours = {name: ranked(one, weights[name], window=True) for name, one in replays.items()}
    plain = {name: ranked_plainly(one) for name, one in replays.items()}
    unlimited = [place for name, one in replays.items() for place in ranked(one, weights[name], window=False)]
    took = [ms for one in replays.values() for ms in one.milliseconds]
    return {
        "queries": len(unlimited),
        **summary(_all(ours)),
        "no_window": summary(unlimited),
        "tfidf": summary(_all(plain)),
        "gain": gain(_all(ours), _all(plain)),
        "by_project": {
            name: {"queries": len(one.asked), **summary(ours[name]), "tfidf_rr10": summary(plain[name])["rr10"]}
            for name, one in replays.items()
        },
        "weights": {name: round(value, 2) for name, value in learned(replays, "").values.items()},
        "ms_p50": round(float(np.percentile(took, 50)), 2),
        "ms_p99": round(float(np.percentile(took, 99)), 2),
        "add_ms": round(float(np.mean([ms for one in replays.values() for ms in one.adding])), 2),
    }  # fmt: skip


def _all(by_project: Mapping[str, list[int | None]]) -> list[int | None]:
    return [place for places in by_project.values() for place in places]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), indent=1))
