"""A plain reference for the index: dictionaries and loops, straight from the docstrings."""

import math
from collections.abc import Mapping, Sequence

from genyin.sift.analysis import analyse
from genyin.sift.asking import CHANNELS, CODES, coded, fields_of
from genyin.sift.channel import YOUNG, Recipe
from genyin.sift.codes import by_field
from genyin.sift.growing import milestone
from genyin.sift.records import NO_SERVICE, Record
from genyin.sift.text import cjk_share, is_cjk
from genyin.sift.weights import Weights

Fields = Sequence[Mapping[str, float]]


class PlainChannel:
    """BM25F whose rows are weighed when they are added."""

    def __init__(self, recipe: Recipe, young: int) -> None:
        self.recipe, self.young = recipe, young
        self.told: list[Fields] = []
        self.rows: list[dict[str, float]] = []
        self.df: dict[str, int] = {}
        self.totals = [0.0] * len(recipe.fields)
        self.lengths = 0.0

    def idf(self, df: int) -> float:
        return 1 + math.log((len(self.rows) + 2) / (df + 1))

    def weighed(self, fields: Fields) -> tuple[dict[str, float], float]:
        row = self.saturated(fields)
        if not row:
            return {}, 0.0
        length = self.length(row)
        divisor = (length / ((self.lengths + length) / (len(self.rows) + 1))) ** self.recipe.length
        return {name: value / divisor for name, value in row.items()}, length

    def add(self, fields: Fields) -> None:
        row, length = self.weighed(fields)
        self.told.append(fields)
        self.rows.append(row)
        for name in row:
            self.df[name] = self.df.get(name, 0) + 1
        self.totals = [total + sum(counts.values()) for total, counts in zip(self.totals, fields, strict=True)]
        self.lengths += length
        if milestone(len(self.rows)) == len(self.rows) <= self.young:
            self.renew()

    def renew(self) -> None:
        rows = [self.saturated(fields) for fields in self.told]
        lengths = [self.length(row) for row in rows]
        self.lengths = sum(lengths)
        mean = self.lengths / len(rows)
        self.rows = [
            {name: value / (length / mean) ** self.recipe.length for name, value in row.items()}
            for row, length in zip(rows, lengths, strict=True)
        ]

    def saturated(self, fields: Fields) -> dict[str, float]:
        n, k1 = len(self.rows), self.recipe.k1
        x: dict[str, float] = {}
        for (weight, b), total, counts in zip(self.recipe.fields, self.totals, fields, strict=True):
            mean = total / n if n and total else 1.0
            for name, count in counts.items():
                x[name] = x.get(name, 0.0) + weight * count / (1 - b + b * sum(counts.values()) / mean)
        return {name: value * (k1 + 1) / (k1 + value) for name, value in x.items()}

    def length(self, row: dict[str, float]) -> float:
        return math.sqrt(sum((value * self.idf(self.df.get(name, 0))) ** 2 for name, value in row.items()))

    def scores(self, fields: Fields) -> list[float]:
        own, _ = self.weighed(fields)
        asked: dict[str, float] = {}
        for name in own:
            q = sum(
                weight * counts.get(name, 0) for (weight, _), counts in zip(self.recipe.fields, fields, strict=True)
            )
            power = self.recipe.cjk if is_cjk(name) else self.recipe.power
            asked[name] = 3 * q / (2 + q) * (self.idf(self.df.get(name, 0)) / self.idf(0)) ** power
        itself = sum(weight * own[name] for name, weight in asked.items())
        return [sum(weight * row.get(name, 0.0) for name, weight in asked.items()) / (itself or 1) for row in self.rows]


def _coded(records: Sequence[Record], record: Record, query: Record, weights: Weights) -> float:
    """What the coded fields of one record add for a query that has words."""
    total, theirs = 0.0, by_field(record.codes)
    for field, values in by_field(query.codes).items():
        shared = [value for value in values if value in theirs.get(field, ())]
        held = [sum((field, value) in other.codes for other in records) for value in shared]
        rarest = max((math.log(1 + len(records) / (1 + n)) for n in held), default=0.0)
        total += weights.of(f"shared:{field}") * rarest
        total -= weights.of(f"differs:{field}") * (field in theirs and not shared)
    return total


def channel_scores(told: Sequence[Fields], asked: Fields, recipe: Recipe, young: int) -> list[float]:
    channel = PlainChannel(recipe, young)
    for one in told:
        channel.add(one)
    return channel.scores(asked)


def scores(records: Sequence[Record], query: Record, weights: Weights, *, young: int = YOUNG) -> list[float]:
    """Total score of each record against the query."""
    taken_apart, asked = [analyse(record) for record in records], analyse(query)
    totals = [0.0] * len(records)
    cjk = cjk_share(f"{query.title}\n{query.body}")
    if any(asked.words):
        for name, recipe in CHANNELS.items():
            told = [fields_of(one, name) for one in taken_apart]
            found = channel_scores(told, fields_of(asked, name), recipe, young)
            totals = [total + weights.of(name, cjk=cjk) * one for total, one in zip(totals, found, strict=True)]
        totals = [
            total + _coded(records, record, query, weights) for total, record in zip(totals, records, strict=True)
        ]
    else:
        cosines = channel_scores([coded(record) for record in records], coded(query), CODES, young)
        totals = [weights.of("words", cjk=cjk) * cosine for cosine in cosines]
    for row, record in enumerate(records):
        totals[row] += weights.of("service") * (record.service == query.service != NO_SERVICE)
        totals[row] -= weights.of("age") * math.log1p(abs(query.day - record.day))
    return totals
