"""Grouping of generated incidents whose families are known (`bench/generated.py`, with its bias).

F1 is over pairs of records. `human` and `machine` look at the records people and machines told; `small` at families of
fewer than ten with those that are alone, `large` at the others. `dirty` of the CIs are wrong or missing.

    python -m bench.group N [SEED]
"""

import json
import resource
import secrets
import sys
import time
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from bench.generated import generate
from genyin.sift.group import Settings, group
from genyin.sift.measure import adjusted_rand, pairwise

LARGE = 10


def main(n: int, *, seed: int | None = None, dirty: float = 0.0, settings: Settings | None = None) -> dict[str, object]:
    """Figures for `n` generated records; without a seed one is drawn."""
    settings, seed = settings or Settings(), secrets.randbelow(2**31) if seed is None else seed
    made = generate(n, seed=seed, dirty=dirty)
    started, cpu = time.perf_counter(), time.process_time()
    grouping = group(made.records, settings=settings)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    precision, recall, f1 = pairwise(made.family, grouping.family)
    return {
        "n": n,
        "seed": seed,
        "dirty": dirty,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "ari": round(adjusted_rand(made.family, grouping.family), 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "families": len(grouping.families),
        "f1_of": {name: _f1(made.family, grouping.family, rows) for name, rows in _parts(made.family, made.machine)},
        "settings": asdict(settings),
    }


def _parts(family: NDArray[np.int64], machine: NDArray[np.bool_]) -> list[tuple[str, NDArray[np.bool_]]]:
    size = np.bincount(family + 1)[family + 1]
    large = (family >= 0) & (size >= LARGE)
    return [("human", ~machine), ("machine", machine), ("small", ~large), ("large", large)]


def _f1(truth: NDArray[np.int64], found: NDArray[np.int64], rows: NDArray[np.bool_]) -> float:
    return round(pairwise(truth[rows], found[rows])[2], 4)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else None)))
