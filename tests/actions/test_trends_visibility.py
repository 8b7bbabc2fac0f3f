"""No word and no number of one customer's incidents reaches another through families, candidates or tables."""

from datetime import timedelta
from itertools import pairwise

import pytest

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import NotFound
from genyin.trends import actions, queries, tables, watch
from genyin.trends.models import Candidate, Family
from tests.actions.test_trends_runs import DAY, analysed, arrive
from tests.cast import MONDAY, Cast

HOSPITAL = "Gateway timeout in radiology archive"
HARBOUR = "Gateway timeout at crane zeppelin terminal"


@pytest.fixture
def shared_family(cast: Cast) -> Family:
    """One family over two customers: the lead has merged what both saw of one fault."""
    arrive(cast, HOSPITAL, ago=2, times=3, category="radiology")
    arrive(cast, HARBOUR, ago=1, times=9, service="warehouse", category="zeppelin", is_major=True)
    analysed()
    small, large = Family.objects.get(title=HOSPITAL), Family.objects.get(title=HARBOUR)
    actions.merge(large, other=small, reason="One carrier.", by=cast.lead)
    analysed()
    return Family.objects.get(pk=large.pk)


def told(actor: Actor) -> str:
    """Everything that trends tells this actor, as one text."""
    with clock.at(MONDAY):
        seen = queries.described(queries.families(actor), seen_by=actor)
        listed = [
            one for state in ("open", "dismissed", "accepted", "watching")
            for one in queries.explained(queries.candidates(actor, state=state), seen_by=actor)
        ]  # fmt: skip
        runs = queries.figures(queries.runs(actor), seen_by=actor)
        texts = [
            *((f.ref, f.title, f.service, f.size, f.first_at, f.last_at, f.terms, f.fields, f.rise) for f in seen),
            *((c.title, c.service, c.rules, c.count, c.rise, c.major, c.problem) for c in listed),
            *((r.incidents, r.families, r.candidates, r.sources) for r in runs),
            *(tables.pareto(actor, by=by, since=MONDAY - 30 * DAY, until=MONDAY) for by in tables.DIMENSIONS),
            *((one.count, one.family.title) for one in tables.most_frequent(actor)),
            *(month.count for month in tables.months(actor)),
            *(family.pk for family in queries.rising(actor)),
            *watch.recurrences(actor),
        ]  # fmt: skip
    return repr(texts)


def test_each_reader_gets_size_terms_and_reasons_of_what_they_see(cast: Cast, shared_family: Family) -> None:
    def of(actor: Actor) -> queries.FamilySeen:
        return queries.described([queries.family(shared_family.ref, seen_by=actor)], seen_by=actor)[0]

    lead, hospital, harbour = of(cast.lead), of(cast.first_line), of(cast.harbour_first_line)
    assert (lead.size, hospital.size, harbour.size) == (12, 3, 9)
    assert (hospital.title, harbour.title) == (HOSPITAL, HARBOUR)
    assert (hospital.service, harbour.service) == ("network", "warehouse")
    assert hospital.fields == (("category", "radiology", 1.0),)
    assert "radiology" in hospital.terms
    assert (lead.partly, hospital.partly) == (False, True)


def test_no_string_of_one_customer_reaches_another(cast: Cast, shared_family: Family) -> None:
    assert "zeppelin" not in told(cast.first_line)
    assert "radiology" not in told(cast.harbour_first_line)
    assert "zeppelin" in told(cast.harbour_first_line)
    assert "zeppelin" in told(cast.lead)


def test_a_third_customer_sees_no_family_and_no_candidate(cast: Cast, shared_family: Family) -> None:
    assert not queries.families(cast.city_first_line).exists()
    assert not queries.candidates(cast.city_first_line).exists()
    with pytest.raises(NotFound):
        queries.family(shared_family.ref, seen_by=cast.city_first_line)
    with pytest.raises(NotFound):
        queries.candidate(Candidate.objects.filter(family=shared_family)[0].ref, seen_by=cast.city_first_line)


def test_a_candidate_is_counted_anew_for_who_sees_a_part(cast: Cast, shared_family: Family) -> None:
    listed = queries.candidates(cast.first_line).filter(family=shared_family)
    (seen,) = queries.explained(listed, seen_by=cast.first_line)
    assert (seen.count, seen.rules, seen.major, seen.rise) == (3, ("count",), (), None)
    (whole,) = queries.explained(queries.candidates(cast.lead).filter(family=shared_family), seen_by=cast.lead)
    assert whole.rules == ("major", "count")


def test_figures_do_not_change_with_what_another_customer_has(cast: Cast, shared_family: Family) -> None:
    before = told(cast.first_line)
    arrive(cast, HARBOUR, ago=0.5, times=7, service="warehouse", category="zeppelin")
    assert told(cast.first_line) == before


def test_the_customers_side_sees_no_trends(cast: Cast, shared_family: Family) -> None:
    for actor in (cast.representative, cast.harbour_representative):
        assert not queries.families(actor).exists()
        assert not queries.candidates(actor).exists()
        assert not queries.runs(actor).exists()
        assert tables.most_frequent(actor) == []


def test_daily_counts_are_those_of_the_reader(cast: Cast, shared_family: Family) -> None:
    with clock.at(MONDAY):
        days = queries.daily_counts(shared_family, seen_by=cast.first_line, days=10)
    assert sum(n for _day, n in days) == 3
    assert len(days) == 10
    assert days[-1][0] == MONDAY.date()
    assert all(b - a == timedelta(days=1) for (a, _), (b, _) in pairwise(days))
