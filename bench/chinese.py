"""Chinese sentences that mean the same, and Chinese reports with their English translations: how often is the partner
among the first ten?

Each distinct sentence of the labelled pairs is a record with a title and nothing else; every sentence with a positive
pair asks for the others, all of them candidates, and finds it when a partner that was labelled is among the first k.
Most true partners are not labelled, so the figures are low for everybody: TF-IDF over characters and pairs reaches
.383 in its first ten (README of the data).

Across languages every Chinese bug report asks, by its title alone and with its body, for the English machine
translation of its own body among the translations of all reports; once with the glossary and once without.

`auc` is the chance that a pair labelled as the same scores higher than one labelled as another.

    python -m bench.chinese FILE.tsv.xz|FILE.jsonl [REPORTS.csv.xz]
"""

import csv
import html
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import opening
from genyin.sift.asking import CHANNELS
from genyin.sift.channel import Recipe
from genyin.sift.index import Index
from genyin.sift.measure import auc
from genyin.sift.records import Record
from genyin.sift.weights import Weights

RANKS = (1, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Report:
    """A bug report and the English translation of its body."""

    title: str
    body: str
    english: str
    chinese: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """The distinct sentences in their order; pairs of them by position, and whether they mean the same."""

    sentences: list[str]
    pairs: list[tuple[int, int, bool]]

    @property
    def partners(self) -> dict[int, set[int]]:
        """For each sentence that has any, those of the same meaning."""
        found: dict[int, set[int]] = defaultdict(set)
        for one, other, same in self.pairs:
            if same and one != other:
                found[one].add(other)
                found[other].add(one)
        return dict(found)


def read(path: Path) -> Labelled:
    """Pairs as tab-separated lines, or as JSON lines with sentence1, sentence2 and label."""
    rows: dict[str, int] = {}
    pairs = []
    with opening.text(path) as file:
        for one, other, label in _told(file, is_json=".jsonl" in path.suffixes):
            first, second = (rows.setdefault(text.strip(), len(rows)) for text in (one, other))
            pairs.append((first, second, label == "1"))
    return Labelled(list(rows), pairs)


def _told(file: Iterable[str], *, is_json: bool) -> Iterator[Sequence[str]]:
    if not is_json:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return
    for line in file:
        pair = json.loads(line)
        yield pair["sentence1"], pair["sentence2"], str(pair["label"])


def read_reports(path: Path) -> list[Report]:
    """Reports with a translation, in their order."""
    usual = csv.field_size_limit(10**8)  # a limit of the whole process, which others rely on
    try:
        with opening.text(path) as file:
            rows = [row for row in csv.DictReader(file) if row["translation"]]
    finally:
        csv.field_size_limit(usual)
    return [
        Report(row["title"], row["body"], html.unescape(row["translation"]), row["src_lang"].startswith("zh"))
        for row in rows
    ]


def across(path: str | Path, channels: Mapping[str, Recipe] = CHANNELS) -> dict[str, object]:
    """Recall by rank of a Chinese report's translation, asked for by the title and by title and body."""
    reports = read_reports(Path(path))
    index = Index(channels=channels)
    for row, report in enumerate(reports):
        index.add(Record(row, body=report.english))
    found: dict[str, list[int]] = {"title": [], "whole": []}
    for row, report in enumerate(reports):
        if report.chinese:
            for name, body in (("title", ""), ("whole", report.body)):
                total = index.scores(Record(-1, report.title, body)).total
                found[name].append(_place(total, [row]))
    return {
        "queries": len(found["title"]),
        "reports": len(reports),
        **{f"{name}_r{k}": _share(places, k) for name, places in found.items() for k in RANKS},
    }


def without_glossary() -> dict[str, Recipe]:
    *fields, (_weight, b) = CHANNELS["words"].fields
    return {**CHANNELS, "words": replace(CHANNELS["words"], fields=(*fields, (0.0, b)))}


def _place(total: NDArray[np.float64], right: Sequence[int]) -> int:
    """Rank of the best right row; ties count against it."""
    best = total[list(right)].max()
    others = np.delete(total, right)
    return 1 + int((others >= best).sum())


def _share(places: Sequence[int], k: int) -> float:
    return round(float((np.array(places) <= k).mean()), 4)


def main(path: str | Path, reports: str | Path | None = None) -> dict[str, object]:
    """Recall by rank over all sentences that have a partner, milliseconds of CPU a query; `across` where `reports`
    names the file, `across_without` the same without the glossary."""
    figures = within(path)
    if reports is not None:
        figures |= {"across": across(reports), "across_without": across(reports, without_glossary())}
    return figures


def within(path: str | Path, weights: Weights | None = None) -> dict[str, object]:
    """Recall by rank over all sentences that have a partner, and milliseconds of CPU a query."""
    told = read(Path(path))
    sentences, partners = told.sentences, told.partners
    index = Index(weights)
    for row, sentence in enumerate(sentences):
        index.add(Record(row, sentence))
    asked = defaultdict(list)
    for one, other, same in told.pairs:
        asked[one].append((other, same))
    places: list[int] = []
    took: list[float] = []
    likeness: dict[bool, list[float]] = {True: [], False: []}
    for row in sorted(partners.keys() | asked.keys()):
        started = time.process_time()
        total = index.scores(Record(row, sentences[row])).total
        took.append(1000 * (time.process_time() - started))
        for other, same in asked[row]:
            likeness[same].append(float(total[other]))
        total[row] = -np.inf
        if row in partners:
            places.append(_place(total, list(partners[row])))
    found = np.array(places)
    return {
        "sentences": len(sentences),
        "queries": len(places),
        **{f"r{k}": _share(places, k) for k in RANKS},
        "mrr": round(float((1 / found).mean()), 4),
        "auc": round(auc(likeness[True], likeness[False]), 4),
        "ms_p50": round(float(np.percentile(took, 50)), 2),
        "ms_p99": round(float(np.percentile(took, 99)), 2),
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:3]), indent=1))
