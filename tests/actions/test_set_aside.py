"""What was dismissed or watched is not proposed again by another family's name: a decision goes with the incidents."""

from importlib import import_module

from django.apps import apps

from genyin.incidents.models import Incident
from genyin.trends import actions, corrections
from genyin.trends.models import Candidate, CandidateState, Family, FamilyMember, SetAside
from tests.actions.test_trends_decisions import LIFT, MAIL, told
from tests.actions.test_trends_runs import SWITCH, analysed, arrive
from tests.cast import Cast


def proposed() -> list[Candidate]:
    return list(Candidate.objects.filter(state=CandidateState.OPEN))


def dismissed(family: Family, cast: Cast) -> Candidate:
    candidate = Candidate.objects.get(family=family, state=CandidateState.OPEN)
    return actions.dismiss_candidate(candidate, reason="Known and harmless.", by=cast.lead)


def family_of(one: Incident) -> Family:
    return Family.objects.get(members__incident=one)


def test_a_family_that_takes_in_a_dismissed_one_is_not_proposed_for_that(cast: Cast) -> None:
    few, many = told(cast, *LIFT[:2]), told(cast, *MAIL)
    analysed()
    lift, mail = family_of(few[0]), family_of(many[0])
    dismissed(mail, cast)
    corrections.merge(lift, other=mail, by=cast.lead)
    analysed()
    assert proposed() == []


def test_of_two_that_were_dismissed_what_they_had_together_counts(cast: Cast) -> None:
    few, many = told(cast, *LIFT), told(cast, *MAIL)
    analysed()
    lift, mail = family_of(few[0]), family_of(many[0])
    dismissed(lift, cast)
    dismissed(mail, cast)
    corrections.merge(lift, other=mail, by=cast.lead)
    analysed()
    assert proposed() == []


def test_what_is_taken_out_of_a_dismissed_family_is_not_proposed_as_another_one(cast: Cast) -> None:
    mails = told(cast, *MAIL)
    analysed()
    mail = family_of(mails[0])
    first = dismissed(mail, cast)
    bad = [one for one in mails if one.title.endswith("bad")]
    other = corrections.split(mail, parted=bad, by=cast.lead)
    analysed()
    assert proposed() == []

    told(cast, bad[1].title, bad[2].title)
    analysed()
    (again,) = proposed()
    assert (again.family, again.again) == (other, first)


def test_what_an_analysis_moved_is_not_proposed_there(cast: Cast) -> None:
    """As where words grew common that had held a family together."""
    mails = told(cast, *MAIL)
    analysed()
    mail = family_of(mails[0])
    dismissed(mail, cast)
    renumbered = Family.objects.create(
        number=900, service=mail.service, title=mail.title, first_at=mail.first_at, last_at=mail.last_at, size=12
    )
    FamilyMember.objects.filter(family=mail).update(family=renumbered)
    analysed()
    assert (family_of(mails[0]), proposed()) == (renumbered, [])


def test_much_that_is_new_is_proposed_though_a_little_of_it_was_dismissed(cast: Cast) -> None:
    few = told(cast, *LIFT)
    analysed()
    lift = family_of(few[0])
    dismissed(lift, cast)
    switch = family_of(arrived_as_a_family(cast)[0])
    corrections.merge(switch, other=lift, by=cast.lead)
    analysed()
    (one,) = proposed()
    assert (one.family, one.again) == (switch, None)


def arrived_as_a_family(cast: Cast) -> list[Incident]:
    incidents = arrive(cast, SWITCH, ago=2, times=9)
    analysed()
    return incidents


def test_what_was_decided_before_this_was_kept_counts_too(cast: Cast) -> None:
    many = told(cast, *MAIL)
    analysed()
    mail = family_of(many[0])
    candidate = dismissed(mail, cast)
    SetAside.objects.all().delete()
    import_module("genyin.trends.migrations.0006_decided_before").keep(apps, None)
    assert {one.incident_id for one in candidate.set_aside.all()} == {one.pk for one in many}
