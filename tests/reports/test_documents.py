"""Documents can be opened, say what they should, and no text that a person typed breaks them or runs in them."""

import dataclasses
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from python_calamine import CalamineWorkbook

from genyin.base.clock import month_window
from genyin.base.errors import BadInput, NotAvailable
from genyin.reports import figures
from genyin.reports.documents import (
    build_templates,
    forms,
    minutes,
    record_form,
    register,
    service_report,
    service_report_docx,
    service_report_pdf,
    service_report_xlsx,
)
from genyin.reports.documents.blocks import Cell, Column, Report, Row, Section, Table
from genyin.reports.documents.form_layouts import FORMS, LANGUAGES
from genyin.reports.facts import Facts, IncidentCounts, ProblemFact, Scope, Window
from genyin.reports.figures import Figures
from tests.reports.conftest import words_of_docx, xml_of

WRITTEN = datetime(2026, 11, 3, 1, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x","y") #panic("run") *bold* $x$ {{ 7*7 }} {% for %} <b>&amp;</b> ]]> \x00\x0b\ud800 第二行'
SHOWN = '=HYPERLINK("http://x","y") #panic("run") *bold* $x$ {{ 7*7 }} {% for %} <b>&amp;</b> ]]>  第二行'
FORMATS: dict[str, Callable[..., bytes]] = {
    "docx": service_report_docx.produce,
    "xlsx": service_report_xlsx.produce,
    "pdf": service_report_pdf.produce,
}


def october(title: str = "核心交换机夜间自动重启") -> Figures:
    windows = tuple(Window(name, *month_window(name, "Asia/Shanghai"), WRITTEN) for name in ("2026-09", "2026-10"))
    base = ProblemFact(
        id=1,
        ref="WT-202610-001",
        title=title,
        registered_at=datetime(2026, 10, 5, tzinfo=UTC),
        stage="solving",
        source="incident",
        category="hardware",
        level="high",
        is_major=True,
        cause="固件内存泄漏",
        missing=("solution",),
    )
    done = dataclasses.replace(
        base, id=2, ref="WT-202610-002", stage="closed", outcome="fixed", resolved_at=WRITTEN, closed_at=WRITTEN
    )
    incidents = (IncidentCounts("2026-10", 214, 200, 190),)
    return figures.compute(Facts(Scope(), "Asia/Shanghai", windows, (base, done), incidents))


def report(language: str = "en", *, title: str = "核心交换机夜间自动重启", **more: object) -> Report:
    particulars = service_report.Particulars(
        organisation="星河信息", language=language, number="FWBG-202610", written_at=WRITTEN, digest="ab" * 32
    )
    return service_report.build(october(title), dataclasses.replace(particulars, **more))  # type: ignore[arg-type]


def text_of(kind: str, content: bytes) -> str:
    if kind == "docx":
        return words_of_docx(content)
    if kind == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        return "\n".join(str(cell) for row in rows for cell in row)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_prints_the_four_sure_lines_the_formula_and_the_zone(kind: str) -> None:
    text = text_of(kind, FORMATS[kind](report(), at=WRITTEN)).replace("\n", " ")
    for wanted in ("Problems this month", "Of these resolved", "Of these unresolved", "Resolution rate"):
        assert wanted in text
    assert "resolved ÷ total = 1 ÷ 2" in text
    assert "50.0%" in text
    assert "Asia/Shanghai" in text
    assert "ab" * 32 in text


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_has_every_section(kind: str) -> None:
    text = text_of(kind, FORMATS[kind](report(), at=WRITTEN))
    for number, section in enumerate(report().sections, start=1):
        assert section.title.startswith(f"{number} ")
        assert section.title in text


@pytest.mark.parametrize("kind", FORMATS)
def test_what_a_person_typed_is_printed_as_it_is(kind: str) -> None:
    content = FORMATS[kind](report(title=EVIL, remarks=EVIL), at=WRITTEN)
    text = text_of(kind, content)
    assert "#panic(" in text
    assert "第二行" in text
    assert SHOWN.replace(" ", "") in text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_report_gives_the_same_bytes(kind: str) -> None:
    assert FORMATS[kind](report(), at=WRITTEN) == FORMATS[kind](report(), at=WRITTEN)


def test_a_draft_says_that_it_is_one() -> None:
    assert "Draft" in report(digest="").draft
    assert "Draft" in words_of_docx(service_report_docx.produce(report(digest=""), at=WRITTEN))


def test_the_pdf_carries_its_chinese_font() -> None:
    content = service_report_pdf.produce(report(), at=WRITTEN)
    embedded = re.findall(r"/BaseFont\s*/(?:[A-Z]{6}\+)?([\w-]+)", plain_pdf(content))
    assert embedded
    wanted = service_report_pdf.font().replace(" ", "").casefold()
    assert {name.split("-")[0].casefold() for name in embedded} == {wanted}


def plain_pdf(content: bytes) -> str:
    """The file's objects as text, its streams unpacked."""
    writer = PdfWriter(clone_from=io.BytesIO(content))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue().decode("latin-1")


def test_without_a_chinese_font_the_pdf_is_refused_in_words_and_the_others_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service_report_pdf, "CJK_FONTS", ("A font nobody has",))
    with pytest.raises(NotAvailable) as refused:
        service_report_pdf.produce(report(), at=WRITTEN)
    assert "fonts-noto-cjk" in str(refused.value)
    assert service_report_docx.produce(report(), at=WRITTEN)
    assert service_report_xlsx.produce(report(), at=WRITTEN)


