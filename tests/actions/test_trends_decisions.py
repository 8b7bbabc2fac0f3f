"""What people decide about candidates and families, and that it holds in every later run."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from genyin.base import clock, events
from genyin.base.errors import BadInput, Conflict, NotAllowed
from genyin.incidents.models import Incident
from genyin.problems.models import Problem
from genyin.trends import actions, corrections, queries
from genyin.trends.models import Candidate, CandidateState, Decision, Family
from genyin.trends.runs import listing
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import MONDAY, Cast


def proposed(cast: Cast, times: int = 3) -> Candidate:
    arrive(cast, SWITCH, ago=3, times=times)
    analysed()
    return Candidate.objects.get(state=CandidateState.OPEN)


def accepted(candidate: Candidate, cast: Cast) -> Problem:
    with clock.at(MONDAY):
        return actions.accept_candidate(
            candidate, title="Core switch restarts", category="hardware", level="medium", by=cast.lead
        )


def family_of(incident: Incident) -> Family | None:
    return Family.objects.filter(members__incident=incident).first()


def test_accepting_a_candidate_registers_a_problem_with_its_incidents(cast: Cast) -> None:
    candidate = proposed(cast)
    problem = accepted(candidate, cast)

    candidate.refresh_from_db()
    assert (problem.source, problem.reason, problem.links.count()) == ("trend", "recurring", 3)
    assert (candidate.state, candidate.problem, candidate.decided_by) == ("accepted", problem, "lead")
    assert [event.verb for event in events.of(candidate)] == ["candidate.accepted"]
    assert analysed().candidates == 0


def test_two_leads_accept_at_once_and_there_is_one_problem(cast: Cast) -> None:
    candidate = proposed(cast)
    late = Candidate.objects.get(pk=candidate.pk)
    accepted(candidate, cast)
    with pytest.raises(Conflict):
        accepted(late, cast)
    assert Problem.objects.count() == 1


def test_a_refused_problem_leaves_the_candidate_open(cast: Cast) -> None:
    candidate = proposed(cast)
    with pytest.raises(BadInput):
        actions.accept_candidate(candidate, title="x", category="plumbing", level="medium", by=cast.lead)
    assert Candidate.objects.get().state == CandidateState.OPEN


def test_only_a_lead_decides_on_candidates(cast: Cast) -> None:
    candidate = proposed(cast)
    for actor in (cast.first_line, cast.owner, cast.auditor, cast.administrator):
        with pytest.raises(NotAllowed):
            actions.dismiss_candidate(candidate, reason="No.", by=actor)
    assert Candidate.objects.get().state == CandidateState.OPEN


def test_dismissing_asks_for_a_reason(cast: Cast) -> None:
    candidate = proposed(cast)
    with pytest.raises(BadInput) as refused:
        actions.dismiss_candidate(candidate, reason="  ", by=cast.lead)
    assert refused.value.field == "reason"


def test_a_watched_candidate_comes_back_with_new_evidence(cast: Cast) -> None:
    candidate = proposed(cast, times=4)
    actions.watch_candidate(candidate, reason="Replacement is due next week.", by=cast.lead)
    assert analysed().candidates == 0
    arrive(cast, SWITCH, ago=1, times=2)
    assert analysed().candidates == 1


def test_not_the_same_survives_every_run(cast: Cast) -> None:
    stranger, *others = arrive(cast, SWITCH, ago=3, times=4)
    analysed()
    family = family_of(stranger)
    assert family is not None

    decision = corrections.not_same(family, incident=stranger, reason="A cable was pulled.", by=cast.first_line)
    assert decision.reason == "A cable was pulled."
    assert family_of(stranger) is None
    assert Family.objects.get(pk=family.pk).size == 3

    arrive(cast, SWITCH, ago=1, times=5)
    analysed()
    assert family_of(stranger) != family
    assert {family_of(other) for other in others} == {family}
    assert Family.objects.get(pk=family.pk).size == 8


def test_the_same_survives_every_run(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3)
    (odd,) = arrive(cast, "Telephones silent on floor two", ago=2)
    analysed()
    family = Family.objects.get()
    assert family_of(odd) is None

    corrections.same(family, incident=odd, reason="They hang on that switch.", by=cast.lead)
    assert family_of(odd) == family
    analysed()
    assert family_of(odd) == family
    assert Family.objects.get(pk=family.pk).size == 4


def test_the_last_word_counts(cast: Cast) -> None:
    incident, *_others = arrive(cast, SWITCH, ago=3, times=3)
    analysed()
    family = family_of(incident)
    assert family is not None
    corrections.not_same(family, incident=incident, by=cast.lead)
    corrections.same(family, incident=incident, by=cast.lead)
    analysed()
    assert family_of(incident) == family
    assert Decision.objects.count() == 1


def test_merged_families_stay_one(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=4)
    arrive(cast, PRINTER, ago=3, times=3)
    analysed()
    switch, printer = Family.objects.get(title=SWITCH), Family.objects.get(title=PRINTER)

    corrections.merge(switch, other=printer, reason="One power strip.", by=cast.lead)
    arrive(cast, SWITCH, ago=1)
    arrive(cast, PRINTER, ago=1)
    analysed()

    active = queries.families(cast.lead)
    assert [(family.ref, family.size) for family in active] == [(switch.ref, 9)]
    assert Family.objects.get(pk=printer.pk).retired_at is not None


LIFT = ("Lift door sensor blocks", "Sensor of the lift door blocks", "Lift door blocks, sensor dirty")
MAIL = tuple(f"Mail to {place} bounces, SPF {how}" for place in "ABCD" for how in ("fails", "missing", "bad"))


def told(cast: Cast, *words: str) -> list[Incident]:
    """The same fault in several persons' words."""
    return [one for n, word in enumerate(words) for one in arrive(cast, word, ago=3 + n / 10)]


