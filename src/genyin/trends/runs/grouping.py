"""Groups the incidents, keeping to what people decided and to the numbers families have."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from genyin.sift.group import ALONE, Grouping, group
from genyin.sift.neighbours import Spread, here
from genyin.sift.records import Record
from genyin.trends.runs import decided, families, placing


def grouped(records: Sequence[Record], spread: Spread = here) -> Grouping:
    """Families of the incidents, in the order of `records`.

    An incident of which somebody said "not of this family" is grouped apart, with others of the kind: alike as it
    is to the family, it would otherwise draw the family's next incidents to itself.
    """
    same, apart, strangers = decided.pairs()
    before, walls = families.previous(), placing.walls()
    main = group(
        [record for record in records if record.ref not in strangers],
        previous={ref: number for ref, number in before.items() if ref not in strangers},
        next_id=families.next_number(),
        must_link=same,
        cannot_link=apart,
        walls=walls,
        spread=spread,
    )
    left = [record for record in records if record.ref in strangers]
    if not left:
        return main
    taken = {family.id for family in main.families}
    theirs = {ref: number for ref, number in before.items() if ref in strangers and number not in taken}
    return _together(records, main, group(left, previous=theirs, next_id=main.next_id, walls=walls))


def _together(records: Sequence[Record], main: Grouping, beside: Grouping) -> Grouping:
    found = {**main.as_mapping(), **beside.as_mapping()}
    listed = sorted((*main.families, *beside.families), key=lambda family: (-len(family.refs), family.refs[0]))
    return replace(
        beside,
        refs=np.array([record.ref for record in records], dtype=np.int64),
        family=np.array([found.get(record.ref, ALONE) for record in records], dtype=np.int64),
        families=tuple(listed),
    )
