"""Why a row is like a query: the terms of its score."""

from collections.abc import Iterable

import numpy as np

from genyin.sift.analysis import written
from genyin.sift.records import Match, Reason
from genyin.sift.scoring import Scorer, Scores
from genyin.sift.table import Found

TERMS_SHOWN = 5
PAIRS_SHOWN = 15  # of a Chinese text: five pairs of characters are a stump of what the texts share
IDENTIFIERS_SHOWN = 3

Terms = list[tuple[str, float]]


class Explainer:
    """Matches with their reasons, of rows that were scored."""

    def __init__(self, scorer: Scorer, scores: Scores) -> None:
        self._scorer, self._scores, self._query = scorer, scores, scorer.query
        self._spelled = written(self._query.record)

    def match(self, row: int, at: int) -> Match:
        """The match of a row, which stands at this place among those scored."""
        reasons = [*self._of_words(at), *self._of_letters(at), *self._of_codes(at), *self._of_the_rest(at)]
        reasons.sort(key=lambda reason: -abs(reason.value))
        text = float(self._scores.text[at]) if self._query.has_words else None
        ref, total = int(self._scorer.about.refs.view[row]), float(self._scores.total[at])
        return Match(ref, total, text, float(self._scores.codes[at]), tuple(reasons))

    def _of_words(self, at: int) -> Iterable[Reason]:
        shown = TERMS_SHOWN if self._query.cjk < 0.5 else PAIRS_SHOWN
        shared, spelled = self._shared("words", at), self._spelled
        yield from (Reason("term", "", spelled.get(token, token), value) for token, value in shared[:shown])
        if rest := sum(value for _, value in shared[shown:]):
            yield Reason("other_terms", "", "", rest)

    def _of_letters(self, at: int) -> Iterable[Reason]:
        if not self._query.has_words:
            return
        if alike := self._scorer.weight("letters") * float(self._scores.parts["letters"][at]):
            yield Reason("letters", "", "", alike)
        shared = self._shared("identifiers", at)
        yield from (Reason("identifier", "", name, value) for name, value in shared[:IDENTIFIERS_SHOWN])
        if rest := sum(value for _, value in shared[IDENTIFIERS_SHOWN:]):
            yield Reason("identifier", "", "", rest)

    def _of_codes(self, at: int) -> Iterable[Reason]:
        if not self._query.has_words:
            yield from self._of_coded_values(at)
            return
        held = self._of_row("codes", at).asked.tolist()
        for name, part in self._scores.parts.items():
            kind, _, field = name.partition(":")
            value = self._scorer.weight(name) * float(part[at])
            if kind == "shared" and value:
                yield Reason("same_code", field, self._query.codes.rarest(field, held), value)
            elif kind == "differs" and value:
                yield Reason("other_code", field, "", value)

    def _of_coded_values(self, at: int) -> Iterable[Reason]:
        for code, value in self._shared("codes", at, weighed_as="words"):
            field, _, detail = code.partition("\x1f")
            yield Reason("same_code", field, detail, value)

    def _of_the_rest(self, at: int) -> Iterable[Reason]:
        for code, part in (("same_service", "service"), ("age", "age"), ("named", "named")):
            if value := self._scorer.weight(part) * float(self._scores.parts[part][at]):
                yield Reason(code, "", "", value)  # type: ignore[arg-type]

    def _shared(self, view: str, at: int, *, weighed_as: str = "") -> Terms:
        """(term, what it adds), the strongest first."""
        asked, found = self._query.asked[view], self._of_row(view, at)
        values = self._scorer.weight(weighed_as or view) * asked.weights[found.asked] * found.weights
        terms = zip((asked.names[one] for one in found.asked.tolist()), values.tolist(), strict=True)
        return sorted((one for one in terms if one[1] > 0), key=lambda one: (-one[1], one[0]))

    def _of_row(self, view: str, at: int) -> Found:
        """The entries of a row, which stand together."""
        found = self._scores.held[view]
        first, last = np.searchsorted(found.rows, (at, at + 1))
        return Found(found.rows[first:last], found.weights[first:last], found.asked[first:last])
