"""What a file is, is found out and said; a file that is not what it says is refused in one sentence."""

import gzip
import json
import lzma
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from genyin.intake import readers
from genyin.intake.rows import Row
from tests.intake.conftest import Table, cells, problems, workbook

HEADER = ["编号", "标题", "发生时间"]
LINE = ["SJ-1", "核心交换机重启", "2024-01-05 10:00"]


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
