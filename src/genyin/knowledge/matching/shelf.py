"""Records of one kind, indexed: what differs from what is held is read again."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import islice

import numpy as np

from genyin.sift.index import AT_ONCE, Index
from genyin.sift.keys import key
from genyin.sift.records import Record

Stamped = Sequence[tuple[int, object]]  # number, and what its states are told apart by
Read = Callable[[Sequence[int]], Iterable[Record]]

#: A stamp: above these bits the state in the database, in them what the record holds. Most states that differ, such as
#: open and closed, are the same record; that the state is equal is known without reading it.
CONTENT = (1 << 32) - 1


def compare(index: Index, present: Stamped, read: Read, *, among: Collection[int] | None = None) -> None:
    """Make the index hold what is `present`, of all numbers or of those `among` which we look.

    Oldest numbers go first: the index's statistics then grow the same way on every node.
    """
    refs, held = index.held(min(among, default=0), max(among, default=0)) if among is not None else index.held()
    states = dict(present)
    known = dict(zip(refs.tolist(), held.tolist(), strict=True))
    for gone in known.keys() - states.keys():
        if among is None or gone in among:
            index.retire(gone)
    read_again = sorted(ref for ref, state in states.items() if not _is_state(known.get(ref), state))
    coming = (replace(record, stamp=stamp(states[record.ref], record)) for record in read(read_again))
    while some := list(islice(coming, AT_ONCE)):
        same = {record.ref: record.stamp for record in some if _is_content(known.get(record.ref), record.stamp)}
        index.extend([record for record in some if record.ref not in same])
        index.stamp(same)


def stamp(state: object, record: Record) -> int:
    return key(str(state)) >> 1 & ~CONTENT | _content(record)


def lacking(index: Index, refs: Iterable[int]) -> list[int]:
    """Which of these numbers it does not hold."""
    wanted = sorted(set(refs))
    if not wanted:
        return []
    held, _stamps = index.held(wanted[0], wanted[-1])
    return [int(one) for one in np.setdiff1d(wanted, held)]


def _content(record: Record) -> int:
    return int.from_bytes(blake2b(repr(record).encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")


def _is_state(known: int | None, state: object) -> bool:
    return known is not None and known & ~CONTENT == key(str(state)) >> 1 & ~CONTENT


def _is_content(known: int | None, stamp: int) -> bool:
    return known is not None and known & CONTENT == stamp & CONTENT
