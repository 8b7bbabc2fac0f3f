"""Nobody leaves with open work, and the last administrator and the last lead stay what they are."""

from datetime import timedelta

import pytest

from genyin.base import clock
from genyin.base.errors import BadInput
from genyin.base.models import Event
from genyin.people import actions as people
from genyin.people.models import RoleGrant, User
from genyin.problems import actions as problems
from genyin.reviews import actions as reviews
from genyin.reviews.handover import deactivate
from genyin.reviews.models import FollowUp
from tests.actions.at_once import at_once
from tests.cast import ADMIN, Cast


@pytest.fixture
def follow_up(cast: Cast) -> FollowUp:
    """A follow-up of the analyst's; its problem is solved and closed since."""
    problem = cast.at("verifying")
    minutes = reviews.Minutes(course="Found.", conclusion="Passed.")
    due = (clock.now() + timedelta(days=30)).date()
    review = reviews.hold_review(
        problem,
        minutes=minutes,
        follow_ups=[reviews.Action("Renew the maintenance contract.", cast.user("analyst"), due)],
        by=cast.lead,
    )
    problem.refresh_from_db()
    problems.cancel(problem, outcome="void", reason="Entered twice.", by=cast.lead)
    return review.follow_ups.get()


def test_an_open_follow_up_is_open_work_even_when_its_problem_is_closed(cast: Cast, follow_up: FollowUp) -> None:
    with pytest.raises(BadInput) as refused:
        deactivate(cast.user("analyst"), by=cast.administrator)
    assert follow_up.review.number in str(refused.value)
    reviews.finish_follow_up(follow_up, result="Renewed.", by=cast.lead)
    assert not deactivate(cast.user("analyst"), by=cast.administrator).is_active


@pytest.mark.parametrize("role", ["administrator", "lead"])
def test_the_last_holder_is_not_deactivated_and_the_sentence_says_what_to_do(cast: Cast, role: str) -> None:
    if role == "lead":
        deactivate(cast.user("deputy"), by=cast.administrator)
    before = Event.objects.count()
    with pytest.raises(BadInput, match=r"Make somebody else .* first"):
        deactivate(cast.user(role), by=cast.administrator)
    assert Event.objects.count() == before


@pytest.mark.parametrize("role", ["administrator", "lead"])
def test_the_last_holder_keeps_the_role_until_somebody_else_has_it(cast: Cast, role: str) -> None:
    if role == "lead":
        people.set_roles(cast.user("deputy"), roles=["owner"], by=cast.administrator)
    with pytest.raises(BadInput, match=r"Make somebody else .* first"):
        people.set_roles(cast.user(role), roles=["analyst"], by=ADMIN)
    assert list(cast.user(role).grants.values_list("role", flat=True)) == [role]
    people.set_roles(cast.user("management"), roles=["management", role], by=ADMIN)
    people.set_roles(cast.user(role), roles=["analyst"], by=ADMIN)


def test_somebody_who_left_does_not_count_as_a_holder(cast: Cast) -> None:
    people.set_roles(cast.user("management"), roles=["administrator"], by=ADMIN)
    deactivate(cast.user("management"), by=cast.administrator)
    with pytest.raises(BadInput, match="last active administrator"):
        deactivate(cast.user("administrator"), by=ADMIN)


@pytest.mark.fault
def test_two_administrators_who_demote_each_other_at_once_leave_one(committed_cast: Cast) -> None:
    cast = committed_cast
    people.set_roles(cast.user("management"), roles=["administrator"], by=ADMIN)
    both = [cast.user("administrator"), cast.user("management")]
    refused = at_once(*(lambda user=user: people.set_roles(user, roles=["auditor"], by=ADMIN) for user in both))
    assert [str(one) for one in refused if "last active administrator" in str(one)] == [str(one) for one in refused]
    assert len(refused) == 1
    assert RoleGrant.objects.filter(role="administrator").count() == 1


@pytest.mark.fault
def test_nobody_gets_a_problem_while_they_are_being_deactivated(committed_cast: Cast) -> None:
    cast = committed_cast
    problem, owner, lead, administrator = cast.submitted(), cast.user("owner"), cast.lead, cast.administrator
    refused = at_once(
        lambda: problems.dispatch(problem, owner=owner, by=lead), lambda: deactivate(owner, by=administrator)
    )
    assert len(refused) == 1
    problem.refresh_from_db()
    assert User.objects.get(pk=owner.pk).is_active is (problem.owner_id == owner.pk)
