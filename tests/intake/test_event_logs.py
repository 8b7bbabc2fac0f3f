"""An event log tells each incident in several rows: folded into one, with its history."""

import random
from datetime import UTC, datetime

import pytest

from genyin.incidents.data import IncidentData, ProblemData, State
from genyin.intake.records import Told
from genyin.intake.stream import understand
from tests.intake.conftest import UCI_LOG, Table

HEADER = [
    "number",
    "incident_state",
    "sys_mod_count",
    "opened_at",
    "sys_updated_at",
    "sys_updated_by",
    "short_description",
    "assignment_group",
    "closed_at",
]


def event(number: str, state: str, count: int, at: str, **more: str) -> list[str]:
    told = {
        "number": number, "incident_state": state, "sys_mod_count": str(count), "opened_at": "29/2/2016 01:16",
        "sys_updated_at": at, "sys_updated_by": "desk", "short_description": "disk full", "assignment_group": "Group 1",
        "closed_at": "?",
    }  # fmt: skip
    return list((told | more).values())


def incidents(told: list[Told]) -> dict[str, IncidentData]:
    return {item.record.external_id: item.record for item in told if isinstance(item.record, IncidentData)}


def test_the_last_row_by_order_tells_the_state_and_all_rows_the_history(table: Table) -> None:
    path = table(
        [
            HEADER,
            event("INC2", "Resolved", 2, "1/3/2016 10:00", assignment_group="Group 2"),
            event("INC1", "New", 0, "29/2/2016 01:20"),
            event("INC2", "New", 0, "29/2/2016 02:00"),
            event("INC1", "Closed", 7, "2/3/2016 9:05", closed_at="2/3/2016 9:05"),
            event("INC2", "Active", 1, "29/2/2016 03:00"),
        ]
    )
    told = list(understand(path).told())
    assert sum(item.rows for item in told) == 5
    found = incidents(told)
    assert found["INC1"].state == State.CLOSED
    assert found["INC1"].closed_at == datetime(2016, 3, 2, 9, 5, tzinfo=UTC)
    assert found["INC2"].state == State.RESOLVED
    states = [(item.before, item.after) for item in found["INC2"].history if item.field == "incident_state"]
    assert states == [("", "New"), ("New", "Active"), ("Active", "Resolved")]
    handed_over = [item for item in found["INC2"].history if item.after == "Group 2"]
    assert (handed_over[0].at, handed_over[0].by) == (datetime(2016, 3, 1, 10, 0, tzinfo=UTC), "desk")


def test_of_two_rows_of_the_same_order_the_later_one_speaks(table: Table) -> None:
    rows = [event("INC1", "Active", 1, "1/3/2016 10:00"), event("INC1", "Resolved", 1, "1/3/2016 10:00")]
    assert incidents(list(understand(table([HEADER, *rows])).told()))["INC1"].state == State.RESOLVED


def test_the_order_of_the_rows_in_the_file_does_not_matter(table: Table) -> None:
    rows = [
        event(f"INC{n}", state, count, f"{count + 1}/3/2016 10:00")
        for n in range(300)
        for count, state in enumerate(("New", "Active", "Closed"))
    ]
    mixed = random.Random(7).sample(rows, len(rows))
    straight, shuffled = (
        {
            number: data.digest()
            for number, data in incidents(list(understand(table([HEADER, *some], name)).told())).items()
        }
        for some, name in ((rows, "a.csv"), (mixed, "b.csv"))
    )
    assert straight == shuffled
    assert len(straight) == 300


def test_a_bad_last_row_is_refused_and_the_row_before_it_speaks(table: Table) -> None:
    path = table(
        [
            HEADER,
            event("INC1", "Active", 1, "1/3/2016 10:00"),
            event("INC1", "Closed", 2, "2/3/2016 10:00", closed_at="soon"),
            event("INC1", "Closed", 3, "2/3/2016 10:00", opened_at="32/3/2016 10:00"),
            event("INC2", "New", 0, "1/3/2016 10:00", sys_mod_count="many"),
            event("?", "New", 0, "1/3/2016 10:00"),
        ]
    )
    told = list(understand(path).told())
    assert incidents(told)["INC1"].state == State.OPEN
    assert {(p.line, p.column, p.value) for item in told for p in item.problems} == {
        (3, "closed_at", "soon"), (4, "opened_at", "32/3/2016 10:00"), (5, "sys_mod_count", "many"), (6, "number", "")
    }  # fmt: skip
    assert sum(item.rows for item in told) == 5


def test_the_same_mapping_reads_a_plain_table_without_the_columns_of_a_log(table: Table) -> None:
    path = table(
        [
            ["number", "state", "opened_at", "short_description"],
            ["INC1", "6", "2021-01-27 22:49:11", "Unable to open file"],
        ]
    )
    reading = understand(path)
    assert not reading.folds
    assert incidents(list(reading.told()))["INC1"].state == State.RESOLVED


def test_a_log_of_problems_tells_when_each_was_registered_resolved_and_closed(table: Table) -> None:
    header = [
        "Problem Number",
        "Problem Change Date+Time",
        "Problem Status",
        "Problem Sub Status",
        "Problem Latest Impact",
        "Product",
    ]
    path = table(
        [
            header,
            ["1-1", "2012-03-15T11:53:52+01:00", "Accepted", "In Progress", "Major", "PROD1"],
            ["1-1", "2006-01-11T15:49:42+01:00", "Queued", "Awaiting Assignment", "High", "PROD1"],
            ["1-1", "2012-04-01T09:00:00+02:00", "Completed", "Closed", "Major", "PROD1"],
            ["1-1", "2012-04-02T09:00:00+02:00", "Completed", "Closed", "Major", "PROD1"],
            ["1-2", "2012-04-01T09:00:00+02:00", "Completed", "Closed", "Low", "PROD2"],
            ["1-2", "2012-04-05T09:00:00+02:00", "Accepted", "In Progress", "Low", "PROD2"],
        ],
        separator=";",
    )
    found = {item.record.external_id: item.record for item in understand(path, kind="problems").told() if item.record}
    first, second = found["1-1"], found["1-2"]
    assert isinstance(first, ProblemData)
    assert isinstance(second, ProblemData)
    assert first.registered_at == datetime(2006, 1, 11, 14, 49, 42, tzinfo=UTC)
    assert first.closed_at == datetime(2012, 4, 1, 7, 0, tzinfo=UTC)
    assert (first.level, first.major, first.state) == ("high", True, State.CLOSED)
    # Opened again after it was closed: it is not closed, and since when it is resolved nobody can say.
    assert (second.state, second.closed_at, second.resolved_at) == (State.OPEN, None, None)


@pytest.mark.slow
def test_the_uci_log_folds_into_its_17442_incidents() -> None:
    told = list(understand(UCI_LOG).told())
    assert sum(item.rows for item in told) == 102_582
    assert not any(item.problems for item in told)
    found = incidents(told)
    assert len(found) == 17_442
    assert sum(1 for data in found.values() if data.external_problem) == 273  # 274 were linked at some time
    assert sum(1 for data in found.values() if data.external_change) == 147  # 150 at some time
    assert sum(1 for data in found.values() if data.resolved_at) == 16_208
    assert sum(1 for data in found.values() if data.extra["made_sla"] == "true") == 10_068
