"""Words and character pairs."""

from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.tokens import search_tokens, surfaces, tokens


def test_chinese_becomes_overlapping_pairs_and_a_single_character_stays() -> None:
    assert tokens("网络中断 慢") == ["网络", "络中", "中断", "慢"]


def test_english_is_split_at_humps_lower_cased_stemmed_and_freed_of_stop_words() -> None:
    assert tokens("The DataNode was failing") == ["data", "node", "fail"]


def test_mixed_text_keeps_the_order() -> None:
    assert tokens("VPN无法连接server") == ["vpn", "无法", "法连", "连接", "server"]


def test_full_width_letters_are_the_same_letters() -> None:
    assert tokens("ＶＰＮ") == tokens("VPN")


def test_search_tokens_are_whole_and_not_stemmed() -> None:
    assert search_tokens("DataNode failing 网络中断") == ["datanode", "failing", "网络", "络中", "中断"]


@given(st.text(max_size=80))
def test_tokens_are_lower_case_and_free_of_space(text: str) -> None:
    for token in (*tokens(text), *search_tokens(text)):
        assert token
        assert token == token.strip()
        assert not any(c.isspace() for c in token)


@given(st.text(max_size=80))
def test_every_token_can_be_shown_as_the_text_writes_it(text: str) -> None:
    assert [token for token, _ in surfaces(text)] == tokens(text)
