"""The index against a plain reference, and what it must never return."""

import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genyin.sift.channel import Floats, Told
from genyin.sift.growing import milestone
from genyin.sift.index import Index
from genyin.sift.match import match, match_sets
from genyin.sift.records import Record
from genyin.sift.weights import Weights
from tests.engine import reference
from tests.engine.strategies import WORDS, codes, services, titles, worlds

QUERY = st.builds(Record, st.just(0), titles, titles, services, codes, st.just(50.0))


def filled(records: list[Record], weights: Weights | None = None) -> Index:
    index = Index(weights)
    index.extend(records)
    return index


@settings(max_examples=50)
@given(worlds(), QUERY)
def test_scores_equal_those_of_the_plain_reference(records: list[Record], query: Record) -> None:
    found = filled(records).scores(query).total
    assert found == pytest.approx(
        reference.scores(records, query, Weights()), rel=1e-5, abs=1e-5
    )  # rows are kept in single precision


@settings(max_examples=20)
@given(worlds(), QUERY, st.integers(0, 40))
def test_records_added_one_by_one_and_asked_for_in_between_score_as_those_added_together(
    records: list[Record], query: Record, at: int
) -> None:
    asked_often = Index()
    for place, record in enumerate(records):
        if place >= at:
            asked_often.match(query)
        asked_often.add(record)
    assert asked_often.scores(query).total.tolist() == filled(records).scores(query).total.tolist()


def test_scores_equal_the_reference_across_several_milestones() -> None:
    chance = random.Random(7)
    records = [Record(n, " ".join(chance.choices(WORDS, k=4)), day=float(n)) for n in range(333)]
    query = Record(-5, "disk full 登录失败 unheard", day=400.0)
    index = Index()
    for n, record in enumerate(records, start=1):
        index.add(record)
        if n in (63, 64, 65, 71, 72, 73, 200, 333):
            expected = reference.scores(records[:n], query, Weights())
            assert index.scores(query).total == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert milestone(333) < 333


@given(worlds(), QUERY)
def test_the_reasons_of_a_match_add_up_to_its_score(records: list[Record], query: Record) -> None:
    for one in filled(records).match(query):
        assert sum(reason.value for reason in one.reasons) == pytest.approx(one.score, abs=1e-9)
        assert any(reason.code in ("term", "same_code") for reason in one.reasons)


