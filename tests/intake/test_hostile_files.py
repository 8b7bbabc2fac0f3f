"""Files that mean harm, or are not what they say: refused in one sentence, before they take memory or time."""

import gzip
import lzma
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from genyin.base.errors import BadFile
from genyin.intake import readers, rows, sheets
from tests.intake.conftest import Table, cells, problems, workbook


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
        ("a.csv.xz", gzip.compress(b"id,text\n", mtime=0), "gzip"),
        ("a.csv", random.Random(7).randbytes(2000).replace(b"\n", b"\0") + b"\0" * 200, "zero bytes"),
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
    whole = (gzip if ending == ".gz" else lzma).compress(random.Random(7).randbytes(300_000).hex().encode())
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
