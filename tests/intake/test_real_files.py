"""Real exports of real systems, where GENYIN_DATA names them: they may not be shipped."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from genyin.base.actor import job
from genyin.base.errors import BadFile
from genyin.incidents.data import IncidentData, ProblemData, State
from genyin.incidents.models import Incident
from genyin.intake import actions, readers
from genyin.intake.stream import understand

pytestmark = pytest.mark.data


def test_three_projects_of_a_tracker_are_three_sources(real_data: Path) -> None:
    with (real_data / "jira_apache" / "expected_monthly.csv").open() as file:
        expected = {(row["project"], row["month_utc"]): row for row in csv.DictReader(file)}
    total = 0
    for project in ("HADOOP", "MAPREDUCE", "ZOOKEEPER"):
        reading = understand(real_data / "jira_apache" / f"{project}.issues.jsonl.xz", source=project)
        assert reading.mapping.name == "jira"
        told = list(reading.told())
        assert not any(item.problems for item in told)
        found = [item.record for item in told if isinstance(item.record, IncidentData)]
        created = Counter(data.opened_at.strftime("%Y-%m") for data in found)
        resolved = Counter(data.resolved_at.strftime("%Y-%m") for data in found if data.resolved_at)
        for (name, month), row in expected.items():
            if name == project:
                assert (created[month], resolved[month]) == (int(row["created"]), int(row["resolved"])), month
        total += len(found)
    assert total == 13_240


def test_broken_decimals_are_kept_as_text_and_cost_no_row(real_data: Path, db: None) -> None:
    run = actions.run(real_data / "bpi2014_rabobank_partial" / "ITSM_data_sample.csv", source="itsm", by=job("command"))
    assert (run.rows, run.created, run.rejected) == (40, 40, 0)
    assert Incident.objects.get(external_id="IM0000004").extra["Handle_Time_hrs"] == "3,87,16,91,111"


@pytest.mark.parametrize("source", ["", "itsm", "bank"])
def test_a_table_without_number_and_date_is_refused_in_one_sentence(real_data: Path, source: str) -> None:
    path = real_data / "bpi2014_rabobank_partial" / "incident_at_open.first70.csv.xz"
    with pytest.raises(BadFile) as caught:
        understand(path, source=source)
    sentence = str(caught.value)
    assert sentence.count(". ") == 0
    assert "number" in sentence or "external_id" in sentence
    assert "date" in sentence or "opened_at" in sentence


def test_a_log_of_problems_in_latin1_folds_into_its_1487_cases(real_data: Path) -> None:
    path = real_data / "bpi2013_volvo" / "VINST_closed_problems.csv"
    shape = readers.look(path)
    assert (shape.encoding, shape.separator) == ("iso-8859-1", ";")
    told = list(understand(path).told())
    found = [item.record for item in told if isinstance(item.record, ProblemData)]
    assert (sum(item.rows for item in told), len(found)) == (6_660, 1_487)
    assert Counter(data.level for data in found) == {"medium": 811, "high": 306 + 135, "low": 235}
    assert all(data.closed_at for data in found)
    assert {data.state for data in found} == {State.CLOSED}


def test_answers_of_rest_interfaces_are_read(real_data: Path) -> None:
    desk = understand(Path(__file__).parent / "data" / "servicenow_incident.json")
    assert (desk.mapping.name, [item.record and item.record.external_id for item in desk.told()]) == (
        "servicenow",
        ["INC0010005"],
    )
    tickets = understand(real_data / "payloads" / "zammad_tickets_list.json")
    assert (tickets.mapping.name, len(list(tickets.told()))) == ("zammad", 2)
    issue = next((real_data / "payloads" / "jira_rest_issue").glob("*.json"))
    reading = understand(issue)
    assert reading.mapping.name == "jira"
    assert [item.problems for item in reading.told()] == [()]
