"""However the rows of an index are split and merged, everything comes out the same."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from genyin.sift.candidates import A_ROW, Limits
from genyin.sift.index import Index
from genyin.sift.parts import Located, Parts
from genyin.sift.records import NO_SERVICE, Record
from genyin.sift.segment import Segment, Tail, gathered, merged_pieces, to_merge
from genyin.sift.table import Found, Layout, Table, merged
from genyin.sift.weights import Weights
from tests.engine import reference
from tests.engine.strategies import WORDS, codes, services, titles, worlds

YOUNG = 5
TIGHT = Limits(read=6, shortlist=3)
ROW_BY_ROW = Limits(read=2, shortlist=3, row=1)
QUERY = st.builds(Record, st.just(0), titles, titles, services, codes, st.just(50.0))
#: After how many rows a part ends; which of the parts become one, counted from the last.
SPLITS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4)), max_size=8)


def split(records: Sequence[Record], plan: Sequence[tuple[int, int]], limits: Limits) -> Index:
    index = Index(limits=limits, young=YOUNG)
    index.seals_itself = False
    at = 0
    for many, together in plan:
        index.extend(records[at : at + many])
        at += many
        if index.may_seal:
            index.rotate()
            seal_and_merge(index, together)
    index.extend(records[at:])
    return index


def seal_and_merge(index: Index, many: int) -> None:
    tail = index.parts()[-1]
    assert isinstance(tail, Tail)
    index.replace([tail], tail.sealed())
    last = [part for part in index.parts()[-many:] if isinstance(part, Segment)]
    index.replace(last, Segment.of(gathered(merged_pieces(last))))


def whole(records: Sequence[Record], limits: Limits) -> Index:
    index = Index(limits=limits, young=YOUNG)
    index.seals_itself = False
    index.extend(records)
    return index


@settings(max_examples=40)
@given(worlds(), QUERY, SPLITS)
def test_scores_are_those_of_the_reference_on_any_number_of_segments(
    records: list[Record], query: Record, plan: list[tuple[int, int]]
) -> None:
    found = split(records, plan, Limits()).scores(query).total
    assert found == pytest.approx(
        reference.scores(records, query, Weights(), young=YOUNG), rel=1e-5, abs=1e-5
    )  # rows are kept in single precision
    assert found.tolist() == whole(records, Limits()).scores(query).total.tolist()


@pytest.mark.parametrize("limits", [Limits(), TIGHT, ROW_BY_ROW])
@settings(max_examples=30)
@given(worlds(), QUERY, SPLITS, st.none() | st.sets(services), st.integers(1, 12))
def test_matches_are_the_same_on_any_number_of_segments_also_where_not_all_are_scored(
    limits: Limits, records: list[Record], query: Record, plan: list[tuple[int, int]], allowed: set[int] | None, k: int
) -> None:
    found = split(records, plan, limits).match(query, k=k, allowed=allowed)
    assert found == whole(records, limits).match(query, k=k, allowed=allowed)


@pytest.mark.parametrize("row", [1, A_ROW])
@settings(max_examples=25)
@given(worlds(), QUERY, st.sets(services), st.integers(1, 5))
def test_whoever_may_see_little_still_finds_all_of_it(
    row: int, records: list[Record], query: Record, allowed: set[int], k: int
) -> None:
    """What others hold in common with the query fills no budget of this asker."""
    tight = whole(records, Limits(read=2, shortlist=40, row=row)).match(query, k=k, allowed=allowed)
    assert tight == whole(records, Limits()).match(query, k=k, allowed=allowed)


def test_for_whoever_may_see_little_not_all_that_others_have_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their few rows are read instead, once that is less."""
    read, holding = list[int](), Parts.holding

    def counted(parts: Parts, located: Located, newest: NDArray[np.int64]) -> Found:
        read.append(int(newest.sum()))
        return holding(parts, located, newest)

    common = " ".join(WORDS)
    index = whole([Record(n, common, service=1 if n % 90 == 7 else 2) for n in range(400)], Limits(read=8))
    monkeypatch.setattr(Parts, "holding", counted)
    found = index.match(Record(-1, common), k=20, allowed=[1])
    assert sorted(one.ref for one in found) == [7, 97, 187, 277, 367]
    assert sum(read) < 100  # of more than 4,000


