"""The known error a service desk chose, guessed from coded fields alone.

The rows are taken in their order: the first 70% are learned, each of the last 30% is guessed and then learned. Where
the rows to guess come in a file of their own, the whole first file is learned.

    python -m bench.codes FILE.csv.xz [TEST.csv.xz]
"""

import csv
import json
import sys
import time
from math import ceil
from pathlib import Path

import numpy as np

from bench import opening
from genyin.sift.backoff import BackOff

ANSWER = "KM_number"
TYPE, COMPONENT, CI, URGENCY = "CI_TypeSubType_aff", "Service_Component_WBS_aff", "CI_Name_aff", "Urgency"
LEVELS = ((TYPE,), (COMPONENT,), (COMPONENT, URGENCY), (CI,), (CI, URGENCY))
FADING = (((CI, URGENCY), 1000.0),)
LEARNED = 0.7
RANKS = (1, 5, 10)

Took = list[float]


def read(path: Path) -> list[tuple[tuple[tuple[str, str], ...], str]]:
    """(codes, answer) of each row."""
    wanted = (TYPE, COMPONENT, CI, URGENCY)
    with opening.text(path) as file:
        return [(tuple((name, row[name]) for name in wanted if row[name]), row[ANSWER]) for row in csv.DictReader(file)]


def replay(rows: list[tuple[tuple[tuple[str, str], ...], str]], known: BackOff, first: int) -> tuple[list[int], Took]:
    """(place of the right answer for each row from `first` on, 0 for none of twenty; milliseconds of CPU each)."""
    places: list[int] = []
    took: list[float] = []
    for at, (codes, answer) in enumerate(rows):
        if at >= first:
            started = time.process_time()
            found = [guess.answer for guess in known.rank(codes, k=20)]
            took.append(1000 * (time.process_time() - started))
            places.append(found.index(answer) + 1 if answer in found else 0)
        known.update(codes, answer)
    return places, took


def main(path: str | Path, test: str | Path | None = None) -> dict[str, object]:
    """Shares of the rows whose answer is among the first one, five, ten guesses."""
    rows = read(Path(path))
    first = ceil(LEARNED * len(rows)) if test is None else len(rows)
    rows += read(Path(test)) if test is not None else []
    places, took = replay(rows, BackOff(LEVELS, fading=FADING), first)
    found = np.array(places)
    return {
        "rows": len(rows),
        "guessed": len(places),
        **{f"top{k}": round(float(((found > 0) & (found <= k)).mean()), 4) for k in RANKS},
        "ms_p50": round(float(np.percentile(took, 50)), 2),
        "ms_p99": round(float(np.percentile(took, 99)), 2),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:3]), indent=1))
