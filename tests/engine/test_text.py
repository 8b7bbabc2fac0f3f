"""Masks and scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.text import cjk_share, mask, script
from tests.engine.costs import MOST, times_as_long

PIECES = [
    "db-prod-01", "10.1.2.3:8080", "2024-03-01 10:22:33.123", "INC0012345", "ORA-00600", "HTTP 500", "错误码1045",
    "<num>", "<id>", "a.b@example.com", "https://example.com/x?y=1", "0xdeadbeef", "95%", "35ms", "磁盘", "web01",
    "-", ":", ".", "_", "/", "1", "a", "0x", "E1234", "Jun 17",
    "blk_-1608999687919862906", "mail.example.com.cn:25", "123e4567-e89b-12d3-a456-426614174000", "3月1日10时", "KB500",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("disk full on db-prod-01 at 2024-03-01 10:22:33.123", "disk full on <host> at <time>"),
        ("磁盘使用率95%，主机web01", "磁盘使用率<num>%，主机<host>"),
        ("session 123e4567-e89b-12d3-a456-426614174000 lost", "session <id> lost"),
        ("mail from a.b@example.com took 35ms", "mail from <mail> took <num>ms"),
        ("see https://example.com/x?y=1 and INC0012345", "see <url> and <id>"),
        ("10.1.2.3:8080 refused 0xdeadbeef", "<host> refused <hex>"),
        ("mail.example.com.cn:25 refused blk_-1608999687919862906", "<host> refused <id>"),
        ("connection at Fri Jun 17 20:55:06 2005", "connection at <time>"),
        ("2024年3月1日10时 网络中断", "<time> 网络中断"),
        ("  two\n\tlines ", "two lines"),
    ],
)
def test_what_differs_between_two_alerts_of_one_fault_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "ORA-00600 internal error",
        "HTTP 500",
        "HTTP/1.1 503",
        "E1234",
        "错误码1045",
        "错误代码：1045",
        "exit code 137",
        "0x80070005",
        "CVE-2021-44228",
        "status=404",
        "utf8 log4j office365",
    ],
)
def test_codes_that_name_the_fault_are_kept(text: str) -> None:
    assert mask(text) == text


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from([" ", "  ", ""])), max_size=12).map("".join))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(max_size=60))
def test_masking_any_text_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize("piece", ["a.", "1.", "a-", "a1-", "deadbeef", "1:", "http://", "a1_", "1,"])
def test_a_hostile_text_is_masked_in_bounded_time(piece: str) -> None:
    hostile, harmless = piece * 4_000 + "1@", "word " * (len(piece) * 800)
    assert times_as_long(lambda: mask(hostile), than=lambda: mask(harmless)) < MOST, "backtracking"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("network outage", "latin"), ("网络中断", "cjk"), ("VPN 无法连接", "mixed"), ("123 !", "none")],
)
def test_the_script_of_a_text_is_told(text: str, expected: str) -> None:
    assert script(text) == expected


@given(st.text(max_size=60))
def test_the_share_of_chinese_is_a_share(text: str) -> None:
    assert 0.0 <= cjk_share(text) <= 1.0
