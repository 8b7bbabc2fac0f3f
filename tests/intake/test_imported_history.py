"""A team arrives with its register of problems, its known errors and changes: 历史导入."""

from pathlib import Path

import pytest
from django.utils.translation import override

from genyin.base import clock, events
from genyin.base.models import Event
from genyin.changes.models import Change
from genyin.intake import actions
from genyin.intake.models import ImportRun
from genyin.intake.rejects import folder
from genyin.knowledge.models import KnownError
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from tests.cast import Cast
from tests.intake.conftest import Table, rows_of

SOLVED = {
    "问题单号": "WT-202301-001", "标题": "交换机内存泄漏", "来源": "趋势分析", "分类": "硬件设备",
    "级别": "高", "涉及系统": "network", "提交人": "一线一", "登记日期": "2023/1/5", "负责人": "owner",
    "根本原因(摘要)": "固件缺陷", "解决方案(摘要)": "升级固件", "变更单号": "CHG-1", "状态": "已关闭",
    "解决日期": "2023/2/1", "关闭日期": "2023/2/3", "结束代码": "根本解决", "备注": "已归档",
}  # fmt: skip
OPEN = {
    "问题单号": "WT-202301-002", "标题": "打印服务缓慢", "分类": "打印", "涉及系统": "打印", "登记日期": "2023/1/9",
    "负责人": "离职的人", "状态": "分析中", "关联事件": "INC00001",
}  # fmt: skip


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.rejected


def test_an_existing_register_keeps_numbers_and_dates_and_opens_no_control_point(cast: Cast, table: Table) -> None:
    path = table(rows_of(SOLVED, OPEN), "register.csv")
    assert counts(actions.run(path, source="register", kind="problems", by=cast.lead)) == (2, 0, 0, 0)
    solved, unsolved = Problem.objects.order_by("number")
    assert (solved.number, solved.stage, solved.outcome, solved.status) == (
        "WT-202301-001",
        "closed",
        "fixed",
        "resolved",
    )
    assert (solved.source, solved.category, solved.level, solved.is_imported) == ("trend", "hardware", "high", True)
    assert solved.registered_at.isoformat() == "2023-01-04T16:00:00+00:00"
    assert solved.owner == cast.user("owner")
    assert solved.causes.get().text == "固件缺陷"
    assert solved.register_entry.content["solution"] == "升级固件"
    assert (unsolved.stage, unsolved.status, unsolved.owner, unsolved.category) == (
        "submitted",
        "unresolved",
        None,
        "打印",
    )
    assert "离职的人" in unsolved.comments.get().text
    assert not unsolved.service.confirmed
    assert not solved.points.exists()
    assert not unsolved.points.exists()
    assert Event.objects.filter(verb="problem.imported").count() == 2


def test_a_second_import_changes_nothing_and_a_changed_row_its_problem(cast: Cast, table: Table) -> None:
    actions.run(table(rows_of(SOLVED, OPEN), "register.csv"), source="register", kind="problems", by=cast.lead)
    head = events.head()
    again = actions.run(table(rows_of(SOLVED, OPEN), "register.csv"), source="register", kind="problems", by=cast.lead)
    assert (counts(again), events.head()) == ((0, 0, 2, 0), head)
    changed = table(
        rows_of(SOLVED, OPEN | {"状态": "已解决", "解决日期": "2023/3/1", "根本原因(摘要)": "驱动"}), "register.csv"
    )
    assert counts(actions.run(changed, source="register", kind="problems", by=cast.lead)) == (0, 1, 1, 0)
    assert Problem.objects.get(number="WT-202301-002").stage == "resolved"


def test_open_history_goes_on_here_and_is_then_left_alone_by_the_file(cast: Cast, table: Table) -> None:
    path = table(rows_of(OPEN | {"分类": "软件系统", "涉及系统": "network"}), "register.csv")
    actions.run(path, source="register", kind="problems", by=cast.lead)
    problem = Problem.objects.get()
    problems.dispatch(problem, owner=cast.user("owner"), by=cast.lead)
    assert counts(actions.run(path, source="register", kind="problems", by=cast.lead)) == (0, 0, 1, 0)
    problem.refresh_from_db()
    assert (problem.stage, problem.owner) == ("assigned", cast.user("owner"))


