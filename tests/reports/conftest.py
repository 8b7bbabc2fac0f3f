"""Months that are over, in the site's zone, and documents read back as text."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from genyin import config
from genyin.base import clock

SEPTEMBER_MIDDLE = datetime(2026, 9, 14, 4, tzinfo=UTC)
OCTOBER_START = datetime(2026, 10, 2, 4, tzinfo=UTC)
NOVEMBER_START = datetime(2026, 11, 3, 4, tzinfo=UTC)


@pytest.fixture
def september() -> Iterator[None]:
    """It is the middle of September 2026; a test goes on with `clock.at(...)`."""
    with clock.at(SEPTEMBER_MIDDLE):
        yield


@pytest.fixture
def real_data() -> Path:
    """The folder with the real data sets; the test is skipped where it is not there."""
    folder = config.load().data
    if folder is None or not folder.is_dir():
        pytest.skip("GENYIN_DATA does not name the folder with the real data sets")
    return folder


def words_of_docx(content: bytes) -> str:
    """Everything a Word file says: text, tables, footers."""
    document = Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        texts += [cell.text for row in table.rows for cell in row.cells]
    texts += [paragraph.text for section in document.sections for paragraph in section.footer.paragraphs]
    return "\n".join(texts)


def xml_of(content: bytes) -> str:
    """All XML of a Word or Excel file, as one text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


def said_in(xml: str) -> str:
    """The XML without its tags."""
    return re.sub(r"<[^>]+>", "\n", xml)
