"""What a file is, is found out and said; a file that is not what it says is refused in one sentence."""

import gzip
import json
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from genyin.base.errors import BadFile
from genyin.intake import readers, rows, sheets
from genyin.intake.rows import Row, RowProblem
from tests.intake.conftest import Table

HEADER = ["编号", "标题", "发生时间"]
LINE = ["SJ-1", "核心交换机重启", "2024-01-05 10:00"]


def cells(path: Path) -> list[dict[str, str]]:
    return [dict(row.cells) for row in readers.rows(path, readers.look(path)) if isinstance(row, Row)]


def problems(path: Path) -> list[RowProblem]:
    return [row for row in readers.rows(path, readers.look(path)) if isinstance(row, RowProblem)]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_chinese_text_is_read_in_whatever_encoding_it_is_written(table: Table, encoding: str, said: str) -> None:
    path = table([HEADER, LINE], encoding=encoding)
    assert readers.look(path).encoding == said
    assert cells(path) == [dict(zip(HEADER, LINE, strict=True))]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("Jürgen Müller, Straße, déjà vu", "iso-8859-1", "iso-8859-1"),
        ("the switch’s “core” – 5 €", "cp1252", "cp1252"),
        ("Zażółć gęślą jaźń, łączność utracona", "cp1250", "cp1250"),
        ("Ошибка сервера, нет соединения с базой данных", "cp1251", "cp1251"),
    ],
)
def test_western_and_eastern_encodings_are_told_apart(table: Table, text: str, encoding: str, said: str) -> None:
    path = table([["id", "text"], *([str(n), text] for n in range(40))], encoding=encoding)
    assert readers.look(path).encoding == said
    assert cells(path)[0]["text"] == text


def test_an_encoding_that_shows_only_late_in_the_file_is_still_found(table: Table) -> None:
    plain = (["INC1", "plain ascii text that fills the sample"] for _ in range(40_000))
    path = table([["id", "text"], *plain, ["INC2", "交换机端口告警"]], encoding="gb18030")
    assert cells(path)[-1]["text"] == "交换机端口告警"


def test_a_broken_byte_in_utf8_costs_its_own_row_only(table: Table) -> None:
    path = table([HEADER, *([f"SJ-{n}", "核心交换机重启", "2024-01-05"] for n in range(20))])
    path.write_bytes(path.read_bytes().replace("SJ-7,核心".encode(), "SJ-7,核".encode() + b"\xff"))
    assert readers.look(path).encoding == "utf-8"
    assert len(cells(path)) == 20


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_and_said(table: Table, separator: str) -> None:
    rows = [["id", "text", "when"], ["1", "a, b; c", "2024-01-05"], ["2", 'say "x", y', "2024-01-06"]]
    path = table(rows, separator=separator)
    assert readers.look(path).separator == separator
    assert [row["text"] for row in cells(path)] == ["a, b; c", 'say "x", y']


def test_lines_are_counted_as_an_editor_does_even_below_a_cell_of_several_lines(table: Table) -> None:
    path = table([["id", "text"], ["1", "first\nsecond\nthird"], ["2", "short"]])
    assert [row.line for row in readers.rows(path, readers.look(path))] == [2, 5]


def test_a_title_above_the_header_is_passed_over(table: Table) -> None:
    path = table([["2024年事件清单", "", ""], [], HEADER, LINE])
    shape = readers.look(path)
    assert shape.columns == tuple(HEADER)
    assert shape.header_line == 3
    assert cells(path) == [dict(zip(HEADER, LINE, strict=True))]


def test_a_row_with_too_many_or_too_few_cells_is_refused_and_the_next_one_read(table: Table) -> None:
    path = table([HEADER, ["SJ-1", "a", "2024-01-05", "too much"], ["SJ-2"], LINE])
    assert [problem.line for problem in problems(path)] == [2, 3]
    assert "4 cells where the header has 3" in str(problems(path)[0])
    assert len(cells(path)) == 1


