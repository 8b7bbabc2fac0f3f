"""Chinese and English find each other where the glossary knows both."""

import pytest

from genyin.sift.glossary import glossary, translated
from genyin.sift.index import Index
from genyin.sift.records import Record
from genyin.sift.text import script


def test_the_glossary_is_some_hundred_terms_each_with_english_words() -> None:
    assert len(glossary()) > 300
    assert all(script(term) == "cjk" and english for term, english in glossary().items())


def test_the_longest_term_counts_and_what_is_unknown_is_passed_over() -> None:
    assert [term for _, term in translated("磁盘空间不足了吗")] == ["磁盘", "空间不足", "空间不足", "空间不足"]
    assert list(translated("network outage")) == []


@pytest.mark.parametrize(("asked", "told"), [("网络中断", "network outage"), ("network outage", "网络中断")])
def test_an_outage_is_found_across_languages(asked: str, told: str) -> None:
    index = Index()
    for ref, title in enumerate((told, "printer out of toner", "打印机卡纸", "payroll is late"), start=1):
        index.add(Record(ref, title))
    best = index.match(Record(0, asked))[0]
    assert best.ref == 1
    written = {reason.detail for reason in best.reasons if reason.code == "term"}
    assert written == ({"网络", "中断"} if asked == "网络中断" else {"network", "outage"})
