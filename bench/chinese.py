"""Chinese sentences that mean the same: how often is the labelled partner among the first ten?

Each distinct sentence of the labelled pairs is a record with a title and nothing else; every sentence with a positive
pair asks for the others, all of them candidates, and finds it when a partner that was labelled is among the first k.
Most true partners are not labelled, so the figures are low for everybody: TF-IDF over characters and pairs reaches
.383 in its first ten (README of the data).

    python -m bench.chinese FILE.tsv.xz
"""

import csv
import json
import lzma
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from genyin.sift.index import Index
from genyin.sift.records import Record
from genyin.sift.weights import Weights

RANKS = (1, 5, 10, 20)


def read(path: Path) -> tuple[list[str], dict[int, set[int]]]:
    """The distinct sentences in their order, and for each of them its partners."""
    rows: dict[str, int] = {}
    partners: dict[int, set[int]] = defaultdict(set)
    with lzma.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        for one, other, label in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            first, second = (rows.setdefault(text.strip(), len(rows)) for text in (one, other))
            if label == "1" and first != second:
                partners[first].add(second)
                partners[second].add(first)
    return list(rows), dict(partners)


def main(path: str | Path, weights: Weights | None = None) -> dict[str, object]:
    """Recall by rank over all sentences that have a partner, and milliseconds of CPU a query."""
    sentences, partners = read(Path(path))
    index = Index(weights)
    for row, sentence in enumerate(sentences):
        index.add(Record(row, sentence))
    places: list[int] = []
    took: list[float] = []
    for row, theirs in partners.items():
        started = time.process_time()
        total = index.scores(Record(row, sentences[row])).total
        took.append(1000 * (time.process_time() - started))
        total[row] = -np.inf
        best = total[list(theirs)].max()
        places.append(int((total > best).sum()) + 1)
    found = np.array(places)
    return {
        "sentences": len(sentences),
        "queries": len(places),
        **{f"r{k}": round(float((found <= k).mean()), 4) for k in RANKS},
        "mrr": round(float((1 / found).mean()), 4),
        "ms_p50": round(float(np.percentile(took, 50)), 2),
        "ms_p99": round(float(np.percentile(took, 99)), 2),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), indent=1))
