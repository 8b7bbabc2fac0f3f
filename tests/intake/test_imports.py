"""Imports into a real database: idempotent, in short transactions, gone on with after a kill, nobody's row lost."""

import csv
import json
from pathlib import Path

import pytest

from genyin.base import events
from genyin.base.actor import job
from genyin.base.errors import BadFile, Conflict, NotAllowed
from genyin.base.models import Event
from genyin.incidents.models import ConfigurationItem, Incident, Service
from genyin.intake import actions, progress
from genyin.intake.models import ImportRun, RunState
from genyin.intake.progress import Progress
from genyin.intake.rejects import folder
from genyin.people.models import User
from tests.cast import ADMIN, Cast
from tests.intake.conftest import UCI_LOG, Table

BY = job("command")
HEADER = ["事件编号", "标题", "客户", "服务", "配置项", "发生时间", "环境", "状态"]


def line(number: int, **more: str) -> list[str]:
    told = {
        "事件编号": f"SJ-{number}", "标题": f"交换机告警 {number}", "客户": "", "服务": f"网络 {number % 3}",
        "配置项": f"sw-{number % 5}", "发生时间": f"2024-01-{number % 28 + 1:02d} 10:00", "环境": "", "状态": "处理中",
    }  # fmt: skip
    return list((told | more).values())


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.rejected


def test_an_import_creates_and_a_second_one_changes_nothing(db: None, table: Table) -> None:
    path = table([HEADER, *(line(n) for n in range(250))])
    first = actions.run(path, source="desk", by=BY)
    assert (first.state, first.rows, first.records) == (RunState.DONE, 250, 250)
    assert counts(first) == (250, 0, 0, 0)
    before, head = list(Incident.objects.order_by("id").values()), events.head()
    second = actions.run(path, source="desk", by=BY)
    assert counts(second) == (0, 0, 250, 0)
    assert list(Incident.objects.order_by("id").values()) == before
    assert events.head() == head


def test_a_changed_row_updates_its_incident_and_keeps_the_day_it_arrived(db: None, table: Table) -> None:
    actions.run(table([HEADER, *(line(n) for n in range(5))]), source="desk", by=BY)
    before = Incident.objects.get(external_id="SJ-3")
    run = actions.run(
        table([HEADER, *(line(n, 状态="已关闭" if n == 3 else "处理中") for n in range(6))]), source="desk", by=BY
    )
    assert counts(run) == (1, 1, 4, 0)
    after = Incident.objects.get(external_id="SJ-3")
    assert (after.pk, after.state, after.received_at) == (before.pk, "closed", before.received_at)


def test_the_same_number_from_two_sources_is_two_incidents(db: None, table: Table) -> None:
    path = table([HEADER, line(1)])
    actions.run(path, source="desk", by=BY)
    assert counts(actions.run(path, source="other desk", by=BY)) == (1, 0, 0, 0)
    assert Incident.objects.filter(external_id="SJ-1").count() == 2


def test_what_was_written_earlier_does_not_undo_what_was_written_later(db: None, table: Table) -> None:
    header = ["number", "state", "opened_at", "sys_updated_on", "short_description"]
    newer = table([header, ["INC1", "7", "2024-01-01 10:00:00", "2024-01-05 10:00:00", "disk full"]], "new.csv")
    older = table([header, ["INC1", "2", "2024-01-01 10:00:00", "2024-01-02 10:00:00", "disk full"]], "old.csv")
    actions.run(newer, source="servicenow", by=BY)
    assert counts(actions.run(older, source="servicenow", by=BY)) == (0, 0, 1, 0)
    assert Incident.objects.get().state == "closed"


def test_an_unknown_service_is_created_unconfirmed_and_listed(db: None, table: Table) -> None:
    Service.objects.create(name="网络 0")
    run = actions.run(table([HEADER, *(line(n) for n in range(9)), line(9, 服务="")]), source="desk", by=BY)
    assert run.new_services == ["desk", "网络 1", "网络 2"]
    assert set(Service.objects.filter(confirmed=False).values_list("name", flat=True)) == {"desk", "网络 1", "网络 2"}
    assert Incident.objects.get(external_id="SJ-9").service.name == "desk"
    assert ConfigurationItem.objects.filter(service__name="网络 0").count() == 3


def test_a_missing_environment_counts_as_production_and_is_marked_assumed(db: None, table: Table) -> None:
    actions.run(table([HEADER, line(1), line(2, 环境="生产"), line(3, 环境="测试")]), source="desk", by=BY)
    found = Incident.objects.order_by("external_id").values_list("environment", "environment_assumed")
    assert list(found) == [("production", True), ("production", False), ("test", False)]


