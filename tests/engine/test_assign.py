"""A record that arrives gets the family that the next grouping would give it, nearly always."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.generated import generate
from genyin.sift import means
from genyin.sift.assign import Assigner, Place
from genyin.sift.features import code_counts, masked, units, vectors, word_counts
from genyin.sift.group import ALONE, group
from genyin.sift.measure import adjusted_rand
from genyin.sift.records import Record
from tests.engine.strategies import worlds


def among(records: list[Record], walls: dict[int, int] | None = None) -> Assigner:
    grouping = group(records, walls=walls)
    return Assigner(records, grouping.as_mapping(), next_id=grouping.next_id, walls=walls)


def test_arrivals_get_the_families_that_grouping_all_of_them_gives() -> None:
    records = generate(3_000, seed=77).records
    earlier, later = records[:2_700], records[2_700:]
    assigner, whole = among(earlier), group(records).as_mapping()
    families = group(earlier).as_mapping()
    for record in later:
        place = assigner.add(record)
        families |= {ref: place.family for ref in (record.ref, place.beside) if ref is not None}
    refs = [record.ref for record in later]
    found = np.array([families[ref] for ref in refs])
    assert adjusted_rand(np.array([whole.get(ref, ALONE) for ref in refs]), found) > 0.9


@given(worlds(), st.integers(0, 39))
def test_the_text_of_a_member_leads_to_its_family(records: list[Record], which: int) -> None:
    family = group(records).as_mapping()
    members = [record for record in records if record.ref in family]
    assume(members)
    one = members[which % len(members)]
    again = Record(999, one.title, one.body, one.service, one.codes, 400.0)
    assert among(records).add(again) == Place(family[one.ref], None, 1.0)


@given(worlds(), worlds(most=5))
def test_the_order_of_what_was_grouped_does_not_matter(records: list[Record], later: list[Record]) -> None:
    one, other = among(records), among(records[::-1])
    for record in later:
        arrived = Record(100 + record.ref, record.title, record.body, record.service, record.codes, record.day)
        assert one.add(arrived) == other.add(arrived)


@pytest.mark.parametrize("dirty", [0.0, 0.5])
def test_what_is_left_out_for_speed_changes_no_place(dirty: float, monkeypatch: pytest.MonkeyPatch) -> None:
    records = generate(4_000, seed=78, dirty=dirty).records
    quick = [*map(among(records[:3_000]).add, records[3_000:])]
    monkeypatch.setattr(means, "_LEFT_OUT", 0.0)
    assert [*map(among(records[:3_000]).add, records[3_000:])] == quick


@given(worlds(), worlds(most=3), st.sampled_from([0.0, 0.2, 0.5, 1.0]))
def test_no_group_scores_more_than_its_rarest_words_and_the_bound_of_the_others(
    records: list[Record], later: list[Record], left_out: float
) -> None:
    texts = [masked(record) for record in records]
    found = units(records, texts)
    n, groups = len(found.sizes), np.arange(len(found.sizes))
    held = means.Means(vectors(found, records, texts, coded_part=0.4), groups, np.ones(n), n, coded_part=0.4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(means, "_LEFT_OUT", left_out)
        for record in later:
            row = held.weigh(word_counts(record, masked(record)), code_counts(record))
            nearly, bound = held.nearly(row)
            exactly = held.sums_of(groups, row.words) + held.sums_of(groups, row.codes)
            assert np.all(nearly <= exactly + 1e-6)
            assert np.all(exactly <= nearly + bound + 1e-6)


@pytest.mark.parametrize("earlier", [[], [Record(n, service=1, codes=(("item", f"x{n}"),)) for n in range(1, 6)]])
def test_the_first_text_of_all_is_compared_by_its_words(earlier: list[Record]) -> None:
    """What records without codes share has a column of its own."""
    assigner = Assigner(earlier, {}, next_id=1, walls={9: 1, 1: 2})
    for ref, title, service in ((101, "printer jammed", 9), (102, "invoice lost", 1), (103, "jammed gate", 1)):
        assert assigner.add(Record(ref, title, service=service)) == Place(ALONE, None, 0.0)


def test_two_alike_that_were_alone_make_a_new_family_and_a_third_joins_it() -> None:
    assigner = among([Record(1, "disk full on srv-01", service=1), Record(2, "login fails after upgrade", service=1)])
    assert assigner.add(Record(3, "upgrade: login fails", service=1)).beside == 2
    third = assigner.add(Record(4, "login fails since the upgrade", service=1))
    assert third.family != ALONE
    assert third.beside is None
    assert assigner.add(Record(5, "coffee machine leaks", service=9)) == Place(ALONE, None, 0.0)


def test_a_family_that_was_ruled_out_is_not_joined() -> None:
    records = [Record(n, "disk full on srv-01", service=1) for n in (1, 2)]
    [family] = group(records).families
    assert among(records).add(Record(3, "disk full on srv-09", service=1)).family == family.id
    assert among(records).add(Record(3, "disk full on srv-09", service=1), besides=[family.id]).family == ALONE


def test_no_wall_is_crossed() -> None:
    assigner = among([Record(n, "payment gateway timeout", service=1) for n in (1, 2)], walls={1: 1, 2: 2})
    assert assigner.add(Record(3, "payment gateway timeout", service=2)).family == ALONE
    assert assigner.add(Record(4, "timeout of the payment gateway", service=1)).family != ALONE


def test_coded_fields_are_compared_where_there_is_no_text() -> None:
    vpn = (("category", "Network"), ("subcategory", "VPN"), ("symptom", "no connection"))
    assigner = among([Record(n, codes=vpn, service=1) for n in (1, 2)])
    assert assigner.add(Record(3, codes=vpn, service=-1)).family != ALONE
    assert assigner.add(Record(4, codes=(*vpn[:1], ("subcategory", "LAN")), service=1)).family == ALONE


def test_a_record_whose_family_is_known_is_kept_there() -> None:
    records = [Record(n, "disk full on srv-01", service=1) for n in (1, 2)]
    [family] = group(records).families
    assigner = among(records)
    assigner.keep(Record(3, "printer jams in tray two", service=1), family.id)
    assigner.keep(Record(4, "login fails after upgrade", service=1), ALONE)
    assert assigner.add(Record(5, "printer jams in tray two", service=1)).family == family.id
    assert assigner.add(Record(6, "after upgrade login fails", service=1)).beside == 4
