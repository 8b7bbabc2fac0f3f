"""A plain reference for the index: dictionaries and loops, straight from the docstrings."""

import math
from collections.abc import Sequence

from genyin.sift.index import Weights, count_codes, count_words
from genyin.sift.postings import milestone
from genyin.sift.records import NO_SERVICE, Record


def _unit(counts: dict[str, float], idf: dict[str, float], unseen: float) -> dict[str, float]:
    weights = {name: (1 + math.log(count)) * idf.get(name, unseen) for name, count in counts.items()}
    length = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {name: weight / length for name, weight in weights.items()} if weights else {}


def _cosines(rows: Sequence[dict[str, float]], query: dict[str, float]) -> list[float]:
    mark = milestone(len(rows))
    df: dict[str, int] = {}
    for row in rows[:mark]:
        for name in row:
            df[name] = df.get(name, 0) + 1
    unseen = math.log(1 + mark) + 1
    idf = {name: math.log((1 + mark) / (1 + n)) + 1 for name, n in df.items()}
    asked = _unit(query, idf, unseen)
    units = [_unit(row, idf, unseen) for row in rows]
    return [sum(weight * unit.get(name, 0.0) for name, weight in asked.items()) for unit in units]


def scores(records: Sequence[Record], query: Record, weights: Weights) -> list[float]:
    """Total score of each record against the query."""
    words = _cosines([count_words(record) for record in records], count_words(query))
    codes = _cosines([count_codes(record) for record in records], count_codes(query))
    coded = weights.codes if count_words(query) else weights.terms
    totals = []
    for record, text, code in zip(records, words, codes, strict=True):
        same = record.service == query.service != NO_SERVICE
        age = math.log1p(abs(query.day - record.day))
        totals.append(weights.terms * text + coded * code + weights.service * same - weights.age * age)
    return totals