@settings(max_examples=30)
@given(worlds(), st.lists(st.integers(1, 40), max_size=5), SPLITS)
def test_what_was_retired_or_added_again_stays_so_through_every_merge(
    records: list[Record], gone: list[int], plan: list[tuple[int, int]]
) -> None:
    index = split(records, plan, Limits())
    for ref in gone:
        index.retire(ref)
    index.add(Record(3, "mail delayed"))
    query = Record(0, " ".join((*WORDS, "mail")), codes=(("ci", "a"), ("ci", "b"), ("category", "c")))
    found = {one.ref for one in index.match(query, k=100)}
    assert not found & (set(gone) - {3})
    assert 3 in found
    assert [one.ref for one in index.match(Record(0, "mail"))] == [3]
    assert len(index) == len({record.ref for record in records} - set(gone) | {3})


def test_of_records_that_came_together_under_one_number_the_last_is_returned() -> None:
    index = Index()
    index.extend([Record(1, "printer on fire"), Record(2, "login fails"), Record(1, "mail delayed")])
    assert (len(index), 1 in index, 3 in index) == (2, True, False)
    assert index.match(Record(0, "printer fire")) == []
    assert [one.ref for one in index.match(Record(0, "mail"))] == [1]


@pytest.mark.parametrize(
    ("sizes", "merged"), [([], 1), ([8], 1), ([8, 2], 1), ([8, 3], 2), ([16, 2, 2], 2), ([8, 2, 2], 3), ([4, 4, 1], 1)]
)
def test_parts_are_merged_into_those_that_are_not_four_times_as_large(sizes: list[int], merged: int) -> None:
    assert to_merge(sizes) == merged


def test_an_index_in_memory_keeps_few_segments() -> None:
    index = Index(tail_rows=8, young=YOUNG)
    index.extend([Record(n, f"{WORDS[n % 7]} {WORDS[n % 5]}", day=float(n)) for n in range(500)])
    assert sum(part.n for part in index.parts()) >= 492
    assert len(index.parts()) <= 6
    assert len(index.match(Record(-1, "disk full"), k=500)) > 100


@pytest.mark.parametrize("silent", ["text", "codes", "both"])
@settings(max_examples=10)
@given(worlds(), QUERY)
def test_rows_that_all_lack_the_same_merge_again_and_again(silent: str, records: list[Record], query: Record) -> None:
    """What has no text has no entry at all in some views."""
    muted = [_muted(record, silent) for record in records]
    index = split(muted, [(5, 1), (5, 2), (5, 3), (5, 2)], Limits())
    assert index.match(query, k=9) == whole(muted, Limits()).match(query, k=9)


def _muted(record: Record, silent: str) -> Record:
    if silent != "codes":
        record = replace(record, title="", body="")
    return record if silent == "text" else replace(record, codes=(), service=NO_SERVICE)


def test_a_merged_table_may_have_more_entries_than_32_bits_count() -> None:
    """Two million long Chinese texts do. Nothing is allocated here: all entries of a part are the same one."""
    sizes, layout = (1_500_000_000, 1_000_000_000), Layout(by_row=True, by_term=False)
    pieces = merged([Table(1, _one_row_of(size), layout) for size in sizes])
    indptr = [piece for name, piece in takewhile(lambda told: told[0] != "columns", pieces) if name == "indptr"]
    assert np.concatenate(indptr).tolist() == [0, 1_500_000_000, 2_500_000_000]


def test_a_sealed_table_counts_its_entries_as_a_merged_one_does() -> None:
    index = whole([Record(n, "disk full") for n in range(9)], Limits())
    index.rotate()
    seal_and_merge(index, 1)
    (part,) = index.parts()
    assert isinstance(part, Segment)
    again = gathered(merged_pieces([part, part]))
    assert {name: array.dtype for name, array in part.pieces()} == {name: array.dtype for name, array in again.items()}
    assert again["terms.indptr"].dtype == np.int64


def _one_row_of(entries: int) -> dict[str, NDArray[Any]]:
    return {
        "terms": np.array([7], dtype=np.uint64),
        "start": np.array([0, entries]),
        "indptr": np.array([0, entries]),
        "columns": np.broadcast_to(np.int32(0), (entries,)),
        "weights": np.broadcast_to(np.float32(1), (entries,)),
    }
