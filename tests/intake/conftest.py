"""Files made for one test, and the folder of real data where it is there."""

import csv
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import xlsxwriter

from genyin.intake import readers
from genyin.intake.rows import Row, RowProblem

EXAMPLES = Path(__file__).parents[2] / "examples"
UCI_LOG = EXAMPLES / "uci_servicenow" / "incident_event_log.first70.csv.xz"

Rows = Iterable[Iterable[str]]
Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a csv file: `table(rows, name="a.csv", encoding="gb18030", separator=";")`."""

    def write(rows: Rows, name: str = "incidents.csv", encoding: str = "utf-8", separator: str = ",") -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
        return path

    return write


def rows_of(*records: dict[str, str]) -> list[list[str]]:
    """Header and rows of records that are written by column name."""
    columns = list(dict.fromkeys(name for record in records for name in record))
    return [columns, *([record.get(name, "") for name in columns] for record in records)]


@pytest.fixture
def real_data() -> Path:
    """The folder named by GENYIN_DATA; the test is skipped where there is none."""
    folder = os.environ.get("GENYIN_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("GENYIN_DATA does not name a folder with the real data sets")
    return Path(folder)


def cells(path: Path) -> list[dict[str, str]]:
    return [dict(row.cells) for row in readers.rows(path, readers.look(path)) if isinstance(row, Row)]


def problems(path: Path) -> list[RowProblem]:
    return [row for row in readers.rows(path, readers.look(path)) if isinstance(row, RowProblem)]


def workbook(path: Path, build: Callable[[xlsxwriter.Workbook], None]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        build(book)
    return path
