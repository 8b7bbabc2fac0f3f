"""Every kind of record: cut off in the middle and begun again, imported a second time, nothing is there twice."""

from collections.abc import Iterator

import pytest

from genyin.base.models import Event
from genyin.changes.models import Change
from genyin.incidents.models import Incident, Service
from genyin.intake import actions
from genyin.intake.models import ImportRun, RunState
from genyin.intake.progress import Progress
from genyin.knowledge.models import KnownError
from genyin.people.models import User
from genyin.problems.models import Problem
from tests.cast import ADMIN, Cast
from tests.intake.conftest import Table, rows_of

ROWS = 130  # more than the first transaction holds


class PulledOut(Exception):
    """The plug."""


def _rows(kind: str) -> Iterator[dict[str, str]]:
    for n in range(ROWS):
        yield {
            "incidents": {"事件编号": f"SJ-{n}", "标题": f"告警 {n}", "发生时间": "2024-01-05 10:00", "服务": "网络"},
            "problems": {
                "问题单号": f"WT-202301-{n:03d}",
                "标题": f"问题 {n}",
                "登记日期": "2023/1/5",
                "负责人": "owner",
            },
            "known_errors": {
                "编号": f"KE-{n:07d}",
                "名称": f"错误 {n}",
                "症状": "重启",
                "变通方法": "等待",
                "服务": "网络",
            },
            "changes": {"变更单号": f"CHG-{n}", "标题": f"变更 {n}", "结果": "成功", "关联问题": "WT-202301-001"},
            "services": {"服务名称": f"服务 {n}", "客户": "甲医院", "项目": "运维", "配置项": f"sw-{n}"},
            "people": {"账号": f"net{n}", "姓名": f"工程师 {n}", "邮箱": f"net{n}@example.com", "角色": "analyst"},
        }[kind]


MODELS = {
    "incidents": Incident, "problems": Problem, "known_errors": KnownError, "changes": Change, "services": Service,
    "people": User,
}  # fmt: skip


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.rejected


@pytest.mark.parametrize("kind", MODELS)
def test_cut_off_in_the_middle_each_kind_ends_as_if_nothing_had_happened(cast: Cast, table: Table, kind: str) -> None:
    if kind == "changes":
        register = table(rows_of(*_rows("problems")), "register.csv")
        actions.run(register, source="register", kind="problems", by=ADMIN)
    path, before = table(rows_of(*_rows(kind)), f"{kind}.csv"), MODELS[kind]._default_manager.count()

    def pull_out(at: Progress) -> None:
        if at.phase == "writing" and 0 < at.rows < ROWS:
            raise PulledOut

    with pytest.raises(PulledOut):
        actions.run(path, source="desk", kind=kind, progress=pull_out, by=ADMIN)
    assert 0 < MODELS[kind]._default_manager.count() - before < ROWS
    run = actions.run(path, source="desk", kind=kind, by=ADMIN)
    assert (counts(run), run.state) == ((ROWS, 0, 0, 0), RunState.DONE)
    assert MODELS[kind]._default_manager.count() - before == ROWS
    events = Event.objects.count()
    assert counts(actions.run(path, source="desk", kind=kind, by=ADMIN)) == (0, 0, ROWS, 0)
    assert MODELS[kind]._default_manager.count() - before == ROWS
    assert Event.objects.count() == events
