"""Records of one kind, indexed: what differs from what is held is read again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from genyin.sift.index import Index
from genyin.sift.keys import key
from genyin.sift.records import Record

Stamped = Sequence[tuple[int, object]]  # number, and what its states are told apart by
Read = Callable[[Sequence[int]], Iterable[Record]]
EVERYTHING = 2**62


def compare(index: Index, present: Stamped, read: Read, *, first: int = 0, last: int = EVERYTHING) -> int:
    """Make the index hold what is `present` of the numbers from `first` to `last`; how many were read again.

    Oldest numbers go first: the index's statistics then grow the same way on every node.
    """
    stamps = {ref: key(str(state)) >> 1 for ref, state in present}
    refs, held = index.held(first, last)
    known = dict(zip(refs.tolist(), held.tolist(), strict=True))
    for gone in known.keys() - stamps.keys():
        index.retire(gone)
    differing = sorted(ref for ref, stamp in stamps.items() if known.get(ref) != stamp)
    index.extend([replace(record, stamp=stamps[record.ref]) for record in read(differing)])
    return len(differing)


def lacking(index: Index, refs: Iterable[int]) -> list[int]:
    """Which of these numbers it does not hold."""
    wanted = sorted(set(refs))
    if not wanted:
        return []
    held, _stamps = index.held(wanted[0], wanted[-1])
    return [int(one) for one in np.setdiff1d(wanted, held)]
