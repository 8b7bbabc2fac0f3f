"""What people decided by hand: these belong together, these do not."""

from collections.abc import Collection, Iterable

Pair = tuple[int, int]


class ContradictoryLinksError(ValueError):
    """Two decisions cannot both hold: a pair must be apart and is tied together by others."""

    def __init__(self, pairs: Collection[Pair]) -> None:
        self.pairs = tuple(pairs)
        listed = ", ".join(f"{a} and {b}" for a, b in self.pairs[:5])
        super().__init__(f"Kept apart and tied together at once: {listed}. Withdraw one of the decisions.")


class Union:
    """Disjoint sets; a set is named by its smallest member, so that order does not matter."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def find(self, item: int) -> int:
        top = item
        while (above := self._above.get(top, top)) != top:
            top = above
        while item != top:
            self._above[item], item = top, self._above.get(item, item)
        return top

    def join(self, a: int, b: int) -> None:
        low, high = sorted((self.find(a), self.find(b)))
        self._above[high] = low


def contradictions(must_link: Iterable[Pair], cannot_link: Iterable[Pair]) -> list[Pair]:
    """Pairs of `cannot_link` that `must_link` ties together, directly or over others.

    Ask before a new decision is written, so that it can be refused there.
    """
    tied = Union()
    for a, b in must_link:
        tied.join(a, b)
    return [(a, b) for a, b in cannot_link if tied.find(a) == tied.find(b)]
