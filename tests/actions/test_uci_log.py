"""A real export without a word of text, the whole of it: imported, imported again, counted and analysed.

One import for all of it, since it takes longest: 102,582 events of 17,442 incidents.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from genyin.base.actor import job
from genyin.incidents.models import Incident
from genyin.intake import actions as intake
from genyin.procedure import actions as procedure
from genyin.reports import queries as reports
from genyin.trends import queries, rules, runs
from genyin.trends.statistics.figures import statistics
from tests.cast import SETUP, Cast

UCI = Path(__file__).parents[2] / "examples" / "uci_servicenow"
LOG = UCI / "incident_event_log.first70.csv.xz"
CODES = ("opened", "resolved", "closed")


@pytest.mark.slow
@pytest.mark.once  # as large on PostgreSQL: the three of jira_apache
def test_the_uci_log_is_imported_whole_counted_exactly_and_analysed_in_its_own_time(cast: Cast) -> None:
    procedure.set_site(name="Example Provider", zone="UTC", language="en", by=SETUP)
    first = intake.run(LOG, source="servicenow", by=cast.lead)
    assert (first.rows, first.records, first.created, first.rejected) == (102_582, 17_442, 17_442, 0)
    again = intake.run(LOG, source="servicenow", by=cast.lead)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 17_442)
    counts_are_those_of_the_expected_table(cast)
    analysis_is_short_and_gives_its_reasons(cast)
    statistics_are_those_of_the_database(cast)


def counts_are_those_of_the_expected_table(cast: Cast) -> None:
    with (UCI / "expected_monthly.csv").open(newline="") as file:
        expected = {row["month"]: tuple(int(row[code]) for code in CODES) for row in csv.DictReader(file)}
    for year in {month[:4] for month in expected}:
        values = reports.draft(f"{year}-12", seen_by=cast.lead).values
        for month in (month for month in expected if month.startswith(year)):
            assert tuple(int(values[f"incidents_{code}"][month].numerator) for code in CODES) == expected[month], month


def analysis_is_short_and_gives_its_reasons(cast: Cast) -> None:
    first, second = runs.run(by=job("trends")), runs.run(by=job("trends"))
    (span,) = first.run.sources.values()
    assert (first.incidents, span["to"]) == (17_442, "2016-05-02")
    assert first.families > 100
    assert 0 < first.candidates <= rules.PER_THOUSAND * 17.442
    assert (second.candidates, second.families) == (0, first.families)
    for one in queries.explained(queries.candidates(cast.lead)[:20], seen_by=cast.lead):
        assert one.rules
        assert one.count >= one.at_least == 3
        assert (one.until - one.since).days == 29
        assert one.family is not None
        assert one.family.fields, "without text the shared codes are the reason"


def statistics_are_those_of_the_database(cast: Cast) -> None:
    counted = Incident.objects.exclude(state="canceled")
    for by in ("category", "team"):
        told = statistics(cast.lead, by=by, since="2016-02", until="2016-05", last=4, most=1000)
        assert told is not None
        assert sum(month.count for month in told.months) == told.total == counted.count()
        assert {one.value: one.count for one in told.shares} == Counter(counted.values_list(by, flat=True))
