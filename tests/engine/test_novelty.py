"""The first of its kind: unlike everything before, by a rate that was chosen; never what was there already."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift import novelty
from genyin.sift.index import Index
from genyin.sift.novelty import Settings, judge
from genyin.sift.records import Match, Record

USUAL = [0.5 + 0.001 * n for n in range(300)]


def like(index: Index, record: Record, held: dict[int, Record]) -> float:
    asked = novelty.asked(record)
    return novelty.likeness(asked, [(match, held[match.ref]) for match in index.match(asked)])


def indexed(*titles: str) -> tuple[Index, dict[int, Record]]:
    index, held = Index(), {ref: Record(ref, title) for ref, title in enumerate(titles, start=1)}
    for record in held.values():
        index.add(record)
    return index, held


def test_what_is_less_alike_than_anything_before_is_the_first_of_its_kind() -> None:
    verdict = judge(0.1, USUAL, of="latin", compared=1000)
    assert verdict.code == "first"
    assert verdict.p == pytest.approx(1 / 301)


def test_what_is_as_alike_as_usual_is_known() -> None:
    assert judge(0.6, USUAL, of="latin", compared=1000).code == "known"


def test_where_everything_is_well_known_the_least_known_is_not_new() -> None:
    assert judge(0.45, USUAL, of="latin", compared=1000).code == "known"


@pytest.mark.parametrize(("past", "compared"), [(USUAL[:199], 1000), (USUAL, 499), ([], 0)])
def test_a_short_history_says_nothing(past: list[float], compared: int) -> None:
    verdict = judge(0.0, past, of="latin", compared=compared)
    assert verdict.code == "too_little"
    assert math.isnan(verdict.p)


def test_a_record_that_says_nothing_is_not_judged() -> None:
    silent = novelty.asked(Record(1, "10.0.0.1 12:30:05"))
    assert novelty.kind(silent) == "nothing"
    assert judge(0.0, USUAL, of="nothing", compared=1000).code == "too_little"


@given(st.lists(st.floats(0, 1), min_size=20, max_size=60), st.floats(0.02, 0.5), st.integers(0, 2**31))
def test_no_more_than_the_chosen_rate_is_flagged_whatever_the_likenesses(
    drawn: list[float], rate: float, seed: int
) -> None:
    """Each of n + 1 exchangeable likenesses in turn is the new one: at most the share `rate` of them has such a p."""
    chosen = Settings(rate=rate, ceiling=1.0, judged=20)
    shuffled = np.random.default_rng(seed).permutation(drawn).tolist()
    shuffled += shuffled[:1]
    verdicts = [
        judge(one, [*shuffled[:at], *shuffled[at + 1 :]], of="latin", compared=500, settings=chosen).code
        for at, one in enumerate(shuffled)
    ]
    assert verdicts.count("first") <= rate * len(verdicts) + 1e-9


def test_numbers_hosts_and_times_never_seen_before_make_nothing_new() -> None:
    index, held = indexed("03:12:44 srv-0042 disk usage 93% on /var", "Printer prints empty labels")
    assert like(index, Record(9, "17:55:01 srv-7777 disk usage 99% on /var"), held) == 1.0
    assert like(index, Record(9, "Badge reader lost its clock"), held) == 0.0


def test_coded_fields_stand_for_the_words_where_there_are_none() -> None:
    codes = (("category", "network"), ("symptom", "slow"))
    held = {1: Record(1, codes=codes), 2: Record(2, codes=(("category", "printing"), ("symptom", "down")))}
    index = Index()
    for record in held.values():
        index.add(record)
    assert novelty.kind(Record(3, codes=codes)) == "codes"
    assert like(index, Record(3, codes=codes), held) == pytest.approx(1.0)
    assert like(index, Record(3, codes=(("category", "badge"), ("symptom", "lost"))), held) == 0.0


def test_scripts_are_judged_apart() -> None:
    assert novelty.kind(Record(1, "网络中断,HIS 无法登录")) == "cjk"
    assert novelty.kind(Record(1, "VPN 断开 again after the upgrade of the gateway")) == "latin"


def test_the_words_that_no_record_before_had_are_named_as_they_are_written() -> None:
    index, _held = indexed("Core switch restarts", "Label printer prints empty labels")
    record = novelty.asked(Record(9, "Badge switch restarted in Kiosks"))
    seen = novelty.unseen(record, lambda alone: bool(index.match(alone, k=1)))
    assert set(seen) == {"badge", "kiosks"}
    coded = Record(9, codes=(("category", "badge"),))
    assert novelty.unseen(coded, lambda alone: bool(index.match(alone, k=1))) == ("category: badge",)


@given(st.floats(0, 1.2), st.floats(0, 1))
def test_a_likeness_lies_between_nothing_and_the_same(text: float, codes: float) -> None:
    match = Match(1, 1.0, text, codes, ())
    assert 0 <= novelty.likeness(Record(2, "disk full"), [(match, Record(1, "disk broken"))]) <= 1
    assert novelty.likeness(Record(2, "disk full"), []) == 0
