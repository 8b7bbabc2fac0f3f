"""`genyin register`: the rows of a month, and what the month-end check misses."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from genyin.base import clock
from genyin.cli.main import build
from genyin.problems.lifecycle import Stage
from genyin.problems.models import RegisterEntry
from tests.cast import Cast
from tests.reports.conftest import OCTOBER_START, SEPTEMBER_MIDDLE, said_in, xml_of


def call(*words: str) -> tuple[int, dict[str, Any]]:
    """Code and answer of a command in this process: the problems are in a transaction of the test's own."""
    done = CliRunner().invoke(build(list(words)), [*words, "--json"])
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


def register(*words: str) -> dict[str, Any]:
    code, answer = call("register", *words)
    assert code == 0, answer
    return answer


@pytest.mark.procedure("R55")
def test_every_problem_of_the_month_has_its_row_in_the_workbook(cast: Cast, tmp_path: Path) -> None:
    book = tmp_path / "books" / "register.xlsx"
    with clock.at(SEPTEMBER_MIDDLE):
        first, second = cast.at(Stage.SOLVING), cast.submitted(title="Second problem")
        told = register("--month", "2026-09", "--out", str(book))
    assert told["rows"] == 2
    assert told["missing"] == []
    assert told["file"] == str(book)
    text = said_in(xml_of(book.read_bytes()))
    assert first.number in text
    assert second.number in text
    assert "Second problem" in text
    assert "The firmware leaks memory." in text


@pytest.mark.procedure("R56")
def test_a_problem_that_the_register_lacks_is_named_with_its_owner(cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        problem = cast.at(Stage.INVESTIGATING, title="Forgotten")
        RegisterEntry.objects.filter(problem=problem).delete()
        told = register("--month", "2026-09")
    owner = cast.user("owner").name
    assert [(one["ref"], one["title"], one["owner"]) for one in told["missing"]] == [
        (problem.number, "Forgotten", owner)
    ]
    assert told["unconfirmed"] == [owner]
    assert told["complete"] is False


def test_another_month_is_empty(cast: Cast) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        cast.submitted()
        told = register("--month", "2026-08")
    assert (told["rows"], told["missing"], told["file"]) == (0, [], None)


@pytest.mark.procedure("R56")
def test_a_report_is_not_issued_before_the_month_end_check_is_complete_unless_a_reason_is_given(
    cast: Cast, tmp_path: Path
) -> None:
    with clock.at(SEPTEMBER_MIDDLE):
        cast.at(Stage.INVESTIGATING)
    words = ("report", "2026-09", "--issue", "--format", "xlsx", "--out", str(tmp_path))
    with clock.at(OCTOBER_START):
        code, refused = call(*words)
        assert code in (1, 3)
        assert refused["field"] == "reason"
        assert not list(tmp_path.iterdir())
        code, issued = call(*words, "--reason", "The owner is on leave.")
    assert code == 0
    assert issued["number"]
    assert [path.name for path in tmp_path.iterdir()] == [f"{issued['number']}.xlsx"]
