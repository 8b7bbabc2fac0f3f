"""Which known error is it? Answered from coded fields alone, learning after every record, forgetting what is old."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

Codes = tuple[tuple[str, str], ...]
Level = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """A known error that may be meant.

    answer      : its number
    probability : 0 to 1
    level       : the fields of the narrowest level that has seen it, () for none of them; levels that forget keep no
                  whole counts and are not named
    seen, of    : so many of the records that agree in those fields had this answer
    """

    answer: str
    probability: float
    level: Level
    seen: float
    of: float


@dataclass(slots=True)
class _Counts:
    """Answers seen under one combination of values, each weighing less the longer ago it was."""

    total: float = 0.0
    by_answer: dict[str, float] = field(default_factory=dict)
    at: int = 0

    def fade(self, now: int, lasting: float) -> None:
        """Let what was counted until `at` weigh e^(−passed / lasting); infinity forgets nothing."""
        if now > self.at and math.isfinite(lasting):
            left = math.exp((self.at - now) / lasting)
            self.by_answer = {answer: count * left for answer, count in self.by_answer.items() if count * left > FAINT}
            self.total = sum(self.by_answer.values())
        self.at = now

    def within(self, among: Collection[str] | None) -> tuple[dict[str, float], float]:
        """The counts of these answers, and their sum."""
        if among is None:
            return self.by_answer, self.total
        counted = {answer: count for answer, count in self.by_answer.items() if answer in among}
        return counted, sum(counted.values())


FAINT = 1e-3


class BackOff:
    """Answers by coded fields, from the widest level to the narrowest.

    p(answer) at a level = λ · share of the answer among records that agree in its fields + (1 − λ) · p at the level
    before, λ = N / (N + caution), N how many agree (Jelinek and Mercer 1980, with λ as Dirichlet smoothing has it);
    before the first level, the share among all records. Levels in `lasting` forget: a record weighs e^(−records
    since / lasting).

    `update` after each record; nothing that was not known then is used by `rank`. Memory grows with the distinct
    combinations of values.
    """

    def __init__(
        self, levels: Sequence[Level], *, fading: Sequence[tuple[Level, float]] = (), caution: float = 5.0
    ) -> None:
        self._levels = [*((level, math.inf) for level in levels), *fading]
        self._caution = caution
        self._counts: list[defaultdict[Codes, _Counts]] = [defaultdict(_Counts) for _ in self._levels]
        self._all = _Counts()
        self._records = 0

    def update(self, codes: Codes, answer: str) -> None:
        """A record with these values turned out to be `answer`."""
        self._records += 1
        self._add(self._all, answer, math.inf)
        for (level, lasting), counts in zip(self._levels, self._counts, strict=True):
            key = _key(codes, level)
            if key is not None:
                self._add(counts[key], answer, lasting)

    def rank(self, codes: Codes, *, k: int = 10, among: Collection[str] | None = None) -> list[Guess]:
        """The `k` most probable answers, best first; equal ones by number. [] before anything was learned.

        among : the answers that count, None = all. The others are as if never seen: neither guessed, nor in `of`.
                What fades, fades by all records
        """
        every, whole = self._all.within(among)
        if not whole:
            return []
        chances = {answer: count / whole for answer, count in every.items()}
        seen: dict[str, Guess] = {}
        for (level, lasting), table in zip(self._levels, self._counts, strict=True):
            held = table.get(_key(codes, level) or ())
            if held is None:
                continue
            held.fade(self._records, lasting)
            counted, total = held.within(among)
            if not total:
                continue
            trust = total / (total + self._caution)
            chances = {answer: (1 - trust) * chance for answer, chance in chances.items()}
            for answer, count in counted.items():
                chances[answer] += trust * count / total
                if math.isinf(lasting):
                    seen[answer] = Guess(answer, 0.0, level, count, total)
        best = sorted(chances.items(), key=lambda one: (-one[1], one[0]))[:k]
        unseen = {answer: Guess(answer, 0.0, (), every[answer], whole) for answer, _chance in best}
        return [replace(seen.get(answer, unseen[answer]), probability=chance) for answer, chance in best]

    def _add(self, counts: _Counts, answer: str, lasting: float) -> None:
        counts.fade(self._records, lasting)
        counts.total += 1
        counts.by_answer[answer] = counts.by_answer.get(answer, 0.0) + 1


def _key(codes: Codes, level: Level) -> Codes | None:
    """The values of a level's fields, None where one is missing: nothing is learned from what nobody said."""
    values = dict(codes)
    found = tuple((name, values[name]) for name in level if name in values)
    return found if len(found) == len(level) else None