def test_a_quotation_mark_that_is_never_closed_is_refused_by_line_and_reading_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    good = "".join(f"{n},fine\n" for n in range(3))
    path.write_text("id,text\n" + good + '9,"never closed\n' + "filler,line\n" * 120_000)
    found = problems(path)
    assert found[0].line == 5
    assert "never closed" in str(found[0])
    assert cells(path)[:3] == [{"id": str(n), "text": "fine"} for n in range(3)]


@pytest.mark.parametrize("ending", [".gz", ".xz", ".zip"])
def test_a_packed_file_reads_like_the_plain_one(table: Table, tmp_path: Path, ending: str) -> None:
    plain = table([HEADER, LINE])
    packed = tmp_path / f"incidents.csv{ending}"
    if ending == ".zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(plain, "incidents.csv")
            archive.writestr("__MACOSX/._incidents.csv", b"left by a Mac")
    else:
        packed.write_bytes((gzip if ending == ".gz" else lzma).compress(plain.read_bytes()))
    assert cells(packed) == cells(plain)


def test_several_xz_streams_behind_each_other_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.xz"
    path.write_bytes(lzma.compress(b"id,text\n1,a\n") + b"\0" * 8 + lzma.compress(b"2,b\n"))
    assert [row["id"] for row in cells(path)] == ["1", "2"]


def test_records_of_a_jsonl_file_are_flattened_and_a_bad_line_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"key": "A-1", "fields": {"summary": "x", "labels": ["a", "b"]}}\nnot json\n'
        '{"key": "A-2", "n": 5, "no": null}\n[1]\n'
    )
    assert cells(path) == [
        {"key": "A-1", "fields.summary": "x", "fields.labels": '["a","b"]'},
        {"key": "A-2", "n": "5", "no": ""},
    ]
    assert [(problem.line, "JSON" in str(problem)) for problem in problems(path)] == [(2, True), (4, True)]


def test_an_answer_of_a_rest_interface_is_read_through_its_wrapping(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"result": [{"number": "INC1"}, {"number": "INC2"}]}))
    assert [row["number"] for row in cells(path)] == ["INC1", "INC2"]