def test_numbers_in_the_workbook_are_numbers_and_text_is_never_a_formula() -> None:
    content = service_report_xlsx.produce(report(title=EVIL), at=WRITTEN)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = {row[0]: row for row in book.get_sheet_by_name("Indicators").to_python()}
    assert rows["Resolution rate"][-1] == 0.5
    assert rows["Problems this month"][-1] == 2
    assert "<f>" not in xml_of(content)
    assert "hyperlink" not in xml_of(content).replace("HYPERLINK", "")


def test_the_workbook_draws_the_trend_from_its_own_cells() -> None:
    xml = xml_of(service_report_xlsx.produce(report(), at=WRITTEN))
    assert "<c:barChart>" in xml
    assert "<c:lineChart>" in xml
    assert "Trend!$B$" in xml


def test_a_section_may_be_long() -> None:
    rows = tuple(Row((Cell("x" * 40_000), Cell("5", Fraction(5)))) for _n in range(120))
    section = Section("1 Long", tables=(Table((Column("A", 4), Column("B", 1)), rows),))
    long = dataclasses.replace(report(), sections=(section,), sheets=("Long",))
    for produce in FORMATS.values():
        assert produce(long, at=WRITTEN)


def record(**more: object) -> record_form.RecordForm:
    plain = record_form.RecordForm(
        ref="WT-1", title="Core switch", incidents=(record_form.IncidentRow("I", "t", "", ""),)
    )
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_record_form_prints_every_field(language: str) -> None:
    names = [field.name for field in dataclasses.fields(record_form.RecordForm) if field.type is str]
    form = record(**{name: f"<{name}> {EVIL}" for name in names}, incident_count=12)
    text = words_of_docx(record_form.produce(form, language=language))
    missing = [name for name in names if f"<{name}> {SHOWN}" not in text]
    assert not missing
    assert "12" in text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_minutes_print_every_field(language: str) -> None:
    names = [field.name for field in dataclasses.fields(minutes.Minutes) if field.type is str]
    attendees = (minutes.AttendeeRow("Reviewer 1", "lead", "no", "yes"),)
    actions = (minutes.ActionRow("Check notices", "Engineer 2", "2026-11-30", "open"),)
    form = minutes.Minutes(**{name: f"<{name}>" for name in names}, attendees=attendees, actions=actions)
    text = words_of_docx(minutes.produce(form, language=language))
    assert [name for name in names if f"<{name}>" not in text] == []
    assert "Reviewer 1" in text
    assert "Check notices" in text


def test_line_ends_stay_line_ends() -> None:
    content = record_form.produce(record(description="first\nsecond"), language="en")
    assert "first\nsecond" in words_of_docx(content)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_templates_are_what_their_plan_builds(form: str, language: str) -> None:
    shipped = (build_templates.FOLDER / f"{form}_{language}.docx").read_bytes()
    assert xml_of(shipped) == xml_of(build_templates.build(form, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_print_chinese_in_a_chinese_font(language: str) -> None:
    xml = xml_of((build_templates.FOLDER / f"record_form_{language}.docx").read_bytes())
    assert 'w:eastAsia="Microsoft YaHei"' in xml


def own_template(tmp_path: Path, text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    document.save(str(tmp_path / "own.docx"))
    return (tmp_path / "own.docx").read_bytes()


def test_a_firm_may_use_its_own_template(tmp_path: Path) -> None:
    content = record_form.produce(record(), language="en", template=own_template(tmp_path, "Ours: {{ ref }}"))
    assert words_of_docx(content).strip() == "Ours: WT-1"


@pytest.mark.parametrize("text", ["{{ nobody_knows }}", "{{ ref", "{{ ref.__class__.__mro__ }}", "{% bad %}"])
def test_a_template_that_asks_for_more_than_it_may_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        record_form.produce(record(), language="en", template=own_template(tmp_path, text))
    assert refused.value.field == "template"


def test_a_template_that_is_no_word_file_is_refused() -> None:
    with pytest.raises(BadInput):
        forms.fill("record_form", record(), language="en", template=b"%PDF-1.7")


def row(number: int, **more: str) -> register.RegisterRow:
    names = [field.name for field in dataclasses.fields(register.RegisterRow)]
    return register.RegisterRow(**{**{name: f"{name} {number}" for name in names}, **more})


def test_the_register_has_eighteen_columns_and_a_row_for_each_problem() -> None:
    content = register.produce(
        [row(1), row(2, title=EVIL)], organisation="O", period="2026-10", language="en", at=WRITTEN, check=None
    )
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Register").to_python()
    assert len(sheet[2]) == len(register.COLUMNS) == 18
    assert sheet[3][:3] == [1, "ref 1", "title 1"]
    assert sheet[4][2] == " ".join(SHOWN.split())
    assert "<f>" not in xml_of(content)


def test_the_month_end_sheet_names_what_is_missing_and_who_has_not_confirmed() -> None:
    check = register.Check(
        "2026-10",
        32,
        (
            register.MissingRow("WT-1", "Core switch", "Engineer 1", ("solution",)),
            register.MissingRow("WT-2", "Mail", "", ()),
        ),
        (register.OwnerCheck("Engineer 1", "2026-10-31"), register.OwnerCheck("Engineer 2")),
    )
    content = register.produce([], organisation="O", period="2026-10", language="en", at=WRITTEN, check=check)
    text = text_of("xlsx", content)
    assert "2026-10: 2 of 32 problems" in text
    for wanted in ("WT-1", "Solution", "no row in the register", "Engineer 2", "not yet", "2026-10-31"):
        assert wanted in text
