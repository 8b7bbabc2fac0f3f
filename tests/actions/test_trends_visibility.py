"""No word and no number of one customer's incidents reaches another through families, candidates or tables."""

from datetime import timedelta
from itertools import pairwise

import pytest

from genyin.api.shapes.timeline import timeline
from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import NotFound
from genyin.incidents.models import Incident
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.reviews import actions as reviews
from genyin.trends import actions, analyses, corrections, queries, tables, watch
from genyin.trends.models import Candidate, Family, Run
from genyin.trends.statistics.figures import statistics
from genyin.trends.statistics.scope import DIMENSIONS
from tests.actions.test_trends_runs import DAY, SWITCH, analysed, arrive
from tests.actions.test_trends_watch import LIVE, fixed, looked, occur, steady
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
    corrections.merge(large, other=small, reason="One carrier.", by=cast.lead)
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
        runs = analyses.figures(analyses.runs(actor), seen_by=actor)
        texts = [
            *((f.ref, f.title, f.service, f.size, f.first_at, f.last_at, f.terms, f.fields, f.rise) for f in seen),
            *((c.title, c.service, c.rules, c.count, c.rise, c.major, c.problem) for c in listed),
            *((r.incidents, r.families, r.candidates, r.sources, r.conclusion, r.concluded_by) for r in runs),
            *(statistics(actor, by=by) for by in DIMENSIONS),
            *((one.count, one.family.title) for one in tables.most_frequent(actor)),
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
        assert not analyses.runs(actor).exists()
        assert tables.most_frequent(actor) == []


def test_daily_counts_are_those_of_the_reader(cast: Cast, shared_family: Family) -> None:
    with clock.at(MONDAY):
        days = queries.daily_counts(shared_family, seen_by=cast.first_line, days=10)
    assert sum(n for _day, n in days) == 3
    assert len(days) == 10
    assert days[-1][0] == MONDAY.date()
    assert all(b - a == timedelta(days=1) for (a, _), (b, _) in pairwise(days))


def test_a_conclusion_is_about_all_incidents_and_for_who_sees_them_all(cast: Cast, shared_family: Family) -> None:
    actions.conclude_run(Run.objects.latest("id"), conclusion="Cranes, and zeppelins.", by=cast.lead)
    assert "Cranes" not in told(cast.first_line)
    assert "Cranes" in told(cast.lead)


def test_the_watchs_figures_are_for_who_sees_every_incident_it_judges_by(cast: Cast) -> None:
    occur(cast, -90, 0)
    steady(cast, -90, 60)
    problem = fixed(cast)
    assert looked(problem, 40) == "stopped"
    assert said(problem, cast.first_line) == said(problem, cast.lead)
    theirs = cast.incident(service="warehouse", occurred_at=LIVE - DAY)
    problem.refresh_from_db()
    problems.link_incident(problem, linked=[theirs], by=cast.lead)
    assert "observed" in said(problem, cast.lead)
    partly = said(problem, cast.first_line)
    assert "observed" not in partly
    assert "'verdict': 'stopped'" in partly


def test_a_recurrence_is_counted_for_who_sees_every_incident(cast: Cast) -> None:
    occur(cast, -90, 0)
    steady(cast, -90, 120)
    problem = fixed(cast)
    with clock.at(LIVE + 20 * DAY):
        cast.reviewed(problem)
        problem.refresh_from_db()
        reviews.pass_review(problem, by=cast.lead)
    occur(cast, 22, 60, every=1)
    looked(problem, 60)
    assert [one.seen for one in watch.recurrences(cast.first_line)] == [
        one.seen for one in watch.recurrences(cast.lead)
    ]
    Incident.objects.filter(occurred_at__lt=LIVE, title=SWITCH).update(service=cast.services["warehouse"])
    (mine,), (whole,) = watch.recurrences(cast.first_line), watch.recurrences(cast.lead)
    assert (mine.seen, bool(whole.seen)) == (None, True)


def said(problem: Problem, actor: Actor) -> str:
    """What the problem's timeline tells of the watch."""
    told = timeline(events.of(problem), seen_by=actor)
    return repr([(event.before, event.after) for event in told if event.verb == "watch.verdict"])


def test_what_was_split_off_is_not_counted_for_who_sees_the_rest(cast: Cast, shared_family: Family) -> None:
    """The evidence is from before the split: until the next analysis it tells of both customers."""
    corrections.split(
        shared_family, parted=list(Incident.objects.filter(title=HARBOUR)), reason="A crane.", by=cast.lead
    )
    listed = queries.candidates(cast.first_line).filter(family=shared_family)
    (seen,) = queries.explained(listed, seen_by=cast.first_line)
    assert (seen.count, seen.rules, seen.major, seen.rise) == (3, ("count",), (), None)