def test_a_number_registered_here_is_not_overwritten(cast: Cast, table: Table) -> None:
    own = cast.submitted(title="Ours")
    path = table(rows_of(SOLVED | {"问题单号": own.number}), "r.csv")
    with override("en"):
        run = actions.run(path, kind="problems", source="register", by=cast.lead)
    assert counts(run) == (0, 0, 0, 1)
    own.refresh_from_db()
    assert own.title == "Ours"
    assert "was registered here" in (folder(run.pk) / "rejects.csv").read_text("utf-8-sig")


def test_numbers_that_were_imported_are_not_drawn_again(cast: Cast, table: Table) -> None:
    month = clock.month_of(clock.now(), "Asia/Shanghai").replace("-", "")
    path = table(rows_of(SOLVED | {"问题单号": f"WT-{month}-001"}, OPEN | {"问题单号": f"WT-{month}-007"}), "r.csv")
    actions.run(path, kind="problems", source="register", by=cast.lead)
    assert cast.submitted().number == f"WT-{month}-008"


def test_incidents_named_by_the_register_are_linked(cast: Cast, table: Table) -> None:
    incident = cast.incident()
    actions.run(
        table(rows_of(OPEN | {"涉及系统": "network"}), "r.csv"), kind="problems", source="register", by=cast.lead
    )
    assert [link.incident for link in Problem.objects.get().links.all()] == [incident]


def test_known_errors_arrive_with_number_service_and_problem(cast: Cast, table: Table) -> None:
    actions.run(table(rows_of(SOLVED), "r.csv"), kind="problems", source="register", by=cast.lead)
    leak = {
        "编号": "KE-0000012", "名称": "内存泄漏", "症状": "夜间重启", "根本原因": "固件", "变通方法": "每周重启",
        "关联问题单": "WT-202301-001", "服务": "network", "关键词": "内存、交换机", "状态": "有效",
    }  # fmt: skip
    old = {"编号": "KE-0000013", "名称": "旧错误", "症状": "缓慢", "变通方法": "", "服务": "打印", "状态": "失效"}
    path = table(rows_of(leak, old), "known.csv")
    assert counts(actions.run(path, kind="known_errors", source="kb", by=cast.lead)) == (2, 0, 0, 0)
    first, second = KnownError.objects.order_by("number")
    assert (first.problem and first.problem.number, first.state, first.is_imported) == ("WT-202301-001", "active", True)
    assert (second.state, second.service.confirmed) == ("retired", False)
    assert counts(actions.run(path, kind="known_errors", source="kb", by=cast.lead)) == (0, 0, 2, 0)


def test_changes_arrive_at_imported_problems_only(cast: Cast, table: Table) -> None:
    own = cast.submitted()
    actions.run(table(rows_of(SOLVED), "r.csv"), kind="problems", source="register", by=cast.lead)
    one = {
        "变更单号": "CHG-1",
        "标题": "升级固件",
        "结果": "成功",
        "实际实施时间": "2023/1/30 22:00",
        "关联问题": "WT-202301-001",
    }
    path = table(
        rows_of(one, one | {"变更单号": "CHG-2", "关联问题": own.number}, one | {"变更单号": "CHG-3", "关联问题": "?"}),
        "c.csv",
    )
    assert counts(actions.run(path, kind="changes", source="changes", by=cast.lead)) == (1, 0, 0, 2)
    assert Change.objects.get().state == "succeeded"
    assert counts(actions.run(path, kind="changes", source="changes", by=cast.lead)) == (0, 0, 1, 2)


@pytest.mark.data
@pytest.mark.slow
def test_a_real_log_of_problems_is_imported_with_its_dates(cast: Cast, real_data: Path) -> None:
    path = real_data / "bpi2013_volvo" / "VINST_closed_problems.csv"
    assert counts(actions.run(path, source="vinst", by=cast.lead)) == (1_487, 0, 0, 0)
    assert Problem.objects.filter(stage="closed", outcome="fixed").count() == 1_487
    assert counts(actions.run(path, source="vinst", by=cast.lead)) == (0, 0, 1_487, 0)
