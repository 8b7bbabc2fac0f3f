"""Records of one kind, indexed: what differs from what is held is read again."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from genyin.sift.index import Index
from genyin.sift.keys import key
from genyin.sift.records import Record

Stamped = Sequence[tuple[int, object]]  # number, and what its states are told apart by
Read = Callable[[Sequence[int]], Iterable[Record]]


def compare(index: Index, present: Stamped, read: Read, *, among: Collection[int] | None = None) -> None:
    """Make the index hold what is `present`, of all numbers or of those `among` which we look.

    Oldest numbers go first: the index's statistics then grow the same way on every node.
    """
    refs, held = index.held(min(among, default=0), max(among, default=0)) if among is not None else index.held()
    stamps = {ref: key(str(state)) >> 1 for ref, state in present}
    known = dict(zip(refs.tolist(), held.tolist(), strict=True))
    for gone in known.keys() - stamps.keys():
        if among is None or gone in among:
            index.retire(gone)
    differing = sorted(ref for ref, stamp in stamps.items() if known.get(ref) != stamp)
    index.extend([replace(record, stamp=stamps[record.ref]) for record in read(differing)])


def lacking(index: Index, refs: Iterable[int]) -> list[int]:
    """Which of these numbers it does not hold."""
    wanted = sorted(set(refs))
    if not wanted:
        return []
    held, _stamps = index.held(wanted[0], wanted[-1])
    return [int(one) for one in np.setdiff1d(wanted, held)]