def test_services_of_two_customers_that_are_called_alike_stay_apart(db: None, table: Table) -> None:
    rows = [
        line(1, 客户="甲医院", 服务="邮件"),
        line(2, 客户="乙港务", 服务="邮件"),
        line(3, 客户="乙港务", 服务="邮件", 配置项="mx"),
    ]
    actions.run(table([HEADER, *rows]), source="desk", by=BY)
    named = {
        i.external_id: (i.service.name, i.service.customer and i.service.customer.name)
        for i in Incident.objects.select_related("service__customer")
    }
    assert named == {
        "SJ-1": ("邮件", "甲医院"),
        "SJ-2": ("邮件 (乙港务)", "乙港务"),
        "SJ-3": ("邮件 (乙港务)", "乙港务"),
    }
    again = actions.run(table([HEADER, *rows, line(4, 客户="乙港务", 服务="邮件")]), source="desk", by=BY)
    assert counts(again) == (1, 0, 3, 0)
    assert Service.objects.count() == 2


def test_a_record_that_names_its_customer_is_not_filed_where_nobody_or_another_may_see_it(
    db: None, table: Table
) -> None:
    nobodys = [line(1, 客户="", 服务="邮件")]
    actions.run(table([HEADER, *nobodys]), source="desk", by=BY)
    rows = [line(2, 客户="甲医院", 服务="邮件"), line(3, 客户="乙港务", 服务="邮件"), line(4, 客户="", 服务="邮件")]
    actions.run(table([HEADER, *rows]), source="desk", by=BY)
    filed = dict(Incident.objects.values_list("external_id", "service__name"))
    assert filed == {"SJ-1": "邮件", "SJ-2": "邮件 (甲医院)", "SJ-3": "邮件 (乙港务)", "SJ-4": "邮件"}
    assert {s.name: s.customer and s.customer.name for s in Service.objects.select_related("customer")} == {
        "邮件": None,
        "邮件 (甲医院)": "甲医院",
        "邮件 (乙港务)": "乙港务",
    }


def test_a_service_with_the_name_of_anothers_is_no_way_in(db: None, table: Table) -> None:
    rows = [
        line(1, 客户="甲医院", 服务="邮件"),
        line(2, 客户="甲医院", 服务="邮件 (乙港务)"),
        line(3, 客户="乙港务", 服务="邮件"),
    ]
    actions.run(table([HEADER, *rows]), source="desk", by=BY)
    filed = {i.external_id: str(i.service.customer) for i in Incident.objects.select_related("service__customer")}
    assert filed == {"SJ-1": "甲医院", "SJ-2": "甲医院", "SJ-3": "乙港务"}


def test_bad_rows_are_listed_with_their_place_and_never_stop_the_good_ones(db: None, table: Table) -> None:
    path = table(
        [HEADER, line(1), line(2, 发生时间="31/2/2024"), line(3, 事件编号=""), [*line(4), "one too many"], line(5)]
    )
    run = actions.run(path, source="desk", by=BY)
    assert counts(run) == (2, 0, 0, 3)
    assert (run.rows, run.rows_found, run.rejects_found) == (5, 5, 3)
    with (folder(run.pk) / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.reader(file))
    assert listed[0] == ["file", "line", "column", "value", "reason", *HEADER]
    assert [row[:4] for row in listed[1:]] == [
        ["incidents.csv", "3", "发生时间", "31/2/2024"],
        ["incidents.csv", "4", "事件编号", ""],
        ["incidents.csv", "5", "", ",".join([*line(4), "one too many"])],
    ]
    assert listed[1][5:] == line(2, 发生时间="31/2/2024")
    assert listed[3][5:] == [*line(4), "one too many"]


