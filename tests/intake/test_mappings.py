"""Mapping files: checked when loaded, recognised by the header row, each for its own files only."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext

from genyin.base.errors import BadFile
from genyin.incidents.data import (
    Environment,
    Grade,
    IncidentData,
    KnownErrorData,
    PersonData,
    ProblemData,
    ServiceData,
    State,
)
from genyin.intake import library
from genyin.intake.recognise import recognised
from genyin.intake.records import Told
from genyin.intake.rows import Shape
from genyin.intake.stream import understand
from genyin.people.roles import PERSONAL, ROLES
from tests.intake.conftest import Table, rows_of

#: A header row as each system writes it; the kind it is imported as is the mapping's own.
HEADERS = {
    "servicenow": "number,short_description,caller_id,state,opened_at,resolved_at,assignment_group,sys_updated_on",
    "jira": "Issue key,Summary,Status,Priority,Created,Resolved,Component/s,Issue Type,Project key",
    "itsm": "CI_Name,CI_Cat,WBS,Incident_ID,Status,Impact,Open_Time,Close_Time,Handle_Time_hrs,KB_number",
    "itop": "Ref,Title,Status,Start date,Organization->Name,Service->Name,Resolution date,Close date,Team->Name",
    "glpi": "ID,Title,Status,Last update,Opening date,Priority,Requester - Requester,Assigned to - Technician,Category",
    "zammad": "id,number,title,group,state,priority,customer,created_at,updated_at,close_at,article_count",
    "vinst": "Problem Number;Problem Change Date+Time;Problem Status;Problem Sub Status;Problem Latest Impact;Product",
    "vinst_incidents": "SR Number;Change Date+Time;Status;Sub Status;SR Latest Impact;Product;Involved ST",
    "spreadsheet": "事件编号,标题,描述,服务,发生时间,解决时间,影响度,状态",
    "register": "序号,问题单号,标题,来源,分类,级别,涉及系统,提交人,登记日期,负责人,根本原因(摘要),状态,解决日期",
    "known_errors": "编号,名称,症状,根本原因,变通方法,关联问题单,服务",
    "services": "服务名称,客户,项目,可用性目标,配置项",
    "people": "账号,姓名,邮箱,角色,团队",
    "changes": "变更单号,标题,状态,结果,实际实施时间,关联问题",
    "servicenow_problems": "number,short_description,problem_state,opened_at,priority,known_error,cause_notes",
    "itsm_activity": "Incident ID;DateStamp;IncidentActivity_Number;IncidentActivity_Type;Assignment Group;KM number",
    "bugzilla": "Bug ID,Opened,Product,Component,Severity,Priority,Status,Resolution,Summary,Changed",
}  # fmt: skip


def shape_of(header: str) -> Shape:
    columns = header.split(";" if ";" in header else ",")
    return Shape("a.csv", ".csv", "", "utf-8", ",", "", tuple(columns), 1)


def test_every_ready_mapping_has_a_header_here() -> None:
    assert {mapping.name for mapping in library.all_ready()} == set(HEADERS)


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_recognised_whatever_the_order_and_case_of_its_columns(name: str) -> None:
    mapping = library.ready(name)
    assert mapping is not None
    columns = shape_of(HEADERS[name]).columns
    for seed in range(5):
        mixed = [column.upper() for column in random.Random(seed).sample(columns, len(columns))]
        assert recognised(shape_of(";".join(mixed)), kind=mapping.kind).name == name


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_fits_no_other_mapping_of_its_kind(name: str) -> None:
    mapping = library.ready(name)
    assert mapping is not None
    assert recognised(shape_of(HEADERS[name]), kind=mapping.kind).name == name


def test_english_headings_of_a_spreadsheet_are_recognised_too() -> None:
    assert (
        recognised(shape_of("Ticket,Subject,Service,Occurred at,Resolved at"), kind="incidents").name == "spreadsheet"
    )


def test_a_file_of_another_kind_is_named_as_such() -> None:
    with pytest.raises(BadFile, match="holds problems"):
        recognised(shape_of(HEADERS["vinst"]), kind="incidents")


def test_two_fitting_mappings_are_named() -> None:
    both = f"{HEADERS['itsm']},{HEADERS['spreadsheet']}"
    with pytest.raises(BadFile, match="itsm, spreadsheet"):
        recognised(shape_of(both), kind="incidents")


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("a,b,c", "neither a column with the number of each record nor one with its date; its columns are a, b, c"),
        ("标题,发生时间,服务", "no column with the number"),
        ("编号,标题,服务", "none of the known mappings"),
    ],
)
def test_a_file_that_nothing_fits_says_what_is_missing(header: str, what: str) -> None:
    with pytest.raises(BadFile, match=what):
        recognised(shape_of(header), kind="incidents")


def told(path: Path, **more: str) -> list[Told]:
    return list(understand(path, zone="Asia/Shanghai", **more).told())  # type: ignore[arg-type]


def test_a_chinese_spreadsheet_becomes_incidents(table: Table) -> None:
    one = {
        "事件编号": "SJ-1", "标题": "核心交换机重启", "描述": "夜间重启", "客户": "示例医院", "服务": "网络",
        "配置项": "sw-01", "环境": "生产", "发生时间": "2024年1月5日 10:30", "解决时间": "2024/1/5 12:00",
        "影响度": "高", "优先级": "P2", "状态": "已解决", "中断时长": "90", "是否重大": "是",
    }  # fmt: skip
    two = {
        "事件编号": "SJ-2", "标题": "打印缓慢", "环境": "测试环境", "发生时间": "2024-1-6 9:05", "影响度": "低",
        "状态": "处理中", "中断时长": "-",
    }  # fmt: skip
    path = table(rows_of(one, two), encoding="gb18030")
    first, second = (item.record for item in told(path))
    assert isinstance(first, IncidentData)
    assert isinstance(second, IncidentData)
    assert (first.customer, first.service, first.ci) == ("示例医院", "网络", "sw-01")
    assert (first.environment, first.impact, first.priority) == (Environment.PRODUCTION, Grade.HIGH, Grade.HIGH)
    assert (first.state, first.major, first.outage_minutes) == (State.RESOLVED, True, 90)
    assert first.occurred_at == first.opened_at == datetime(2024, 1, 5, 2, 30, tzinfo=UTC)
    assert first.resolved_at == datetime(2024, 1, 5, 4, 0, tzinfo=UTC)
    assert (second.environment, second.state, second.outage_minutes) == (Environment.TEST, State.OPEN, None)


def test_an_existing_register_becomes_problems_with_number_and_dates(table: Table) -> None:
    one = {
        "序号": "1", "问题单号": "WT-202301-001", "标题": "交换机内存泄漏", "来源": "趋势分析", "分类": "硬件设备",
        "级别": "高", "涉及系统": "网络", "登记日期": "2023/1/5", "负责人": "网络工程师一",
        "根本原因(摘要)": "固件缺陷", "状态": "已解决", "解决日期": "2023/2/1",
    }  # fmt: skip
    two = {
        "序号": "2", "问题单号": "WT-202301-002", "标题": "打印服务", "来源": "巡检", "分类": "软件系统", "级别": "中",
        "涉及系统": "打印", "登记日期": "2023/1/9", "状态": "分析中",
    }  # fmt: skip
    path = table([["2023年问题记录汇总表"], *rows_of(one, two)])
    first, second = (item.record for item in told(path, kind="problems"))
    assert isinstance(first, ProblemData)
    assert isinstance(second, ProblemData)
    assert (first.external_id, first.origin, first.category, first.level) == (
        "WT-202301-001",
        "trend",
        "hardware",
        "high",
    )
    assert first.registered_at == datetime(2023, 1, 4, 16, 0, tzinfo=UTC)
    assert (first.state, second.state) == (State.RESOLVED, State.OPEN)


def test_services_known_errors_and_people_are_read(table: Table) -> None:
    services = table(
        [["服务名称", "客户", "项目", "可用性目标", "配置项"], ["网络", "示例医院", "运维", "99.9%", "sw-01、sw-02"]],
        "s.csv",
    )
    known = table(
        [
            ["编号", "名称", "症状", "变通方法", "状态", "关键词"],
            ["KE-1", "内存泄漏", "重启", "定期重启", "失效", "内存,交换机"],
        ],
        "k.csv",
    )
    people = table(
        [["账号", "姓名", "邮箱", "角色"], ["net1", "网络工程师一", "net1@example.com", "owner;analyst"]], "p.csv"
    )
    service, error, person = (
        told(path, kind=kind)[0].record
        for path, kind in ((services, "services"), (known, "known_errors"), (people, "people"))
    )
    assert isinstance(service, ServiceData)
    assert (service.name, service.availability_target, service.cis) == ("网络", 99.9, ("sw-01", "sw-02"))
    assert isinstance(error, KnownErrorData)
    assert (error.retired, error.keywords) == (True, ("内存", "交换机"))
    assert isinstance(person, PersonData)
    assert (person.external_id, person.roles) == ("net1", ("owner", "analyst"))


def test_every_bad_value_of_a_row_is_named_with_its_column(table: Table) -> None:
    bad = {"编号": "SJ-1", "标题": "x", "发生时间": "someday", "环境": "moon", "中断时长": "long"}
    path = table(rows_of(bad, {"标题": "no number", "发生时间": "2024-01-01"}))
    first, second = told(path)
    assert [(p.line, p.column, p.value) for p in first.problems] == [
        (2, "环境", "moon"), (2, "发生时间", "someday"), (2, "中断时长", "long")
    ]  # fmt: skip
    assert [(p.line, p.column, str(p)) for p in second.problems] == [(3, "编号", "is empty and must be filled")]
    assert first.problems[0].original["标题"] == "x"


def test_the_second_row_with_a_number_is_refused_and_points_to_the_first(table: Table) -> None:
    path = table([["编号", "标题", "发生时间"], ["SJ-1", "a", "2024-01-01"], ["SJ-1", "b", "2024-01-02"]])
    assert "already on line 2" in str(told(path)[1].problems[0])


def test_text_too_long_for_its_place_is_kept_whole_beside_it(table: Table) -> None:
    path = table([["编号", "标题", "发生时间"], ["SJ-1", "很长" * 400, "2024-01-01"]])
    record = told(path)[0].record
    assert isinstance(record, IncidentData)
    assert len(record.title) == 500
    assert record.extra["title"] == "很长" * 400


def test_zero_bytes_and_half_emoji_do_not_reach_the_database(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"key": "A-1", "summary": "half \\ud83d emoji", "description": "log\\u0000line", "created": "2024-01-01"}\n'
        '{"key": "A\\u0000-2", "summary": "x", "created": "2024-01-01T00:00:00Z"}\n'
    )
    good, bad = told(path)
    assert isinstance(good.record, IncidentData)
    assert (good.record.title, good.record.description) == ("half \ufffd emoji", "log\ufffdline")
    assert "zero byte" in str(bad.problems[0])


MAPPING = """
kind = "incidents"
zone = "UTC"
dates = ["%d-%m-%Y"]
[fields]
external_id = "Nr"
title = "Wat"
opened_at = "Wanneer"
state = { columns = ["Toestand"], values = "state" }
[values.state]
klaar = "closed"
"""


def test_a_mapping_of_ones_own_reads_a_foreign_file(table: Table, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(MAPPING)
    path = table(
        [
            ["Nr", "Wat", "Wanneer", "Toestand"],
            ["1", "Storing", "05-03-2024", "Klaar"],
            ["2", "x", "06-03-2024", "bezig"],
        ]
    )
    reading = understand(path, source="desk", mapping=own)
    good, bad = reading.told()
    assert isinstance(good.record, IncidentData)
    assert (good.record.source, good.record.state) == ("desk", State.CLOSED)
    assert good.record.opened_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert str(bad.problems[0]) == "is not one of: klaar"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("[fields]", "[field]"), "“field” is unknown"),
        (('external_id = "Nr"', ""), "must say where external_id comes from"),
        (('title = "Wat"', 'titel = "Wat"'), "“fields.titel” is unknown"),
        (('zone = "UTC"', 'zone = "Mars/Olympus"'), "no time zone"),
        (('klaar = "closed"', 'klaar = "gone"'), "turns “klaar” into “gone”"),
        (('values = "state"', 'values = "stat"'), "names a table that is not there"),
        (('dates = ["%d-%m-%Y"]', "dates = 5"), "“dates” must be a list"),
        (('kind = "incidents"', 'kind = "fish"'), "must be one of incidents"),
        (("[fields]", "[fields"), "cannot be read"),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_its_place(
    table: Table, tmp_path: Path, change: tuple[str, str], what: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(MAPPING.replace(*change))
    path = table([["Nr", "Wat", "Wanneer", "Toestand"], ["1", "Storing", "05-03-2024", "Klaar"]])
    with pytest.raises(BadFile, match=what) as caught:
        understand(path, mapping=own)
    assert caught.value.file == "own.toml"


def test_the_name_of_a_source_reaches_no_file_outside_the_ready_mappings() -> None:
    assert library.ready("../../pyproject") is None
    assert library.ready("") is None


def test_a_ready_mapping_asked_for_by_name_must_fit(table: Table) -> None:
    path = table([["编号", "标题", "发生时间"], ["SJ-1", "a", "2024-01-01"]])
    with pytest.raises(
        BadFile,
        match=r"cannot be read with the mapping itsm: it has no column external_id \(Incident_ID, Interaction ID\)",
    ):
        understand(path, source="itsm")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_role_is_understood_by_the_name_the_screens_give_it(language: str) -> None:
    people = next(mapping for mapping in library.all_ready() if mapping.name == "people")
    words = people.fields["roles"].table
    assert words is not None
    with translation.override(language):
        assert {code: words[gettext(ROLES[code].name).casefold()] for code in PERSONAL} == {c: c for c in PERSONAL}
