"""Families of incidents that arrive one by one, against the grouping of all of them.

Generated incidents (`bench/generated.py`, with its bias) are grouped without the last twentieth of them, at most
20,000; these are then added one by one, and all are grouped together as a nightly run would. `agreement` is the
adjusted Rand index of the two over the records that arrived, `agreement_all` over all; F1 is that of either against
the truth, over those that arrived.

    python -m bench.assign N [SEED]
"""

import json
import secrets
import sys
import time
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.generated import generate
from genyin.sift.assign import Assigner
from genyin.sift.group import ALONE, group
from genyin.sift.measure import adjusted_rand, pairwise
from genyin.sift.records import Record

SHARE = 0.05
MOST = 20_000


def main(n: int, *, seed: int | None = None) -> dict[str, object]:
    """Figures for `n` generated records; without a seed one is drawn."""
    seed = secrets.randbelow(2**31) if seed is None else seed
    made = generate(n, seed=seed)
    first = n - min(int(SHARE * n), MOST)
    earlier = group(made.records[:first])
    families = earlier.as_mapping()
    started = time.process_time()
    assigner = Assigner(made.records[:first], families, next_id=earlier.next_id)
    building = time.process_time() - started
    took = arrive(assigner, made.records[first:], families)
    del assigner, earlier
    together = group(made.records).family
    one_by_one = _labels(made.records, families)
    truth = made.family
    return {
        "n": n,
        "seed": seed,
        "arrived": n - first,
        "agreement": round(adjusted_rand(together[first:], one_by_one[first:]), 4),
        "agreement_all": round(adjusted_rand(together, one_by_one), 4),
        "f1": round(pairwise(truth[first:], one_by_one[first:])[2], 4),
        "f1_together": round(pairwise(truth[first:], together[first:])[2], 4),
        "build_cpu_seconds": round(building, 2),
        **{f"ms_p{p}": round(float(np.percentile(took, p)), 2) for p in (50, 99)},
        "ms_max": round(max(took), 2),
    }


def arrive(assigner: Assigner, records: Sequence[Record], families: dict[int, int]) -> list[float]:
    """Add the records, writing their families down; milliseconds of CPU each."""
    took = []
    for record in records:
        started = time.process_time()
        place = assigner.add(record)
        took.append(1000 * (time.process_time() - started))
        if place.family != ALONE:
            families |= {ref: place.family for ref in (record.ref, place.beside) if ref is not None}
    return took


def _labels(records: Sequence[Record], families: Mapping[int, int]) -> NDArray[np.int64]:
    return np.array([families.get(record.ref, ALONE) for record in records], dtype=np.int64)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else None)))