@given(worlds(), QUERY, st.sets(services), st.integers(0, 100))
def test_only_visible_and_earlier_records_are_returned_best_first(
    records: list[Record], query: Record, allowed: set[int], before: int
) -> None:
    found = filled(records).match(query, k=100, before=before, allowed=allowed)
    by_ref = {record.ref: record for record in records}
    assert all(by_ref[one.ref].service in allowed and by_ref[one.ref].day < before for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@given(worlds(), QUERY, st.sets(services), st.integers(1, 5))
def test_invisible_records_take_no_place_in_the_list(
    records: list[Record], query: Record, allowed: set[int], k: int
) -> None:
    index = filled(records)
    everything = index.match(query, k=100)
    services_of = {record.ref: record.service for record in records}
    expected = [one.ref for one in everything if services_of[one.ref] in allowed][:k]
    assert [one.ref for one in index.match(query, k=k, allowed=allowed)] == expected


@given(worlds(), st.integers(1, 40))
def test_a_retired_record_is_never_returned(records: list[Record], ref: int) -> None:
    index = filled(records)
    index.retire(ref)
    query = Record(0, " ".join(WORDS), codes=(("ci", "a"), ("ci", "b"), ("category", "c")))
    assert ref not in {one.ref for one in index.match(query, k=100)}


def test_a_record_added_again_is_found_by_its_new_text_only() -> None:
    index = filled([Record(1, "printer on fire"), Record(2, "login fails")])
    index.add(Record(1, "mail delayed"))
    assert len(index) == 2
    assert index.match(Record(0, "printer fire")) == []
    assert [one.ref for one in index.match(Record(0, "mail"))] == [1]


def test_the_query_does_not_find_itself() -> None:
    index = filled([Record(1, "disk full"), Record(2, "disk full")])
    assert [one.ref for one in index.match(Record(1, "disk full"))] == [2]


def test_terms_are_shown_as_the_query_writes_them() -> None:
    [found] = filled([Record(1, "replication failed")]).match(Record(0, "Replicating fails"))
    assert {reason.detail for reason in found.reasons if reason.code == "term"} == {"replicating", "fails"}


def test_records_without_text_are_matched_by_their_codes() -> None:
    records = [Record(1, codes=(("ci", "a"), ("category", "x"))), Record(2, codes=(("ci", "b"), ("category", "x")))]
    found = filled(records).match(Record(0, codes=(("ci", "a"), ("category", "x")), day=30.0))
    assert [one.ref for one in found] == [1, 2]
    assert {(reason.field, reason.detail) for reason in found[0].reasons if reason.code == "same_code"} == {
        ("ci", "a"),
        ("category", "x"),
    }


def test_what_the_query_names_comes_first_and_says_so() -> None:
    index = filled([Record(1, "disk full", name="INC0001"), Record(2, "disk full", name="INC0002")])
    found = index.match(Record(0, "disk full again, see inc0001"))
    assert found[0].ref == 1
    assert "named" in {reason.code for reason in found[0].reasons}
    assert "named" not in {reason.code for reason in found[1].reasons}


def test_a_typo_and_a_compound_are_found_by_their_letters() -> None:
    index = filled([Record(1, "mail delivery: replikation is late"), Record(2, "mail delivery: printing is late")])
    found = index.match(Record(0, "mail delivery: replication is late"))
    assert [one.ref for one in found] == [1, 2]
    assert found[0].score - found[1].score > 1


def test_other_values_of_a_coded_field_count_against_a_record() -> None:
    records = [Record(n, "disk full", codes=(("ci", ci),)) for n, ci in enumerate(("a", "b"), start=1)]
    mine, other = filled(records).match(Record(0, "disk full", codes=(("ci", "a"),)))
    assert (mine.ref, other.ref) == (1, 2)
    assert [(reason.code, reason.field) for reason in other.reasons if reason.value < 0] == [("other_code", "ci")]


def test_chinese_is_found_by_chinese() -> None:
    index = filled([Record(1, "核心交换机网络中断"), Record(2, "打印机卡纸")])
    assert [one.ref for one in index.match(Record(0, "网络中断"))] == [1]


def test_an_empty_index_and_an_empty_query_answer_nothing() -> None:
    assert Index().match(Record(0, "disk")) == []
    assert filled([Record(1, "disk")]).match(Record(0, "")) == []


@settings(max_examples=30)
@given(worlds(), QUERY, st.dictionaries(st.integers(1, 40), st.integers(1001, 1004)))
def test_a_set_is_as_like_as_its_best_member(records: list[Record], query: Record, sets: dict[int, int]) -> None:
    index = filled(records)
    best: dict[int, float] = {}
    for one in index.match(query, k=100):
        name = sets.get(one.ref, one.ref)
        best[name] = max(best.get(name, -math.inf), one.score)
    found = match_sets(index, query, sets, k=3)
    assert [one.score for _, one in found] == sorted(best.values(), reverse=True)[:3]
    assert all(best[name] == one.score for name, one in found)


@given(worlds(), QUERY)
def test_matching_without_an_index_gives_the_same(records: list[Record], query: Record) -> None:
    assert match(records, query, k=5) == filled(records).match(query, k=5)


@settings(max_examples=15)
@given(worlds(), st.sets(st.integers(1, 40)))
def test_another_stamp_changes_nothing_but_what_is_told_of_the_state(records: list[Record], refs: set[int]) -> None:
    index = filled(records)
    before = index.match(Record(0, " ".join(WORDS)), k=50)
    index.stamp({ref: 7 * ref for ref in refs})
    numbers, stamps = index.held()
    assert stamps.tolist() == [7 * ref * (ref in refs) for ref in numbers.tolist()]
    assert index.match(Record(0, " ".join(WORDS)), k=50) == before
    assert index.rows == len(records)


def test_few_records_are_taken_apart_before_they_become_rows() -> None:
    index = Index()

    def coming() -> Iterator[Record]:
        for at in range(1_000):
            assert at - index.rows < 200
            yield Record(at, f"printer {at} on fire")

    index.extend(coming())
    assert len(index) == 1_000


def test_however_many_rows_are_weighed_anew_few_are_held_apart_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    many = weighed_together(monkeypatch)
    filled([Record(at, f"printer {at} on fire") for at in range(1_100)])
    assert max(many) < 300


def test_rows_beyond_a_full_tail_that_others_will_seal_are_added_together(monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(tail_rows=8, young=4)
    index.seals_itself = False
    index.extend([Record(at, f"printer {at} on fire") for at in range(12)])
    many = weighed_together(monkeypatch)
    index.extend([Record(at, f"printer {at} on fire") for at in range(12, 112)])
    assert set(many) == {100}


def weighed_together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each weighing is of, from now on."""
    many, lengths = list[int](), Told.lengths

    def counted(told: Told, groups: int) -> Floats:
        many.append(told.n)
        return lengths(told, groups)

    monkeypatch.setattr(Told, "lengths", counted)
    return many
