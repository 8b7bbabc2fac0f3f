"""`genyin report` and `genyin register`."""

import zipfile
from pathlib import Path

import pytest

from tests.cli.commands import Home
from tests.cli.conftest import Table, write

PROBLEMS = [
    ["问题单号", "标题", "涉及系统", "登记日期", "根本原因", "解决方案", "状态", "解决日期", "关闭日期"],
    ["P-1", "VPN 认证失败", "VPN", "2024-03-04", "证书过期", "更换证书", "已关闭", "2024-03-10", "2024-03-12"],
    ["P-2", "邮件退信", "邮件", "2024-03-05", "SPF 缺失", "补充 SPF", "已关闭", "2024-03-20", "2024-03-21"],
    ["P-3", "打印乱码", "打印", "2024-03-06", "", "", "分析中", "", ""],
    ["P-4", "上月的问题", "打印", "2024-02-06", "", "", "分析中", "", ""],
]
INCIDENTS = [
    ["编号", "标题", "服务", "发生时间"],
    *([str(n), "告警", "网络", f"2024-03-0{n} 10:00"] for n in range(1, 6)),
]
LATE = [INCIDENTS[0], ["99", "迟到的告警", "网络", "2024-03-09 10:00"]]


@pytest.fixture(scope="module")
def after_march(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A month that is over, with problems and incidents. Only looked at."""
    folder = tmp_path_factory.mktemp("march")
    home = made.copied(folder / "home")
    said = home.genyin("import", write(folder, "problems.csv", PROBLEMS), "--source", "register", "--json")
    assert said.json["problems"] == 4, said.err
    said = home.genyin("import", write(folder, "list.csv", INCIDENTS), "--source", "desk")
    assert said.code == 0, said.err
    return home


@pytest.fixture
def march(after_march: Home, tmp_path: Path) -> Home:
    """The same, to be changed."""
    return after_march.copied(tmp_path / "home")


@pytest.mark.procedure("R32", "R33", "R34", "R58")
def test_a_months_figures_are_printed_with_formula_and_zone_and_frozen_when_issued(
    march: Home, table: Table, tmp_path: Path
) -> None:
    out = tmp_path / "papers"
    draft = march.genyin("report", "2024-03", "--out", out, "--format", "xlsx", "--json")
    assert draft.code == 0
    assert draft.json["problems"] == {"total": 3, "resolved": 2, "unresolved": 1, "resolution_rate": 0.666667}
    assert draft.json["incidents"]["opened"] == 5
    assert (draft.json["zone"], draft.json["number"], draft.json["sha256"]) == ("UTC", None, None)
    assert "66.7%" in draft.err
    assert "2 ÷ 3" in draft.err
    assert "(UTC)" in draft.err

    issued = march.genyin("report", "2024-03", "--issue", "--out", out, "--format", "docx,xlsx", "--json").json
    assert issued["sha256"]
    papers = [Path(file) for file in issued["files"]]
    assert [paper.suffix for paper in papers] == [".docx", ".xlsx"]
    assert all(paper.parent == out and zipfile.is_zipfile(paper) for paper in papers)

    assert march.genyin("import", table("late.csv", LATE), "--source", "desk").code == 0
    later = march.genyin("report", "2024-03", "--format", "docx", "--json").json
    assert later["incidents"]["opened"] == 5  # frozen
    assert (later["sha256"], later["number"]) == (issued["sha256"], issued["number"])


def test_nothing_is_frozen_without_issue(march: Home, table: Table) -> None:
    assert march.genyin("report", "2024-03", "--format", "xlsx").code == 0
    assert march.genyin("import", table("late.csv", LATE), "--source", "desk").code == 0
    said = march.genyin("report", "2024-03", "--json").json
    assert said["incidents"]["opened"] == 6
    # Without --out the documents lie in the home, in every format.
    files = [Path(file) for file in said["files"]]
    assert all(file.parent == march.path / "reports" for file in files)
    assert {".docx", ".xlsx"} <= {file.suffix for file in files}


def test_a_report_of_one_source_counts_that_source_only(after_march: Home) -> None:
    said = after_march.genyin("report", "2024-03", "--source", "desk", "--format", "xlsx", "--json").json
    assert (said["incidents"]["opened"], said["problems"]["total"]) == (5, 0)
    assert after_march.genyin("report", "2024-03", "--source", "nobody", "--json").code == 3


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("report", "2024-13"), 3, "month"),
        (("report", "2024-03", "--customer", "Nobody"), 3, "customer"),
        (("report", "2024-03", "--project", "Nothing"), 3, "project"),
        (("report", "2024-03", "--format", "odt"), 2, None),
        (("report",), 2, None),
        (("register", "--month", "March"), 3, "month"),
    ],
)
def test_a_wrong_question_is_refused_in_words(
    after_march: Home, words: tuple[str, ...], code: int, field: str | None
) -> None:
    said = after_march.genyin(*words, "--json")
    assert said.code == code
    assert field is None or said.json["field"] == field
    assert "Traceback" not in said.err


def test_a_month_that_is_not_over_is_not_issued(after_march: Home) -> None:
    said = after_march.genyin("report", "2099-01", "--issue", "--json")
    assert said.code == 3
    assert said.json["field"] == "month"
