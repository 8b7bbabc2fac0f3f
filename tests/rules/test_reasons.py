"""Every reason of a match reads as a sentence, in English and Chinese."""

from typing import get_args

import pytest
from django.utils import translation

from genyin.base.clock import now
from genyin.knowledge.matching import Similar, Why
from genyin.knowledge.reasons import why
from genyin.sift.records import ReasonCode


def hit(*reasons: Why, kind: str = "incident", title: str = "核心交换机重启") -> Similar:
    return Similar(kind, 1, "desk:INC0012345", title, "network", "open", now(), 1.0, reasons, title)


READS = {
    ("term", "", "switch"): ("same words: switch", "相同词：switch"),
    ("identifier", "", "FooException"): ("same names: FooException", "相同名称：FooException"),
    ("letters", "", ""): ("spelled alike", "拼写相近"),
    ("named", "", ""): ("the text mentions INC0012345", "文中提到 INC0012345"),
    ("same_service", "", ""): ("same service", "同一服务"),
    ("same_code", "item", "db-01"): ("same configuration item: db-01", "配置项相同：db-01"),
    ("other_code", "category", ""): ("but different category", "但分类不同"),
    ("age", "", ""): ("long ago", "时间较久"),
    ("linked_incident", "", "desk:A-1"): (
        "its problem caused the similar incident A-1", "其问题引起过相似事件 A-1",
    ),
    ("confirmed", "item+urgency", "37/40"): (
        "confirmed for 37 of 40 with the same configuration item, urgency", "配置项、紧急度相同的 40 起中已确认 37 起",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reason", "said"), READS.items(), ids=[code for code, _field, _detail in READS])
def test_each_reason_reads_naturally(reason: tuple[str, str, str], said: tuple[str, str]) -> None:
    one = Why(*reason, -5.0 if reason[0] == "age" else 1.0)
    for language, expected in zip(("en", "zh-hans"), said, strict=True):
        with translation.override(language):
            assert why(hit(one)) == expected


def test_no_reason_of_the_engine_is_left_out() -> None:
    assert {*get_args(ReasonCode), "linked_incident", "confirmed"} == {code for code, *_rest in READS} | {"other_terms"}


def test_weaker_words_are_told_with_the_strong_ones() -> None:
    words = hit(Why("term", "", "switch", 2.0), Why("other_terms", "", "", 1.0))
    with translation.override("en"):
        assert why(words) == "same words: switch and others"
    with translation.override("zh-hans"):
        assert why(words) == "相同词：switch等"


def test_pairs_of_chinese_are_told_as_the_compared_title_writes_them() -> None:
    pairs = hit(*(Why("term", "", pair, 1.0) for pair in ("核心", "交换", "换机", "重启")))
    with translation.override("zh-hans"):
        assert why(pairs) == "相同词：核心交换机重启"


def test_a_little_age_is_not_worth_a_word() -> None:
    assert why(hit(Why("age", "", "", -1.0))) == ""


def test_a_problem_itself_caused_the_incident_it_was_found_through() -> None:
    with translation.override("en"):
        said = why(hit(Why("linked_incident", "", "desk:A-1", 0.0), kind="problem"))
    assert said == "it caused the similar incident A-1"


def test_stumps_of_words_are_not_told_where_whole_ones_are() -> None:
    mixed = hit(*(Why("term", "", word, 1.0) for word in ("核心", "交换", "换机", "动更", "t")))
    with translation.override("zh-hans"):
        assert why(mixed) == "相同词：核心交换机等"


def test_what_was_confirmed_does_not_speak_against_it_too() -> None:
    both = hit(Why("confirmed", "item+urgency", "3/3", 1.0), Why("other_code", "item", "", -1.0))
    with translation.override("en"):
        assert why(both) == "confirmed for 3 of 3 with the same configuration item, urgency"
