"""Families: found, kept from run to run, and never against what a person decided."""

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.generated import generate
from genyin.sift.describe import describe
from genyin.sift.group import ALONE, Settings, carry_over, group
from genyin.sift.links import ContradictoryLinksError, contradictions
from genyin.sift.measure import pairwise
from genyin.sift.records import Record
from tests.engine.strategies import worlds

links = st.lists(st.tuples(st.integers(1, 45), st.integers(1, 45)).filter(lambda pair: pair[0] != pair[1]), max_size=6)


@given(worlds(), worlds(most=10), links, links)
def test_what_people_decided_survives_every_regrouping(
    records: list[Record], later: list[Record], must: list[tuple[int, int]], cannot: list[tuple[int, int]]
) -> None:
    assume(not contradictions(must, cannot))
    first = group(records, must_link=must, cannot_link=cannot)
    grown = records + [Record(100 + r.ref, r.title, r.body, r.service, r.codes, r.day) for r in later]
    second = group(grown, previous=first.as_mapping(), next_id=first.next_id, must_link=must, cannot_link=cannot)
    for grouping in (first, second):
        family = dict(zip(grouping.refs.tolist(), grouping.family.tolist(), strict=True))
        for a, b in must:
            if a in family and b in family:
                assert family[a] == family[b] != ALONE
        for a, b in cannot:
            if a in family and b in family:
                assert family[a] == ALONE or family[a] != family[b]


@given(worlds(), st.randoms(use_true_random=False), links, links)
def test_the_order_of_the_records_does_not_matter(
    records: list[Record], chance: object, must: list[tuple[int, int]], cannot: list[tuple[int, int]]
) -> None:
    assume(not contradictions(must, cannot))
    shuffled = list(records)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = group(records, must_link=must, cannot_link=cannot)
    assert group(shuffled, must_link=must, cannot_link=cannot).as_mapping() == expected.as_mapping()


@given(worlds())
def test_grouping_again_changes_nothing(records: list[Record]) -> None:
    first = group(records, next_id=17)
    again = group(records, previous=first.as_mapping(), next_id=first.next_id)
    assert again.family.tolist() == first.family.tolist()
    assert again.families == first.families


@given(worlds())
def test_a_family_has_two_members_or_more_and_stays_behind_its_wall(records: list[Record]) -> None:
    walls = {0: 7, 1: 7, 2: 8}
    grouping = group(records, walls=walls)
    by_ref = {record.ref: record for record in records}
    assert Counter(grouping.as_mapping().values()) == {family.id: len(family.refs) for family in grouping.families}
    for family in grouping.families:
        assert len(family.refs) >= 2
        assert len({walls.get(by_ref[ref].service) for ref in family.refs}) == 1


@given(
    st.lists(st.lists(st.integers(1, 60), min_size=2, unique=True), max_size=6),
    st.dictionaries(st.integers(1, 60), st.integers(1, 8), max_size=40),
)
def test_numbers_are_carried_over_by_largest_overlap(groups: list[list[int]], previous: dict[int, int]) -> None:
    seen: set[int] = set()
    members = [[ref for ref in refs if ref not in seen and not seen.add(ref)] for refs in groups]  # type: ignore[func-returns-value]
    numbers = carry_over(members, previous, next_id=5)
    assert len(set(numbers)) == len(numbers)
    overlap = Counter((place, previous[ref]) for place, refs in enumerate(members) for ref in refs if ref in previous)
    for (place, old), shared in overlap.items():
        # An old number goes elsewhere only to an overlap as large, or because this group has one as large.
        elsewhere = overlap[numbers.index(old), old] if old in numbers else 0
        assert max(overlap[place, numbers[place]], elsewhere) >= shared
    fresh = [number for place, number in enumerate(numbers) if not overlap[place, number]]
    assert all(number > max(previous.values(), default=4) for number in fresh)


def test_a_family_that_grows_keeps_its_number_and_one_that_is_new_gets_an_unused_one() -> None:
    old = [Record(n, f"disk full on srv-{n:02d}", service=1) for n in range(1, 5)]
    first = group(old, next_id=40)
    assert set(first.as_mapping().values()) == {40}
    new = [Record(n, "login page shows ORA-00600", service=1) for n in range(10, 20)]
    second = group([*old, Record(5, "disk full on srv-77", service=1), *new], previous=first.as_mapping())
    family = second.as_mapping()
    assert [family[n] for n in range(1, 6)] == [40] * 5
    assert {family[n] for n in range(10, 20)} == {41}
    assert second.next_id == 42


def test_texts_that_differ_in_machine_parts_only_are_one_family() -> None:
    records = [
        Record(1, "10:22:33 主机web01 磁盘使用率95%", service=2),
        Record(2, "23:01:07 主机web07 磁盘使用率91%", service=2),
        Record(3, "ORA-00600 in job", service=2),
        Record(4, "ORA-04031 in job", service=2),
    ]
    family = group(records, settings=Settings(both=0.9, spoken=0.9)).family.tolist()
    assert family[0] == family[1] != ALONE
    assert family[2:] == [ALONE, ALONE]


def test_not_the_same_holds_even_for_equal_texts() -> None:
    records = [Record(n, "disk full", service=1) for n in (1, 2, 3, 4)]
    family = group(records, cannot_link=[(1, 3)]).as_mapping()
    assert family[1] == family[2] == family[4]
    assert 3 not in family


