"""Small worlds of records, with enough repetition that things meet."""

from hypothesis import strategies as st

from genyin.sift.records import Record

WORDS = ["disk", "full", "login", "fails", "timeout", "VPN", "磁盘", "空间不足", "登录失败", "ORA-00600", "DataNode"]

titles = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
codes = st.lists(
    st.tuples(st.sampled_from(["ci", "category"]), st.sampled_from(["a", "b", "c"])), max_size=3, unique=True
).map(tuple)
services = st.integers(-1, 3)
days = st.integers(0, 400).map(lambda quarter: quarter / 4)


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 40) -> list[Record]:
    """Up to `most` records numbered 1, 2, … in the order they were made."""
    n = draw(st.integers(0, most))
    return [Record(ref, draw(titles), draw(titles), draw(services), draw(codes), draw(days)) for ref in range(1, n + 1)]