def workbook(path: Path, build: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        build(book)
    return path


def test_a_workbook_gives_dates_numbers_and_truth_as_text(tmp_path: Path) -> None:
    def build(book: xlsxwriter.Workbook) -> None:
        hidden = book.add_worksheet("说明")
        hidden.write(0, 0, "not this one")
        hidden.hide()
        sheet = book.add_worksheet("事件")
        sheet.activate()
        sheet.set_first_sheet()
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, name in enumerate(["编号", "发生时间", "次数", "可用性", "重大"]):
            sheet.write(3, column + 1, name)
        sheet.write(4, 1, "SJ-1")
        sheet.write(4, 2, 45296.4375, day)
        sheet.write(4, 3, 7)
        sheet.write(4, 4, 99.95)
        sheet.write_boolean(4, 5, True)

    path = workbook(tmp_path / "a.xlsx", build)
    shape = readers.look(path)
    assert (shape.sheet, shape.header_line) == ("事件", 4)
    assert cells(path) == [
        {
            "编号": "SJ-1",
            "发生时间": "2024-01-05T10:30:00",
            "次数": "7",
            "可用性": "99.95",
            "重大": "true",
        }
    ]
    assert next(readers.rows(path, shape)).line == 5


def test_memory_stays_small_while_a_large_file_is_read(table: Table) -> None:
    """One row is alive at a time: the reader yields the first row of an endless-looking file at once."""
    path = table([["id", "text"], *([str(n), "x" * 100] for n in range(50_000))])
    stream = readers.rows(path, readers.look(path))
    assert isinstance(next(stream), Row)
    stream.close()  # type: ignore[attr-defined]


# --- hostile files -----------------------------------------------------------------------------------------------


def refusal(path: Path) -> str:
    with pytest.raises(BadFile) as caught:
        list(readers.rows(path, readers.look(path)))
    assert caught.value.file == path.name
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


def test_a_name_that_says_nothing_we_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(b"PK\x03\x04")
    assert ".xlsx" in refusal(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "missing.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.jsonl", "a.csv.gz", "a.csv.zip"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    assert "empty" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.csv", b"PK\x03\x04 and more", "ZIP archive"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\xd0\xcf\x11\xe0 old excel", "old Excel"),
        ("a.xlsx", b"id,text\n1,a\n", "not what it says"),
        ("a.csv.gz", b"id,text\n1,a\n", "not what it says"),
        ("a.csv.xz", gzip.compress(b"id,text\n"), "gzip"),
        ("a.csv", os.urandom(2000).replace(b"\n", b"\0") + b"\0" * 200, "zero bytes"),
        ("a.csv", b"\n\n\n", "no header"),
        ("a.xlsx", b"PK\x03\x04" + b"nonsense" * 50, "damaged"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert what in refusal(path)


@pytest.mark.parametrize("ending", [".gz", ".xz"])
def test_a_transfer_that_broke_off_is_noticed(tmp_path: Path, ending: str) -> None:
    whole = (gzip if ending == ".gz" else lzma).compress(os.urandom(300_000).hex().encode())
    path = tmp_path / f"a.csv{ending}"
    path.write_bytes(whole[: len(whole) // 2])
    assert "not complete" in refusal(path)


@pytest.mark.parametrize("ending", [".gz", ".xz", ".zip"])
def test_a_compression_bomb_is_stopped_long_before_it_is_unpacked(tmp_path: Path, ending: str) -> None:
    zeros = b"0" * (48 * 2**20)
    path = tmp_path / f"a.csv{ending}"
    if ending == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", zeros)
    else:
        path.write_bytes((gzip if ending == ".gz" else lzma).compress(zeros))
    assert "grows beyond 32 MB" in refusal(path)


def test_an_xz_header_that_asks_for_gigabytes_is_refused(tmp_path: Path) -> None:
    content = bytearray(lzma.compress(b"id,text\n1,a\n" * 100))
    # Block header: size, flags, LZMA2 id 0x21, one property byte (dictionary size), padding, CRC. 40 asks for 4 GB.
    at = content.index(b"\x21\x01") + 2
    content[at] = 40
    header = content[12 : 12 + (content[12] + 1) * 4]
    content[12 + len(header) - 4 : 12 + len(header)] = struct.pack("<I", zlib.crc32(bytes(header[:-4])))
    path = tmp_path / "a.csv.xz"
    path.write_bytes(bytes(content))
    assert "Memory usage limit" in refusal(path)


def test_a_zip_with_several_files_names_them(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "id\n1\n")
        archive.writestr("two.csv", "id\n2\n")
    assert "one.csv, two.csv" in refusal(path)


def test_a_zip_within_a_zip_and_a_workbook_named_zip_are_refused(tmp_path: Path) -> None:
    nested, book = tmp_path / "a.zip", tmp_path / "b.zip"
    with zipfile.ZipFile(nested, "w") as archive:
        archive.writestr("inner.csv.gz", gzip.compress(b"id\n1\n"))
    workbook(book, lambda made: made.add_worksheet().write(0, 0, "id"))
    assert "second time" in refusal(nested)
    assert ".xlsx" in refusal(book)


def test_a_workbook_with_a_cell_in_the_farthest_corner_does_not_take_the_memory(tmp_path: Path) -> None:
    def build(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "far")

    assert "row 1048576 and column 16384" in refusal(workbook(tmp_path / "a.xlsx", build))


def test_a_workbook_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "RATIO_FROM", 2**20)
    monkeypatch.setattr(sheets, "MAX_RATIO", 10)

    def build(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(6_000):
            sheet.write_row(row, 0, ["same"] * 10)

    assert "too large" in refusal(workbook(tmp_path / "a.xlsx", build))


def test_a_table_with_thousands_of_columns_is_refused(table: Table) -> None:
    path = table([[f"c{n}" for n in range(rows.MAX_COLUMNS + 1)]])
    assert "columns" in refusal(path)


def test_deeply_nested_json_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"key": "A-1"}\n' + "[" * 200_000 + "]" * 200_000 + "\n")
    assert len(problems(path)) == 1
    assert cells(path) == [{"key": "A-1"}]