def test_contradicting_decisions_are_refused_by_name() -> None:
    records = [Record(n, "disk full") for n in (1, 2, 3)]
    with pytest.raises(ContradictoryLinksError, match="1 and 3"):
        group(records, must_link=[(1, 2), (2, 3)], cannot_link=[(1, 3)])


def test_a_number_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same number"):
        group([Record(1, "a"), Record(1, "b")])


def test_records_with_coded_fields_only_are_grouped_on_them() -> None:
    vpn = (("category", "Network"), ("subcategory", "VPN"), ("symptom", "no connection"))
    mail = (("category", "Mail"), ("subcategory", "Outlook"), ("symptom", "crash"))
    records = [Record(n, codes=vpn if n % 2 else mail) for n in range(1, 9)] + [Record(9)]
    grouping = group(records)
    family = grouping.as_mapping()
    assert len(grouping.families) == 2
    assert {family[n] for n in (1, 3, 5, 7)} != {family[n] for n in (2, 4, 6, 8)}
    assert 9 not in family
    assert {(c.field, c.value, c.share) for f in grouping.families for c in f.common.codes} == {
        (field, value, 1.0) for field, value in (*vpn, *mail)
    }


def test_a_shared_component_alone_makes_no_family() -> None:
    records = [
        Record(1, "build fails on windows", codes=(("component", "fs"),)),
        Record(2, "permission of symlinks ignored", codes=(("component", "fs"),)),
    ]
    assert group(records).family.tolist() == [ALONE, ALONE]


def test_a_family_says_what_its_members_share_in_whole_words() -> None:
    titles = ["核心交换机网络中断", "网络中断,用户无法上网", "分公司网络中断", "outlook网络中断"]
    [family] = group([Record(n, title, service=1) for n, title in enumerate(titles)]).families
    assert family.common.terms == ("网络中断",)


def test_chinese_words_are_joined_across_others_that_stand_between() -> None:
    members = [Record(n, f"{who}打印偏移,腕带更换后打印偏移") for n, who in enumerate(["甲", "乙", "丙"])]
    assert "打印偏移" in describe(members).terms


def test_grammar_is_no_term_and_ends_a_word() -> None:
    members = [Record(n, f"{who}发往外部域名的邮件退回了") for n, who in enumerate(["甲", "乙", "丙"])]
    assert describe(members).terms == ("发往外部域名", "邮件退回")


def test_a_chinese_word_is_told_to_its_end_and_no_part_of_it_again() -> None:
    members = [Record(n, f"{who}添加打印机报错,共享打印机脱机") for n, who in enumerate(["甲", "乙", "丙"])]
    assert describe(members).terms == ("添加打印机报错", "共享打印机脱机")
    assert describe([Record(n, "can't print") for n in range(3)]).terms == ("print",)


def test_terms_come_from_the_members_that_are_given() -> None:
    members = [Record(1, "disk full alpha"), Record(2, "disk full alpha"), Record(3, "disk full secret")]
    assert "secret" not in describe(members[:2]).terms
    assert describe(members[:2]).terms == ("disk", "full", "alpha")
    assert describe([]).terms == ()


def test_no_records_are_no_families() -> None:
    assert group([]).families == ()


def test_a_large_family_of_different_texts_is_not_hidden() -> None:
    others = [Record(r.ref, r.title, r.body, 1, (), r.day) for r in generate(500, seed=11).records]
    large = [
        Record(1_000 + n, f"payment gateway timeout order variant{n} case{n // 2}x", service=1) for n in range(1_500)
    ]
    family = group([*others, *large]).as_mapping()
    biggest = Counter(family.get(record.ref, ALONE) for record in large).most_common(1)[0]
    assert biggest[0] != ALONE
    assert biggest[1] >= 0.9 * len(large)


def test_generated_families_are_found_again() -> None:
    made = generate(2_000, seed=20_260)
    precision, recall, f1 = pairwise(made.family, group(made.records).family)
    assert precision > 0.9
    assert recall > 0.9
    assert f1 > 0.92


def test_one_fault_told_of_two_services_or_of_none_is_one_family() -> None:
    told = [("payment gateway timeout on order page", 1), ("order page timeout, payment gateway", 2),
            ("payment gateway order timeout", -1), ("timeout of payment gateway on order page", 1)]  # fmt: skip
    records = [Record(n, title, service=service) for n, (title, service) in enumerate(told)]
    assert len(set(group(records).family.tolist())) == 1
    kept = group(records, walls={1: 1, 2: 2}).as_mapping()
    assert kept[0] == kept[3]
    assert 1 not in kept


def test_a_merge_by_hand_keeps_both_whole_and_leaves_every_other_family_as_it_was() -> None:
    records = generate(4_000, seed=91).records
    before = group(records)
    one, other = before.families[3], before.families[8]
    ties = [(one.refs[0], ref) for ref in (*one.refs[1:], *other.refs)]
    after = group(records, previous=before.as_mapping(), next_id=before.next_id, must_link=ties)
    held = {family.id: set(family.refs) for family in after.families}
    assert held[one.id] >= {*one.refs, *other.refs}
    changed = [family.id for family in before.families if held.get(family.id) != set(family.refs)]
    assert set(changed) <= {one.id, other.id}


def test_what_arrives_changes_few_families() -> None:
    """However few records come, which ones are compared must not be drawn anew for all."""
    records = generate(4_000, seed=92).records
    before, after = group(records[:-1]), group(records)
    kept = {family.refs for family in after.families}
    assert sum(family.refs not in kept for family in before.families) <= 3
