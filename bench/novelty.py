"""First of its kind: how many that are not are flagged, and how many that are?

Records are taken in the order of their days. Each is compared with those before it and then added. On generated
records the truth is known: a record is a first when none of its family came before. On real ones it is known in part:
a later bug report of a duplicate set, or a sentence of which one of the same meaning came before, is no first; of the
others nobody knows. Incidents with coded fields only are no first when the very same combination came before.

Its bias: that of the generated records (see `bench.group`), where two in five are firsts, more than a service desk
sees after its first year. The rate bounds what is flagged, so at most `rate` of the records can be found to be firsts:
read `false_novel` first, then which share of the flagged are firsts, then how many firsts are flagged.

    python -m bench.novelty N [SEED]
"""

import csv
import json
import lzma
import secrets
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import chinese, match
from bench.generated import generate
from genyin.sift import novelty
from genyin.sift.index import Index
from genyin.sift.records import Record

NEAREST = 10
LATEST = 2_000
AFTER = (1_000, 5_000, 20_000)
RATES = (0.02, 0.05, 0.1)
CODES = ("category", "subcategory", "u_symptom", "cmdb_ci")


@dataclass(frozen=True, slots=True)
class Judged:
    """How alike a record was to its nearest, of which kind, and whether it is known not to be (or to be) a first."""

    alike: float
    kind: novelty.Kind
    known: bool
    first: bool


def replay(records: Sequence[Record], known: Sequence[bool], first: Sequence[bool]) -> tuple[list[Judged], float]:
    """Every record in its order, and milliseconds of CPU each."""
    index, held = Index(), {record.ref: record for record in records}
    judged: list[Judged] = []
    started = time.process_time()
    for record, is_known, is_first in zip(records, known, first, strict=True):
        asked = novelty.asked(record)
        near = [(one, held[one.ref]) for one in index.match(asked, k=NEAREST)]
        judged.append(Judged(novelty.likeness(asked, near), novelty.kind(asked), is_known, is_first))
        index.add(record)
    return judged, 1000 * (time.process_time() - started) / max(1, len(records))


def flagged(judged: Sequence[Judged], settings: novelty.Settings) -> np.ndarray:
    """(n,) whether each is flagged as the first of its kind, by what was known when it came."""
    past: dict[str, list[float]] = defaultdict(list)
    said = np.zeros(len(judged), dtype=bool)
    for place, one in enumerate(judged):
        before = past[one.kind][-LATEST:]
        verdict = novelty.judge(one.alike, before, of=one.kind, compared=place, settings=settings)
        said[place] = verdict.code == "first"
        if place >= settings.compared:
            past[one.kind].append(one.alike)
    return said


def figures(
    judged: Sequence[Judged], said: np.ndarray, *, since: int = 0, until: int | None = None
) -> dict[str, float | None]:
    """Of the records from `since` on: the share of the known that are flagged, of the firsts, and of the flagged."""
    part = slice(since, until)
    known = np.array([one.known for one in judged[part]])
    first = np.array([one.first for one in judged[part]])
    taken = said[part]
    return {
        "records": len(taken),
        "false_novel": _share(taken[known]),
        "firsts_flagged": _share(taken[first]),
        "flagged_are_firsts": _share(first[taken & (known | first)]),
        "per_thousand": round(1000 * float(taken.mean()), 1) if len(taken) else None,
    }


def generated(n: int, *, seed: int, dirty: float = 0.0) -> tuple[list[Judged], float]:
    """Generated records in the order of their days."""
    made = generate(n, seed=seed, dirty=dirty)
    records, truth = made.records, made.family
    met: set[int] = set()
    ordered, firsts = [], []
    for place in sorted(range(n), key=lambda one: records[one].day):
        family = int(truth[place])
        firsts.append(family < 0 or family not in met)
        met.add(family)
        ordered.append(records[place])
    return replay(ordered, [not one for one in firsts], firsts)


def reports(path: Path) -> list[Judged]:
    """Bug reports of one project; known: a set's later members."""
    records = list(match.read(path))
    sets, _queries = match.read_sets(path.with_name(path.name.replace(".issues.jsonl.xz", ".dup_sets.csv")))
    return _unlabelled(records, [sets.get(record.ref, -1) for record in records])


def sentences(path: Path) -> list[Judged]:
    """Chinese sentences in the order of the file; known: one of the same meaning came before."""
    told = chinese.read(path)
    texts, partners = told.sentences, told.partners
    known = [any(other < row for other in partners.get(row, ())) for row in range(len(texts))]
    records = [Record(row, text, day=float(row)) for row, text in enumerate(texts)]
    return replay(records, known, [False] * len(records))[0]


def incidents(path: Path) -> list[Judged]:
    """Incidents with coded fields only; known: the same combination came before, first: it did not."""
    with lzma.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        opened = {row["number"]: row for row in reversed(list(csv.DictReader(file)))}
    rows = sorted(opened.values(), key=lambda row: row["number"])
    records = [
        Record(place, codes=tuple((name, row[name]) for name in CODES if row[name] != "?"), day=float(place))
        for place, row in enumerate(rows)
    ]
    met: set[object] = set()
    firsts = [not (record.codes in met or met.add(record.codes)) for record in records]  # type: ignore[func-returns-value]
    return replay(records, [not one for one in firsts], firsts)[0]


def _unlabelled(records: Sequence[Record], sets: Iterable[int]) -> list[Judged]:
    met: set[int] = set()
    known = []
    for one in sets:
        known.append(one >= 0 and one in met)
        met.add(one)
    return replay(records, known, [False] * len(records))[0]


def _share(of: np.ndarray) -> float | None:
    """None of nothing: no number, and JSON has none for it."""
    return round(float(of.mean()), 4) if len(of) else None


def real(data_dir: Path, settings: novelty.Settings) -> dict[str, dict[str, float | None]]:
    """The figures of each real set that lies in the folder."""
    found: dict[str, list[Judged]] = {
        path.name.partition(".")[0]: reports(path) for path in sorted(data_dir.glob("jira_apache/*.issues.jsonl.xz"))
    }
    for name, file, read in (
        ("chinese", "zh_bq_corpus/bq_dev.tsv.xz", sentences),
        ("coded", "uci_servicenow/incident_event_log.first70.csv.xz", incidents),
    ):
        if (data_dir / file).is_file():
            found[name] = read(data_dir / file)
    return {name: figures(judged, flagged(judged, settings), since=AFTER[0]) for name, judged in found.items()}


def main(
    n: int = 25_000, *, seed: int | None = None, dirty: float = 0.0, data: Path | None = None
) -> dict[str, object]:
    """Figures over `n` generated records, after each count of `AFTER` until the next, and over the real sets.

    `rates` holds the same after the first of them at other rates. Without a seed one is drawn.
    """
    seed = secrets.randbelow(2**31) if seed is None else seed
    judged, took = generated(n, seed=seed, dirty=dirty)
    settings = novelty.Settings()
    said = flagged(judged, settings)
    ends = [*AFTER[1:], n]
    return {
        "n": n,
        "seed": seed,
        "dirty": dirty,
        "rate": settings.rate,
        "ceiling": settings.ceiling,
        "after": {
            since: figures(judged, said, since=since, until=until)
            for since, until in zip(AFTER, ends, strict=True)
            if since < n
        },
        "rates": {
            rate: figures(judged, flagged(judged, novelty.Settings(rate=rate)), since=AFTER[0]) for rate in RATES
        },
        "real": real(data, settings) if data else {},
        "ms": round(took, 2),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else None), indent=1))
