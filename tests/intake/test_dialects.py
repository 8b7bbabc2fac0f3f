"""Exports as other systems and people really write them, made up for these tests."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from genyin.base.errors import BadFile
from genyin.incidents.data import IncidentData, ProblemData, Record, State
from genyin.intake import dates
from genyin.intake.stream import Reading, understand
from tests.intake.conftest import workbook

ZH = "事件编号,标题,发生时间,服务\n"


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def records(reading: Reading) -> list[Record]:
    return [told.record for told in reading.told() if told.record is not None]


def refused(reading: Reading) -> list[tuple[int, str]]:
    return [(problem.line, str(problem)) for told in reading.told() for problem in told.problems]


@pytest.mark.parametrize(
    ("text", "form", "iso"),
    [
        ("2024/3/5 14:02", "ymd", "2024-03-05 14:02"),
        ("2024年3月5日 14时02分", "ymd", "2024-03-05 14:02"),
        ("2024年3月5日14:02:03", "ymd", "2024-03-05 14:02:03"),
        ("2024年3月5日 下午2:02", "ymd", "2024-03-05 14:02"),
        ("2024/3/5 上午9:02", "ymd", "2024-03-05 09:02"),
        ("２０２４／３／５　１４：０２", "ymd", "2024-03-05 14:02"),
        ("2024.3.5", "ymd", "2024-03-05"),
        ("20240305 140203", "ymd", "2024-03-05 14:02:03"),
        ("2001-10-10 21:34:00 -0400", "ymd", "2001-10-10 21:34-04:00"),
        ("2023-10-24 07:07:31 UTC", "ymd", "2023-10-24 07:07:31+00:00"),
        ("28/Nov/26 5:31 AM", "named", "2026-11-28 05:31"),
        ("28/Nov/26 12:31 AM", "named", "2026-11-28 00:31"),
        ("Nov 28, 2026, 5:31 PM", "named", "2026-11-28 17:31"),
        ("Sat, 28 Nov 2026 05:31:22 +0000", "named", "2026-11-28 05:31:22+00:00"),
        ("24.10.2023 7:07:31", "dmy", "2023-10-24 07:07:31"),
        ("10/24/2023 07:07:31 AM", "mdy", "2023-10-24 07:07:31"),
    ],
)
def test_dates_are_read_by_the_order_of_their_parts(text: str, form: str, iso: str) -> None:
    assert dates.read(text, form) == datetime.fromisoformat(iso)


@pytest.mark.parametrize(("text", "form"), [
    ("5/3/2024", "ymd"), ("2024-03-05 14", "ymd"), ("3月5日", "ymd"), ("1.2.3.4", "dmy"), ("5/3/2024", "either"),
])  # fmt: skip
def test_what_has_another_form_is_left_to_the_next(text: str, form: str) -> None:
    assert dates.read(text, form) is None


@pytest.mark.parametrize(
    ("first", "second", "month", "said"),
    [("24/10/2023 07:07", "05/10/2023 08:00", 10, "day comes first"),
     ("10/24/2023 07:07", "10/05/2023 08:00", 10, "month comes first")],
)  # fmt: skip
def test_one_date_shows_whether_day_or_month_comes_first_in_all(
    tmp_path: Path, first: str, second: str, month: int, said: str
) -> None:
    path = written(tmp_path, "list.csv", f"id,title,created at\n1,a,{second}\n2,b,{first}\n")
    reading = understand(path)
    found = [record.opened_at for record in records(reading) if isinstance(record, IncidentData)]
    assert found == [datetime(2023, month, 5, 8, 0, tzinfo=UTC), datetime(2023, month, 24, 7, 7, tzinfo=UTC)]
    assert [said in note.what for note in reading.notes] == [True]


def test_dates_that_could_all_be_read_both_ways_are_refused_with_the_way_out(tmp_path: Path) -> None:
    path = written(tmp_path, "list.csv", "id,title,created at\n1,a,05/10/2023\n2,b,06/10/2023\n")
    assert [line for line, why in refused(understand(path)) if "day or month first" in why] == [2, 3]


JIRA_CSV = """Summary,Issue key,Issue Type,Status,Project key,Priority,Created,Resolved,Affects Version/s,Affects Version/s,Comment,Comment
"NPE, in login",ABC-1,Bug,In Progress,ABC,Major,28/Nov/26 5:31 AM,,1.0,1.1,first,"two
lines"
Other,ABC-2,Bug,Done,ABC,High,2026-11-28 05:31,2026-11-29 05:31,,,,
"""  # noqa: E501  a header of this system is that long
MADE_UP = {
    "jira.csv": ("jira", 2, JIRA_CSV),
    "jira_zh.csv": ("jira", 1, "概要,问题关键字,问题类型,状态,创建日期\n登录失败,ABC-1,故障,待办,2026/11/28 05:31\n"),
    "servicenow.csv": ("servicenow", 2, "number,opened_at,short_description,priority,state,business_duration\n"
        'INC1,24.10.2023 7:07:31,"Mail, down",1 - Critical,New,"1,000,000"\nINC2,2023-10-24 07:07:31,x,,Closed,2\n'),
    "glpi_fr.csv": ("glpi", 1, "\ufeffID;Titre;Statut;Dernière modification;Date d'ouverture;Priorité\n"
        '"1 234";Imprimante;Résolu;2023-10-24 07:07;2023-10-24 07:07;Très haute\n'),
    "glpi_zh.csv": ("glpi", 1, "\ufeffID;标题;状态;最后更新;打开日期\n"
        "1;打印机;处理中;2023-10-24 07:07;2023-10-24 07:07\n"),
    "itop.csv": ("itop", 1, 'Ref,Title,Start date,Status\nI-000001,"a; b",2023-10-24 07:07:31,Assigned\n'),
    "zammad.csv": ("zammad", 1, "Number,Title,State,Create Channel,Created At,Closed At\n"
        "12001,Hello,open,phone,2023-10-24 07:07:31 UTC,\n"),
    "bugzilla.csv": ("bugzilla", 1, 'Bug ID,Opened,Product,Status,Summary\n7,"2023-10-24 07:07:31",Shop,NEW,Crash\n'),
    "bugs.json": ("bugzilla", 1, json.dumps({"bugs": [{"id": 7, "summary": "x", "status": "RESOLVED",
        "creation_time": "2023-10-24T07:07:31Z", "last_change_time": "2023-10-24T07:07:31Z"}]})),
    "tracker.csv": ("spreadsheet", 1, "Issue_id,Title,Description,Status,Created_time\n"
        "1,x,y,RESOLVED,2001-10-10 21:34:00 -0400\n"),
    "redmine.csv": ("spreadsheet", 1, "#,Project,Tracker,Status,Subject,Created\n12,S,Bug,New,x,2023-10-24 07:07\n"),
    "steps.csv": ("itsm_activity", 1, "Incident ID;DateStamp;IncidentActivity_Type\n"
        "IM1;07-01-2013 08:17:17;Open\nIM1;24-01-2013 08:17:17;Closed\n"),
    "prb.json": ("servicenow_problems", 1, json.dumps({"result": [{"number": "PRB1", "short_description": "x",
        "opened_at": "2016-01-19 04:49:47", "state": "4", "known_error": "false"}]})),
    "both.json": ("servicenow", 1, json.dumps({"result": [{
        "number": {"value": "INC1", "display_value": "INC1"}, "sys_id": {"value": "a", "display_value": "a"},
        "opened_at": {"value": "2023-10-24 05:07:31", "display_value": "24.10.2023 7:07:31"},
        "state": {"value": "1", "display_value": "New"}}]})),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE_UP)
def test_an_export_is_recognised_and_every_record_read(tmp_path: Path, name: str) -> None:
    mapping, count, text = MADE_UP[name]
    reading = understand(written(tmp_path, name, text))
    assert reading.mapping.name == mapping
    assert (len(records(reading)), refused(reading)) == (count, [])


def test_states_of_localised_exports_are_known(tmp_path: Path) -> None:
    for name, state in (("glpi_fr.csv", State.RESOLVED), ("glpi_zh.csv", State.OPEN), ("jira_zh.csv", State.OPEN)):
        (record,) = records(understand(written(tmp_path, name, MADE_UP[name][2])))
        assert isinstance(record, IncidentData)
        assert record.state == state
    (problem,) = records(understand(written(tmp_path, "prb.json", MADE_UP["prb.json"][2])))
    assert isinstance(problem, ProblemData)
    assert problem.state == State.CLOSED


ONE = {"key": "A-1", "summary": "x", "created": "2026-11-28T05:31:22.000+0000"}
TWO = [ONE, ONE | {"key": "A-2"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("array.jsonl", json.dumps(TWO)),
        ("pretty.jsonl", json.dumps(TWO, indent=2)),
        ("pretty.json", json.dumps({"issues": TWO}, indent=2)),
        ("lines.json", "\n".join(map(json.dumps, TWO))),
        ("blank.jsonl", "\ufeff\n\n" + "\n\n".join(map(json.dumps, TWO)) + "\n\n"),
    ],
)
def test_json_is_read_by_its_form_whatever_its_ending(tmp_path: Path, name: str, text: str) -> None:
    assert [record.external_id for record in records(understand(written(tmp_path, name, text)))] == ["A-1", "A-2"]


def test_not_a_number_says_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", json.dumps(ONE | {"description": float("nan")}))
    (record,) = records(understand(path))
    assert isinstance(record, IncidentData)
    assert record.description == ""


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_found(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, "a.csv", ZH + "SJ-1,登录失败,2024/3/5 14:02,网络\n" * 1, name)
    reading = understand(path)
    assert (reading.shape.encoding, len(records(reading))) == (name, 1)


def test_the_header_is_found_below_lines_with_several_cells(tmp_path: Path) -> None:
    text = f"2024年事件清单,,,\n导出人：张三,,导出时间：2024-01-01,\n{ZH}SJ-1,a,2024/3/5,网络\n合计,1,,\n"
    reading = understand(written(tmp_path, "a.csv", text))
    assert (reading.shape.header_line, len(records(reading)), [line for line, _ in refused(reading)]) == (3, 1, [5])


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    rows = "".join(f"SJ-{n},a,2024/3/5,网络\n" for n in range(2, 6))
    reading = understand(written(tmp_path, "a.csv", f'{ZH}SJ-1,"a,2024/3/5,网络\n{rows}SJ-6,"x\ny",2024/3/5,网络\n'))
    assert [record.external_id for record in records(reading)] == [f"SJ-{n}" for n in range(2, 7)]
    assert [(line, "never closed" in why) for line, why in refused(reading)] == [(2, True)]


@pytest.mark.parametrize(
    ("text", "what"),
    [("<html><table>", "a web page"), ('\ufeff <?xml version="1.0"?>', "XML"), ('[{"id": 1}]', r"\.jsonl")],
)
def test_text_that_is_no_table_is_called_what_it_is(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(BadFile, match=what):
        understand(written(tmp_path, "a.csv", text))


def test_the_sheet_with_the_table_is_read_and_further_tables_are_named(tmp_path: Path) -> None:
    def build(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("说明").write_row(0, 0, ["序号", "表名"])
        for name in ("一月", "二月"):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, 2, "事件清单")
            sheet.write_row(1, 0, ["事件编号", "标题", "发生时间"])
            sheet.write_row(2, 0, [f"SJ-{name}", "a", 45356.5])
            sheet.write_row(3, 0, [f"SJ-{name}2", "a"])
            sheet.write_formula(3, 2, "=NA()", None, "#N/A")

    reading = understand(workbook(tmp_path / "a.xlsx", build))
    assert [record.external_id for record in records(reading)] == ["SJ-一月"]
    assert [(note.value, note.what[:20]) for note in reading.notes] == [("二月", "is a further sheet w")]
    assert [line for line, _ in refused(reading)] == [4]
