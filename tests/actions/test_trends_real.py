"""A real export without a word of text: 17,442 incidents of the UCI log, imported and analysed."""

from pathlib import Path

import pytest

from genyin.base.actor import job
from genyin.incidents.models import Incident
from genyin.intake import actions as intake
from genyin.trends import queries, rules, runs, tables
from tests.cast import Cast

UCI = Path(__file__).parents[2] / "examples" / "uci_servicenow" / "incident_event_log.first70.csv.xz"


@pytest.mark.slow
def test_the_uci_log_gives_a_short_list_with_reasons_in_its_own_time(cast: Cast) -> None:
    intake.run(UCI, source="servicenow", by=cast.lead)
    assert Incident.objects.count() == 17_442

    first, second = runs.run(by=job("trends")), runs.run(by=job("trends"))

    (span,) = first.run.sources.values()
    assert (first.incidents, span["to"]) == (17_442, "2016-05-02")
    assert first.families > 100
    assert 0 < first.candidates <= rules.PER_THOUSAND * 17.442
    assert (second.candidates, second.families) == (0, first.families)

    seen = queries.explained(queries.candidates(cast.lead)[:20], seen_by=cast.lead)
    for one in seen:
        assert one.rules
        assert one.count >= one.at_least == 3
        assert (one.until - one.since).days == 29
        assert one.family is not None
        assert one.family.fields, "without text the shared codes are the reason"

    months = {one.month: one.count for one in tables.months(cast.lead, until="2016-05", last=4)}
    assert sum(months.values()) == Incident.objects.exclude(state="canceled").count()
