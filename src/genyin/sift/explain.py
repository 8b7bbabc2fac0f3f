"""Why a row is like a query: the terms of its score."""

from collections.abc import Iterable

import numpy as np

from genyin.sift.analysis import written
from genyin.sift.asking import TOGETHER
from genyin.sift.records import Match, Reason
from genyin.sift.scoring import Scorer, Scores

TERMS_SHOWN = 5
PAIRS_SHOWN = 15  # of a Chinese text: five pairs of characters are a stump of what the texts share
IDENTIFIERS_SHOWN = 3

Terms = list[tuple[int, float]]


class Explainer:
    """Matches with their reasons, of rows that were scored."""

    def __init__(self, scorer: Scorer, scores: Scores) -> None:
        self._scorer, self._scores, self._query = scorer, scores, scorer.query
        self._spelled = written(self._query.record)
        self._shown = TERMS_SHOWN if self._query.cjk < 0.5 else PAIRS_SHOWN
        self._weights, self._channel = self._query.weights.tolist(), self._query.channel.tolist()
        self._coded = [name for name in scores.parts if ":" in name]

    def match(self, row: int, at: int) -> Match:
        """The match of a row, which stands at this place among those scored."""
        words, identifiers, codes = self._shared(at)
        reasons = [*self._of_words(words), *self._of_codes(at, codes), *self._of_the_rest(at)]
        if self._query.has_words:
            reasons += [*self._of_letters(at), *self._of_identifiers(identifiers)]
        reasons.sort(key=lambda reason: -abs(reason.value))
        text = float(self._scores.text[at]) if self._query.has_words else None
        ref, total = int(self._scorer.about.refs.view[row]), float(self._scores.total[at])
        return Match(ref, total, text, float(self._scores.codes[at]), tuple(reasons))

    def _of_words(self, held: Terms) -> Iterable[Reason]:
        shared, spelled = self._weighed("words", held), self._spelled
        yield from (Reason("term", "", spelled.get(token, token), value) for token, value in shared[: self._shown])
        if rest := sum(value for _, value in shared[self._shown :]):
            yield Reason("other_terms", "", "", rest)

    def _of_letters(self, at: int) -> Iterable[Reason]:
        if alike := self._scorer.weight("letters") * float(self._scores.parts["letters"][at]):
            yield Reason("letters", "", "", alike)

    def _of_identifiers(self, held: Terms) -> Iterable[Reason]:
        shared = self._weighed("identifiers", held)
        yield from (Reason("identifier", "", name, value) for name, value in shared[:IDENTIFIERS_SHOWN])
        if rest := sum(value for _, value in shared[IDENTIFIERS_SHOWN:]):
            yield Reason("identifier", "", "", rest)

    def _of_codes(self, at: int, held: Terms) -> Iterable[Reason]:
        if not self._query.has_words:
            for code, value in self._weighed("words", held):
                field, _, detail = code.partition("\x1f")
                yield Reason("same_code", field, detail, value)
            return
        for name in self._coded:
            kind, _, field = name.partition(":")
            value = self._scorer.weight(name) * float(self._scores.parts[name][at])
            if kind == "shared" and value:
                yield Reason("same_code", field, self._query.codes.rarest(field, [term for term, _ in held]), value)
            elif value:
                yield Reason("other_code", field, "", value)

    def _of_the_rest(self, at: int) -> Iterable[Reason]:
        for code, part in (("same_service", "service"), ("age", "age"), ("named", "named")):
            if value := self._scorer.weight(part) * float(self._scores.parts[part][at]):
                yield Reason(code, "", "", value)  # type: ignore[arg-type]

    def _weighed(self, part: str, held: Terms) -> list[tuple[str, float]]:
        """(term, what it adds), the strongest first."""
        weight, names, weights = self._scorer.weight(part), self._query.names, self._weights
        shared = ((names[term], weight * weights[term] * value) for term, value in held)
        return sorted((one for one in shared if one[1] > 0), key=lambda one: (-one[1], one[0]))

    def _shared(self, at: int) -> tuple[Terms, ...]:
        """(term, the row's weight) of a row, by channel."""
        found, shared = self._scores.held, tuple(list[tuple[int, float]]() for _ in range(TOGETHER))
        first, last = np.searchsorted(found.rows, (at, at + 1))
        pairs = zip(found.asked[first:last].tolist(), found.weights[first:last].tolist(), strict=True)
        for term, weight in pairs:
            shared[self._channel[term]].append((term, weight))
        return shared