def test_a_small_family_that_takes_in_a_large_one_keeps_its_own(cast: Cast) -> None:
    small, large = told(cast, *LIFT), told(cast, *MAIL)
    analysed()
    lift, mail = family_of(small[0]), family_of(large[0])
    assert lift
    assert mail
    assert (lift.size, mail.size) == (3, 12)

    corrections.merge(lift, other=mail, reason="One controller.", by=cast.lead)
    analysed()
    assert {family_of(one) for one in (*small, *large)} == {lift}

    parted = small[0]  # the one that all are tied to
    corrections.not_same(lift, incident=parted, by=cast.lead)
    analysed()
    assert family_of(parted) is None
    assert {family_of(one) for one in (*small[1:], *large)} == {lift}


def test_what_was_split_off_stays_a_family_of_its_own(cast: Cast) -> None:
    mails = told(cast, *MAIL)
    analysed()
    mail = family_of(mails[0])
    assert mail
    bad = [one for one in mails if one.title.endswith("bad")]

    other = corrections.split(mail, parted=bad, reason="Another gateway.", by=cast.lead)
    assert (other.size, Family.objects.get(pk=mail.pk).size) == (4, 8)
    analysed()
    assert {family_of(one) for one in bad} == {other}
    assert family_of(mails[0]) == mail

    merged = corrections.merge(mail, other=other, reason="After all.", by=cast.lead)
    analysed()
    assert {family_of(one) for one in mails} == {merged}
    assert not Decision.objects.filter(kind="apart").exists()


def test_what_was_merged_can_be_split_again_and_stays_so(cast: Cast) -> None:
    lifts, mails = told(cast, *LIFT), told(cast, *MAIL)
    analysed()
    lift, mail = family_of(lifts[0]), family_of(mails[0])
    assert lift
    assert mail
    corrections.merge(lift, other=mail, by=cast.lead)
    analysed()
    back = corrections.split(lift, parted=lifts, by=cast.lead)  # with the one that all are tied to
    analysed()
    assert {family_of(one) for one in lifts} == {back}
    assert {family_of(one) for one in mails} == {lift}


@pytest.mark.parametrize("how_many", [0, 1, 12])
def test_a_split_needs_two_that_go_and_one_that_stays(cast: Cast, how_many: int) -> None:
    mails = told(cast, *MAIL)
    analysed()
    mail = family_of(mails[0])
    assert mail
    with pytest.raises(BadInput):
        corrections.split(mail, parted=mails[:how_many], by=cast.lead)
    assert Family.objects.count() == 1


def test_an_incident_put_into_a_family_does_not_draw_a_member_away(cast: Cast) -> None:
    lifts, mails = told(cast, *LIFT), told(cast, *MAIL)
    analysed()
    lift = family_of(lifts[0])
    assert lift
    corrections.same(lift, incident=mails[0], by=cast.lead)
    analysed()
    assert {family_of(one) for one in (*lifts, mails[0])} == {lift}
    assert family_of(mails[5]) != lift


def test_a_large_family_is_merged_with_no_more_queries_than_a_small_one(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=4)
    arrive(cast, PRINTER, ago=3, times=40)
    analysed()
    switch, printer = Family.objects.get(title=SWITCH), Family.objects.get(title=PRINTER)
    with CaptureQueriesContext(connection) as asked:
        corrections.merge(switch, other=printer, by=cast.lead)
    assert sum(query["sql"].startswith(f'UPDATE "{Family._meta.db_table}"') for query in asked) == 4
    assert Family.objects.get(pk=switch.pk).size == 44


def test_a_contradiction_is_refused_and_changes_nothing(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3)
    arrive(cast, PRINTER, ago=3, times=3)
    analysed()
    switch, printer = Family.objects.get(title=SWITCH), Family.objects.get(title=PRINTER)
    corrections.merge(switch, other=printer, by=cast.lead)
    first = Incident.objects.filter(title=SWITCH).order_by("id")[0]
    last = Incident.objects.filter(title=PRINTER).order_by("id")[0]
    Decision.objects.create(kind="apart", incident=last, other=first, at=MONDAY, by="import")
    with pytest.raises(BadInput):
        corrections.same(switch, incident=last, by=cast.lead)


def test_an_incident_that_one_may_not_see_cannot_be_moved(cast: Cast) -> None:
    arrive(cast, SWITCH, ago=3, times=3)
    (foreign,) = arrive(cast, "Scanner dead", ago=3, service="warehouse")
    analysed()
    with pytest.raises(BadInput):
        corrections.same(Family.objects.get(), incident=foreign, by=cast.first_line)
    assert not Decision.objects.exists()


def test_what_is_decided_while_an_analysis_renews_it_stays_decided(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = proposed(cast)

    def now_that_it_was_read() -> datetime:
        if Candidate.objects.get(pk=candidate.pk).state == CandidateState.OPEN:
            actions.dismiss_candidate(candidate, reason="Known.", by=cast.lead)
        return MONDAY

    monkeypatch.setattr(listing, "clock", SimpleNamespace(now=now_that_it_was_read))
    analysed()
    seen = Candidate.objects.get(pk=candidate.pk)
    assert (seen.state, seen.reason, seen.decided_by) == (CandidateState.DISMISSED, "Known.", cast.lead.name)
