"""Which rows are worth a full score: found by the query's rarest terms, the best of them by what these terms say.

The choice reads document frequencies of all rows, never of one segment, and takes the newest rows of a term that does
not fit: it depends on the rows alone, not on how they are split.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.asking import ORDER
from genyin.sift.channel import Floats
from genyin.sift.growing import sums
from genyin.sift.scoring import Rows, Scorer
from genyin.sift.table import Found

READ = 3_072  # entries looked at, rarest terms first
SHORTLIST = 128  # rows scored in full
WIDER = 8  # times as many entries, where too few of the rows found may be shown
A_ROW = 100  # entries that a row counts as when it is read whole: it has more, but one of them takes less

ALL = slice(None)
#: Which of these rows may be returned.
Shown = Callable[[Rows | slice], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Entries read and rows scored in full. Where a query needs less, every row that shares a term is scored.

    row : as how many entries a row counts that is read whole
    """

    read: int = READ
    shortlist: int = SHORTLIST
    row: int = A_ROW


def candidates(scorer: Scorer, shown: Shown, k: int, limits: Limits, slots: NDArray[np.int32]) -> Rows:
    """Rows (ascending) that may be shown and share a word or a coded value with the query.

    slots : (n_rows,) scratch; what it holds does not matter
    """
    wanted, read = max(k, limits.shortlist), limits.read
    valued = _valued(scorer)
    everything = int(scorer.query.terms.df[valued > 0].sum())
    entries = _read(scorer, valued, read)
    while True:
        rows, found = _summed(entries, slots)
        seen = shown(rows)
        rows, found = rows[seen], found[seen]
        if len(rows) >= wanted or read >= everything:
            break
        read = min(WIDER * read, everything)  # of what was found, others may see more than this asker does
        if read > len(scorer.about) and len(few := np.flatnonzero(shown(ALL))) * limits.row <= read:
            entries, read = _held(scorer, valued, few), everything
        else:
            entries = _read(scorer, valued, read)
    if len(rows) > wanted:
        rows = rows[_best(scorer.roughly(rows, found), wanted)]
    return rows


def _read(scorer: Scorer, valued: Floats, read: int) -> Found:
    """Entries of the rarest terms, weighed as in the score; the newest of the first term that does not fit."""
    df = np.where(valued > 0, scorer.query.terms.df, 0)
    order = np.argsort(df, kind="stable")
    left = read - (np.cumsum(df[order]) - df[order])
    newest = np.empty_like(df)
    newest[order] = np.clip(np.minimum(df[order], left), 0, None)
    found = scorer.parts.holding(scorer.query.terms, newest)
    return Found(found.rows, valued[found.asked] * found.weights, found.asked)


def _held(scorer: Scorer, valued: Floats, rows: Rows) -> Found:
    """The same of chosen rows, whatever the terms."""
    found = scorer.parts.entries(scorer.query.terms, rows)
    kept = valued[found.asked] > 0
    asked = found.asked[kept]
    return Found(rows[found.rows[kept]], valued[asked] * found.weights[kept], asked)


def _valued(scorer: Scorer) -> Floats:
    """What sharing each term adds to the score, for coded values nearly; 0 for a term by which nothing is found."""
    query = scorer.query
    valued = np.where(query.channel == ORDER.index("words"), scorer.weight("words") * query.weights, 0.0)
    for at, name in query.codes.field_of.items():
        weight = scorer.weight(f"shared:{name}") if query.has_words else query.codes.idf[at]
        valued[at] = max(weight, 1e-9) * query.codes.idf[at]
    return valued


def _summed(found: Found, slots: NDArray[np.int32]) -> tuple[Rows, Floats]:
    """Each row once, ascending, with the sum of its entries."""
    places = np.arange(len(found.rows), dtype=np.int32)
    slots[found.rows] = places  # of several entries of a row the last one stays
    slot = slots[found.rows]
    by_slot = sums(slot, found.weights, len(places))
    last = np.flatnonzero(slot == places)
    order = np.argsort(found.rows[last])
    return found.rows[last][order], by_slot[last][order]


def _best(scores: Floats, many: int) -> NDArray[np.int64]:
    """Places of the `many` highest, ascending; of equal ones the later."""
    least = np.partition(scores, len(scores) - many)[len(scores) - many]
    above = np.flatnonzero(scores > least)
    equal = np.flatnonzero(scores == least)[len(above) - many :]
    return np.union1d(above, equal)
