"""A large index: built, asked and appended to, on generated incidents whose families are known.

All but the last fifth (at most 5,000) are indexed in batches, while segments are written and merged in the background.
The rest then arrive one by one, each asked for before it is added. A query counts where it is a new member of a family
with at least two earlier ones, and hits when a member is among its first ten. Another process then maps what was
written, timed, and asks: what is resident is read there, the process's own (`resident_mb`: all but the segments) apart
from the pages of the segments that it touched (`shared_mb`: one copy serves all processes).

Milliseconds are CPU of the thread that asks or adds, taking the record apart included; what the background thread
spends is in `build_cpu_seconds`. Its bias is that of the generator (`bench.group`): words are drawn, records are titles
of some fifty characters, and configuration items are right, which makes families easy to find. Long descriptions cost
more of everything.

    python -m bench.index N [SEED]
"""

import json
import multiprocessing
import resource
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.generated import generate
from genyin.sift.candidates import READ, SHORTLIST
from genyin.sift.folder import Folder
from genyin.sift.index import TAIL_ROWS, Index
from genyin.sift.records import Record

AT_ONCE = 2_048
ARRIVING = 5_000
EARLIER = 2  # members that a query's family has at least
ASKED_AGAIN = 1_000
K = 10


@dataclass
class Arrivals:
    """What asking and adding took, in milliseconds of CPU, and whether a member was found."""

    matching: list[float] = field(default_factory=list)
    appending: list[float] = field(default_factory=list)
    hits: list[bool] = field(default_factory=list)


def build(folder: Folder, records: Sequence[Record]) -> None:
    for start in range(0, len(records), AT_ONCE):
        folder.index.extend(records[start : start + AT_ONCE])
        folder.checkpoint(str(folder.index.rows))


def arrive(folder: Folder, records: Sequence[Record], family_of: Mapping[int, int], earlier: Counter[int]) -> Arrivals:
    """Ask for each record, then add it; `family_of` by number, `earlier` counts the members that came before."""
    taken = Arrivals()
    for record in records:
        family = family_of[record.ref]
        started = time.thread_time()
        found = folder.index.match(record, k=K)
        taken.matching.append(1000 * (time.thread_time() - started))
        if family >= 0 and earlier[family] >= EARLIER:
            taken.hits.append(any(family_of[one.ref] == family for one in found))
        started = time.thread_time()
        folder.index.add(record)
        folder.checkpoint(str(folder.index.rows))
        taken.appending.append(1000 * (time.thread_time() - started))
        earlier[family] += 1
    return taken


def another_process(path: Path, queries: Sequence[Record]) -> dict[str, float]:
    """How long mapping takes, and what is resident after asking; run where nothing was indexed before."""
    started = time.perf_counter()
    folder = Folder(path, Index())
    folder.refresh()
    loaded = time.perf_counter() - started
    for query in queries:
        folder.index.match(query, k=K)
    shared = segments_in_memory()
    return {"load_seconds": round(loaded, 3), "resident_mb": _resident() - shared, "shared_mb": shared}


def segments_in_memory() -> int:
    """Megabytes of mapped segments that this process has touched: one copy serves all processes of the node."""
    found, ours = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if not line.split(maxsplit=1)[0].endswith(":"):
            ours = line.endswith(".rows")
        elif ours and line.startswith("Rss:"):
            found += int(line.split()[1])
    return found // 1024


def main(n: int, *, seed: int | None = None) -> dict[str, object]:
    """Figures for `n` generated records; see the module for what they are and are not. Without a seed one is drawn."""
    seed = secrets.randbelow(2**31) if seed is None else seed
    made = generate(n, seed=seed)
    records, truth = made.records, made.family
    family_of = dict(zip((record.ref for record in records), truth.tolist(), strict=True))
    first = n - min(n // 5, ARRIVING)
    with tempfile.TemporaryDirectory() as home:
        folder = Folder(Path(home), Index())
        started, cpu = time.perf_counter(), time.process_time()
        build(folder, records[:first])
        folder.settle()
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        taken = arrive(folder, records[first:], family_of, Counter(truth[:first].tolist()))
        folder.checkpoint(str(n), flush=True)
        folder.settle()
        mapped = sum(path.stat().st_size for path in Path(home).iterdir())
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            elsewhere = pool.apply(another_process, (Path(home), records[first:][:ASKED_AGAIN]))
        return {
            "n": n,
            "seed": seed,
            "build_seconds": round(seconds, 1),
            "build_cpu_seconds": round(cpu, 1),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "queries": len(taken.hits),
            "hit10": round(float(np.mean(taken.hits)), 4) if taken.hits else None,
            "match_ms_p50": _percentile(taken.matching, 50),
            "match_ms_p99": _percentile(taken.matching, 99),
            "append_ms_p50": _percentile(taken.appending, 50),
            "append_ms_p99": _percentile(taken.appending, 99),
            "append_ms_max": _percentile(taken.appending, 100),
            "mapped_mb": round(mapped / 2**20, 1),
            **elsewhere,
            "segments": len(folder.index.parts()),
            "settings": {"read": READ, "shortlist": SHORTLIST, "tail_rows": TAIL_ROWS},
        }  # fmt: skip


def _resident() -> int:
    told = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in told if line.startswith("VmRSS:"))


def _percentile(values: Sequence[float], percent: float) -> float:
    return round(float(np.percentile(values, percent)), 2)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0), indent=1))
