"""Which rows are worth a full score: found by the query's rarest terms, the best of them by what these terms say.

The choice reads document frequencies of all rows, never of one segment, and takes the newest rows of a term that does
not fit: it depends on the rows alone, not on how they are split.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Floats
from genyin.sift.parts import joined
from genyin.sift.scoring import Rows, Scorer
from genyin.sift.table import Found

READ = 32_768  # entries looked at, rarest terms first
SHORTLIST = 1_024  # rows scored in full
WIDER = 8  # times as many entries, where too few of the rows found may be shown

#: Which of these rows may be returned.
Shown = Callable[[Rows], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Entries read and rows scored in full. Where a query needs less, every row that shares a term is scored."""

    read: int = READ
    shortlist: int = SHORTLIST


def candidates(scorer: Scorer, shown: Shown, k: int, limits: Limits, slots: NDArray[np.int32]) -> Rows:
    """Rows (ascending) that may be shown and share a word or a coded value with the query.

    slots : (n_rows,) scratch; what it holds does not matter
    """
    wanted, read = max(k, limits.shortlist), limits.read
    everything = int(scorer.query.located["words"].df.sum() + scorer.query.located["codes"].df.sum())
    while True:
        rows, found = _summed(_read(scorer, read), slots)
        seen = shown(rows)
        rows, found = rows[seen], found[seen]
        if len(rows) >= wanted or read >= everything:
            break
        read *= WIDER  # of what was found, others may see more than this asker does
    if len(rows) > wanted:
        rows = rows[_best(scorer.roughly(rows, found), wanted)]
    return rows


def _read(scorer: Scorer, read: int) -> Found:
    """Entries of the rarest terms, weighed as in the score; the newest of the first term that does not fit."""
    query = scorer.query
    words, codes = query.located["words"], query.located["codes"]
    valued = _of_codes(scorer)
    df = np.concatenate((words.df, np.where(valued > 0, codes.df, 0)))
    order = np.argsort(df, kind="stable")
    left = read - (np.cumsum(df[order]) - df[order])
    newest = np.empty_like(df)
    newest[order] = np.clip(np.minimum(df[order], left), 0, None)
    by_word = scorer.parts.holding(words, newest[: len(words.df)])
    by_code = scorer.parts.holding(codes, newest[len(words.df) :])
    weighed = by_word.weights * (scorer.weight("words") * query.asked["words"].weights)[by_word.asked]
    return joined(
        [
            Found(by_word.rows, weighed, by_word.asked),
            Found(by_code.rows, valued[by_code.asked], by_code.asked),
        ]
    )


def _of_codes(scorer: Scorer) -> Floats:
    """What sharing each coded value adds, nearly; 0 for the name of a field, which finds nothing."""
    codes = scorer.query.codes
    valued = np.zeros(len(codes.idf))
    for at, name in codes.values.items():
        weight = scorer.weight(f"shared:{name}") if scorer.query.has_words else codes.idf[at]
        valued[at] = max(weight, 1e-9) * codes.idf[at]
    return valued


def _summed(found: Found, slots: NDArray[np.int32]) -> tuple[Rows, Floats]:
    """Each row once, ascending, with the sum of its entries."""
    places = np.arange(len(found.rows), dtype=np.int32)
    slots[found.rows] = places  # of several entries of a row the last one stays
    slot = slots[found.rows]
    sums = np.bincount(slot, weights=found.weights, minlength=len(places))
    last = np.flatnonzero(slot == places)
    order = np.argsort(found.rows[last])
    return found.rows[last][order], sums[last][order]


def _best(scores: Floats, many: int) -> NDArray[np.int64]:
    """Places of the `many` highest, ascending; of equal ones the later."""
    least = np.partition(scores, len(scores) - many)[len(scores) - many]
    above = np.flatnonzero(scores > least)
    equal = np.flatnonzero(scores == least)[len(above) - many :]
    return np.union1d(above, equal)
