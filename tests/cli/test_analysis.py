"""`genyin trends run` and `genyin match` on an imported list."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.commands import Home
from tests.cli.conftest import write

HEAD = ["编号", "标题", "服务", "发生时间"]
LAST = datetime(2024, 3, 1, 9, tzinfo=UTC)
ALONE = ["Keyboard broken", "打印机缺纸", "New monitor wanted", "邮箱容量不足", "Licence expired", "会议室投影模糊"]


def incidents() -> list[list[str]]:
    """Ten alike within four weeks, and some that have nothing in common."""
    alike = [[f"V-{n}", f"VPN 认证失败 错误码 691 用户 {n}", "VPN", days_ago(2 * n)] for n in range(10)]
    others = [[f"O-{n}", title, "桌面", days_ago(9 * n)] for n, title in enumerate(ALONE)]
    return [HEAD, *alike, *others]


def days_ago(days: int) -> str:
    return f"{LAST - timedelta(days=days):%Y-%m-%d %H:%M}"


@pytest.fixture(scope="module")
def read(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The list is imported."""
    folder = tmp_path_factory.mktemp("list")
    home = made.copied(folder / "home")
    said = home.genyin("import", write(folder, "list.csv", incidents()), "--source", "desk")
    assert said.code == 0, said.err
    return home


@pytest.mark.procedure("R10", "R39")
def test_what_recurs_is_listed_as_a_candidate_with_its_reasons(read: Home) -> None:
    said = read.genyin("trends", "run", "--json")
    assert said.code == 0
    told = said.json
    assert told["incidents"] == 16
    assert told["families"] >= 1
    assert told["candidates"] == len(told["listed"]) == 1
    assert told["seconds"] >= 0
    assert told["peak_mb"] > 0
    (one,) = told["listed"]
    assert (one["service"], one["count"]) == ("VPN", 10)
    assert "count" in one["rules"]
    assert "10 incidents" in one["why"]
    assert "691" in one["why"]
    assert "VPN" in one["title"]
    assert one["ref"] in said.err  # printed for people too
    assert one["why"] in said.err.replace("\n    ", " ")

    again = read.genyin("trends", "run", "--json").json
    assert again["candidates"] == 0  # not new any more, and still there
    assert [c["ref"] for c in again["listed"]] == [one["ref"]]


def test_what_is_alike_comes_first_and_says_why(read: Home) -> None:
    said = read.genyin("match", "VPN 认证失败", "-k", "3", "--json")
    assert said.code == 0
    results = said.json["results"]
    assert len(results) == 3
    assert all(hit["ref"].startswith("desk:V-") and hit["kind"] == "incident" for hit in results)
    assert [hit["score"] for hit in results] == sorted((hit["score"] for hit in results), reverse=True)
    assert any(why["code"] == "term" for why in results[0]["why"])
    assert all(hit["reason"] in said.err for hit in results)  # printed for people too
    assert read.genyin("match", "zzz qqq", "--json").json["results"] == []


def test_a_coded_field_nobody_knows_is_wrong_use(read: Home) -> None:
    assert read.genyin("match", "VPN", "--field", "item=vpn-1", "--field", "category=Access", "--json").code == 0
    said = read.genyin("match", "VPN", "--field", "colour=red", "--json")
    assert said.code == 2
    assert "colour" in said.err


def test_a_service_nobody_knows_is_refused_by_name(read: Home) -> None:
    said = read.genyin("match", "VPN", "--service", "Telex", "--json")
    assert said.code == 3
    assert (said.json["error"], said.json["field"]) == ("unknown_reference", "service")


def test_without_a_database_a_command_says_what_to_do(empty: Home) -> None:
    said = empty.genyin("trends", "run", "--json")
    assert said.code == 1
    assert said.json["error"] == "not_ready"
    assert "genyin setup" in said.json["message"]


@pytest.mark.procedure("R5")
def test_the_few_that_make_most_incidents_are_listed_with_their_changes(read: Home) -> None:
    said = read.genyin("stats", "--by", "service", "--from", "2024-01", "--to", "2024-03", "--json")
    assert said.code == 0, said.err
    told = said.json
    assert (told["from"], told["to"], told["total"], told["vital"]) == ("2024-01", "2024-03", 16, 2)
    assert [(one["value"], one["count"]) for one in told["shares"]] == [("VPN", 10), ("桌面", 6)]
    assert told["shares"][0]["share"] == pytest.approx(10 / 16)
    assert sum(month["count"] for month in told["months"]) == 16
    assert told["as_of"].endswith("+00:00") or told["as_of"].endswith("Z")
    assert "VPN" in said.err
    again = read.genyin("stats", "--by", "category", "--from", "2024-01", "--to", "2024-03", "--rebuild", "--json").json
    assert [(one["value"], one["count"]) for one in again["shares"]] == [("", 16)]
    assert read.genyin("stats", "--by", "colour", "--json").code == 3
    assert read.genyin("stats", "--to", "March", "--json").code == 3