def test_refused_rows_of_a_jsonl_file_keep_their_record(db: None, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    bad = {"key": "A-2", "summary": "bad", "created": "never"}
    path.write_text('{"key": "A-1", "summary": "good", "created": "2024-01-01T00:00:00Z"}\n' + json.dumps(bad) + "\n")
    run = actions.run(path, source="A", by=BY)
    assert counts(run) == (1, 0, 0, 1)
    text = (folder(run.pk) / "rejects.csv").read_text("utf-8-sig")
    assert json.loads(list(csv.reader(text.splitlines()))[1][-1]) == bad


def test_a_dry_run_tells_what_would_happen_and_writes_no_record(db: None, table: Table) -> None:
    actions.run(table([HEADER, *(line(n) for n in range(3))]), source="desk", by=BY)
    head = events.head()
    path = table([HEADER, line(0), line(1, 状态="已关闭"), line(7, 服务="新服务"), line(8, 发生时间="?")])
    run = actions.run(path, source="desk", dry_run=True, by=BY)
    assert (run.state, run.rows_found, run.records_found, run.rejects_found) == (RunState.CHECKED, 4, 3, 1)
    assert run.foreseen == {"created": 1, "updated": 1, "unchanged": 1, "new_services": ["新服务"]}
    assert (folder(run.pk) / "rejects.csv").exists()
    assert (Incident.objects.count(), events.head()) == (3, head)
    done = actions.run(path, source="desk", by=BY)
    assert done.pk == run.pk
    assert counts(done) == (1, 1, 1, 1)


def test_every_transaction_leaves_one_event_with_the_digest_of_its_rows(
    db: None, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MAX_CHUNK", 40)
    path = table([HEADER, *(line(n) for n in range(200))])
    actions.run(path, source="desk", by=BY)
    told = Event.objects.filter(verb="incidents.imported").select_related("content")
    assert sum(event.content.after["created"] for event in told) == 200
    assert all(event.content.after["created"] <= 100 and len(event.content.after["digest"]) == 64 for event in told)
    assert events.verify().first_broken is None
    assert Event.objects.get(verb="import.done").content.after["rows"] == 200


def test_progress_tells_rate_and_time_left(db: None, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress.Meter, "EVERY", 0.0)
    heard: list[Progress] = []
    actions.run(table([HEADER, *(line(n) for n in range(300))]), source="desk", progress=heard.append, by=BY)
    assert heard[-1].rows == heard[-1].total == 300
    assert {item.phase for item in heard} == {"checking", "writing"}
    middle = next(item for item in heard if item.phase == "writing" and 0 < item.rows < 300)
    assert middle.rate > 0
    assert middle.seconds_left is not None


def test_the_next_transaction_shrinks_when_the_last_one_took_too_long() -> None:
    pace = progress.Pace()
    pace.took(0.01, 100)
    assert pace.size == 300
    pace.took(3.0, 300)
    assert pace.size == 25
    for _ in range(9):
        pace.took(0.001, pace.size)
    assert pace.size == progress.MAX_CHUNK


def test_a_damaged_file_leaves_nothing_but_its_reason(db: None, tmp_path: Path, table: Table) -> None:
    whole = UCI_LOG.read_bytes()
    path = tmp_path / "log.csv.xz"
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(BadFile, match="not complete"):
        actions.run(path, source="uci", by=BY)
    assert not Incident.objects.exists()


def test_two_processes_cannot_carry_out_the_same_run(db: None, table: Table) -> None:
    path = table([HEADER, *(line(n) for n in range(10))])
    run = actions.run(path, source="desk", dry_run=True, by=BY)
    stale = ImportRun.objects.get(pk=run.pk)
    actions.carry_out(run, by=BY)
    with pytest.raises(Conflict):
        actions.carry_out(stale, by=BY)
    assert Incident.objects.count() == 10


def test_a_file_that_changed_after_its_check_is_not_imported(db: None, table: Table) -> None:
    path = table([HEADER, line(1)])
    run = actions.run(path, source="desk", dry_run=True, by=BY)
    table([HEADER, line(1), line(2)])
    with pytest.raises(BadFile, match="has changed"):
        actions.carry_out(run, by=BY)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("who", ["first_line", "owner", "auditor", "representative", "management"])
def test_an_import_by_somebody_without_the_right_is_refused_before_the_file_is_read(
    cast: Cast, who: str, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        actions.run(tmp_path / "not there.csv", by=getattr(cast, who))


def test_the_lead_imports(cast: Cast, table: Table) -> None:
    assert counts(actions.run(table([HEADER, line(1)]), source="desk", by=cast.lead)) == (1, 0, 0, 0)


def test_services_are_imported_and_what_an_import_met_becomes_confirmed(cast: Cast, table: Table) -> None:
    actions.run(table([HEADER, line(0)]), source="desk", by=cast.lead)
    assert not Service.objects.get(name="网络 0").confirmed
    rows = [
        ["服务名称", "客户", "项目", "可用性目标", "配置项"],
        ["网络 0", "甲医院", "运维", "99.9%", "sw-0、sw-9"],
        ["门户", "", "", "", ""],
    ]
    path = table(rows, "services.csv")
    assert counts(actions.run(path, kind="services", by=cast.lead)) == (1, 1, 0, 0)
    service = Service.objects.get(name="网络 0")
    assert (service.confirmed, str(service.customer), str(service.availability_target)) == (True, "甲医院", "99.900")
    assert set(service.items.values_list("name", flat=True)) == {"sw-0", "sw-9"}
    assert counts(actions.run(path, kind="services", by=cast.lead)) == (0, 0, 2, 0)


def test_people_are_imported_with_roles_and_the_services_they_see(cast: Cast, table: Table) -> None:
    path = table(
        [
            ["账号", "姓名", "邮箱", "角色", "客户", "服务"],
            ["net1", "网络工程师一", "net1@example.com", "owner、analyst", "", "network"],
            ["net2", "网络工程师二", "net2@example.com", "wizard", "", ""],
            ["net3", "网络工程师三", "net3@example.com", "owner", "", "nowhere"],
        ],
        "people.csv",
    )
    run = actions.run(path, kind="people", by=ADMIN)
    assert counts(run) == (1, 0, 0, 2)
    user = User.objects.get(username="net1")
    assert set(user.grants.values_list("role", flat=True)) == {"owner", "analyst"}
    assert [access.service and access.service.name for access in user.access.select_related("service")] == ["network"]
    listed = (folder(run.pk) / "rejects.csv").read_text("utf-8-sig")
    assert "wizard" in listed
    assert "nowhere" in listed
    assert not User.objects.filter(username="net3").exists()
    assert counts(actions.run(path, kind="people", by=ADMIN)) == (0, 0, 1, 2)
