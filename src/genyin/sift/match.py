"""The most similar records, or the most similar sets of records."""

from collections.abc import Collection, Iterable, Mapping

from genyin.sift.index import Index
from genyin.sift.records import Match, Record


def match(
    records: Iterable[Record],
    query: Record,
    *,
    k: int = 10,
    before: float | None = None,
    allowed: Collection[int] | None = None,
) -> list[Match]:
    """The `k` of `records` most like `query`: `Index.match` for a collection asked only once."""
    index = Index()
    index.extend(list(records))
    return index.match(query, k=k, before=before, allowed=allowed)


def match_sets(
    index: Index,
    query: Record,
    sets: Mapping[int, int],
    *,
    k: int = 10,
    before: float | None = None,
    allowed: Collection[int] | None = None,
    at_least: float = 0.0,
) -> list[tuple[int, Match]]:
    """The `k` sets most like `query`, best first, each with its best member.

    sets : record number -> set number (a family, a known error, a duplicate set); a record that is
           in no set is a set of its own under its record number, so the two must not share numbers

    A set scores as its best member does: a rank here is a rank among sets, as recall@k counts them.
    """
    best: dict[int, Match] = {}
    wanted = 4 * k
    while True:
        found = index.match(query, k=wanted, before=before, allowed=allowed, at_least=at_least)
        for one in found:
            best.setdefault(sets.get(one.ref, one.ref), one)
        if len(best) >= k or len(found) < wanted:
            return list(best.items())[:k]
        wanted *= 4  # large sets filled the list; ask further down
