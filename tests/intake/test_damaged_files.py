"""Bytes fall out, are doubled or turned into others on the way: the file is read or refused, and nothing breaks."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genyin.base.errors import BadFile
from genyin.intake.stream import understand

SLOW_OR_SHARED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

TEXT = "事件编号,标题,发生时间\n" + "".join(f'SJ-{n},"登录, 失败 {n}",2024/3/{n + 1} 14:02\n' for n in range(9))
RECORDS = "\n".join(json.dumps({"key": f"A-{n}", "summary": "x", "created": "2026-11-28T05:31:22Z"}) for n in range(9))


def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", TEXT)
    return out.getvalue()


def _workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(TEXT.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    return out.getvalue()


WHOLE = {
    "a.csv": TEXT.encode(), "b.csv": TEXT.encode("utf-16"), "c.csv": TEXT.encode("gb18030"),
    "a.jsonl": RECORDS.encode(), "a.json": f"[{RECORDS.replace(chr(10), ',')}]".encode(),
    "a.csv.gz": gzip.compress(TEXT.encode(), mtime=0), "a.zip": _zipped(), "a.xlsx": _workbook(),
}  # fmt: skip
STRANGE = (
    b'"',
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"\n\n",
    b",,,",
    b"{",
    b"9" * 400,
    b"\xed\xa0\x80",
    b"1e999",
    b"\xe2\x80\xa8",
)
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from((*STRANGE, b"")) | st.binary(max_size=20)),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=40, suppress_health_check=SLOW_OR_SHARED, deadline=None)
@given(changes=CHANGES)
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, name: str, changes: list[tuple[float, int, bytes]]) -> None:
    content = bytearray(WHOLE[name])
    for share, length, put in changes:
        at = int(share * len(content))
        content[at : at + length] = put
    path = tmp_path / name
    path.write_bytes(bytes(content))
    refusal, told = "", []
    try:
        told = list(understand(path).told())
    except BadFile as refused:
        refusal = str(refused)
    assert len(refusal.splitlines()) == bool(refusal)
    assert all(one.record is not None or str(one.problems[0]) for one in told)


def test_half_a_character_of_utf16_costs_its_own_row_only(tmp_path: Path) -> None:
    content = TEXT.encode("utf-16")
    at = content.index("失败 3".encode("utf-16-le"))
    path = tmp_path / "a.csv"
    path.write_bytes(content[:at] + b"\x3f\xd8" + content[at + 2 :])
    told = list(understand(path).told())
    assert [one.line for one in told if one.problems] == [5]
    assert len([one for one in told if one.record]) == 8
