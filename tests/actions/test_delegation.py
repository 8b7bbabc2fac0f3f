"""A delegation lends rights for a time: nothing that is done through it opens rights beyond it."""

from datetime import date, timedelta

import pytest

from genyin.base import clock, events
from genyin.base.errors import BadInput, NotAllowed
from genyin.incidents.catalogue import open_access
from genyin.people import actions as people
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.reviews import actions as reviews
from genyin.reviews.models import Review
from tests.cast import ADMIN, Cast


def _today() -> date:
    return clock.now().date()


def _lend(cast: Cast, giver: str, to: str) -> None:
    day = timedelta(days=1)
    people.delegate(
        cast.user(giver), to=cast.user(to), starts=_today() - day, ends=_today() + day, by=getattr(cast, giver)
    )


def test_an_administrators_delegate_opens_no_rights(cast: Cast) -> None:
    _lend(cast, "administrator", "owner")
    delegate, person = cast.owner, cast.user("owner")
    with pytest.raises(NotAllowed):
        people.set_roles(person, roles=["owner", "administrator"], by=delegate)
    with pytest.raises(NotAllowed):
        people.add_token("for ever", user=cast.user("lead"), by=delegate)
    with pytest.raises(NotAllowed):
        people.set_password(cast.user("administrator"), password="battery-staple-horse", by=delegate)
    with pytest.raises(NotAllowed):
        people.add_user("x", name="x", email="x@example.com", password=None, roles=["administrator"], by=delegate)
    with pytest.raises(NotAllowed):
        open_access(user=person, customer=cast.customers["harbour"], by=delegate)


def test_a_delegate_does_not_prolong_the_delegation(cast: Cast) -> None:
    _lend(cast, "lead", "owner")
    for_long = _today() + timedelta(days=900)
    with pytest.raises(NotAllowed):
        people.delegate(cast.user("lead"), to=cast.user("owner"), starts=_today(), ends=for_long, by=cast.owner)


def test_a_lead_lends_no_rights_of_an_administrator(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        people.delegate(cast.user("administrator"), to=cast.user("lead"), starts=_today(), ends=_today(), by=cast.lead)


def test_a_lead_lends_the_rights_of_an_owner_who_is_away(cast: Cast) -> None:
    people.delegate(cast.user("owner"), to=cast.user("analyst"), starts=_today(), ends=_today(), by=cast.lead)
    assert [one.name for one in cast.analyst.delegated] == ["owner"]


def test_our_rights_are_not_lent_to_the_customers_side(cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        people.delegate(cast.user("lead"), to=cast.user("representative"), starts=_today(), ends=_today(), by=cast.lead)
    assert refused.value.field == "to"
    assert not cast.representative.sees_all


def test_a_follow_up_finished_by_a_delegate_names_both(cast: Cast) -> None:
    problem = cast.at(Stage.VERIFYING)
    review = _review(cast)
    _lend(cast, "owner", "analyst")
    reviews.finish_follow_up(review.follow_ups.get(), result="Done.", by=cast.analyst)
    told = events.of(problem).last()
    assert told is not None
    assert (told.actor_name, told.on_behalf_of_name) == ("analyst", "owner")


def test_somebody_made_auditor_finishes_no_follow_up_any_more(cast: Cast) -> None:
    cast.at(Stage.VERIFYING)
    review = _review(cast)
    people.set_roles(cast.user("owner"), roles=["auditor"], by=ADMIN)
    with pytest.raises(NotAllowed):
        reviews.finish_follow_up(review.follow_ups.get(), result="Done.", by=cast.owner)


def test_an_owner_who_lost_that_role_does_not_pass_their_own_review(cast: Cast) -> None:
    problem = cast.at(Stage.VERIFYING, level="low")
    people.set_roles(cast.user("owner"), roles=["management"], by=ADMIN)
    _lend(cast, "lead", "owner")
    cast.reviewed(problem)
    with pytest.raises(NotAllowed):
        reviews.pass_review(problem, by=cast.owner)


def _review(cast: Cast) -> Review:
    problem = cast.user("owner").problems_owned.get()
    follow_up = reviews.Action("Check the others", cast.user("owner"), _today())
    minutes = reviews.Minutes(course="Found and fixed.", conclusion="Passed.")
    return reviews.hold_review(problem, minutes=minutes, follow_ups=[follow_up], by=cast.lead)


def test_an_owner_who_lowers_the_level_for_the_lead_is_named_with_the_lead(cast: Cast) -> None:
    problem = cast.at("investigating")
    _lend(cast, "lead", "owner")
    problems.change_level(problem, level="high", reason="More wards.", by=cast.owner)
    assert events.of(problem).latest("seq").on_behalf_of_name == ""
    problems.change_level(problem, level="low", reason="One ward only.", by=cast.owner)
    assert events.of(problem).latest("seq").on_behalf_of_name == "lead"
