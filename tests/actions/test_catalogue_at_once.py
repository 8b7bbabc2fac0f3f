"""Services and who may see them: of two who say the same one does it, and what was withdrawn stays withdrawn."""

from datetime import timedelta

import pytest

from genyin.base import clock
from genyin.base.errors import BadInput
from genyin.base.models import Event
from genyin.incidents import catalogue
from genyin.incidents.models import Access, Service
from genyin.people import actions as people
from genyin.reviews.handover import deactivate
from tests.actions.at_once import at_once, in_turn
from tests.cast import ADMIN, Cast

DAY = timedelta(days=1)


@pytest.mark.fault
def test_of_many_who_enter_the_same_service_at_once_one_does_and_the_others_are_told(committed_cast: Cast) -> None:
    by = committed_cast.lead
    refused = at_once(*(lambda: catalogue.save_service(Service(name="mail"), by=by) for _n in range(6)))
    assert (len(refused), Service.objects.filter(name="mail").count()) == (5, 1)
    assert Event.objects.filter(verb="service.saved").count() == 1


@pytest.mark.fault
def test_access_that_two_open_at_once_is_closed_by_one_withdrawal(committed_cast: Cast) -> None:
    cast = committed_cast
    customer, user, by = cast.customers["harbour"], cast.user("owner"), cast.administrator
    opened = [lambda: catalogue.open_access(user=user, customer=customer, by=by) for _n in range(2)]
    assert in_turn(*opened) == []
    (access,) = Access.objects.filter(user=user, customer=customer)
    catalogue.withdraw_access(access, by=by)
    assert not Access.objects.filter(user=user, customer=customer).exists()


def test_access_is_opened_and_withdrawn_once(cast: Cast) -> None:
    token, _secret = people.add_token("crm", by=ADMIN)
    customer, by = cast.customers["harbour"], cast.administrator
    for _twice in range(2):
        access = catalogue.open_access(user=cast.user("owner"), customer=customer, by=by)
        sight = catalogue.open_token_access(token=token, customer=customer, by=by)
    assert Event.objects.filter(verb="access.opened").count() == 2
    for one in (access, sight):
        again = Access.objects.get(pk=one.pk)
        catalogue.withdraw_access(one, by=by)
        catalogue.withdraw_access(again, by=by)
    assert Event.objects.filter(verb="access.withdrawn").count() == 2


def test_rights_and_tokens_are_not_given_to_somebody_who_left(cast: Cast) -> None:
    left = cast.user("deputy")
    deactivate(left, by=cast.administrator)
    today, told = clock.now().date(), Event.objects.count()
    with pytest.raises(BadInput, match="has left"):
        people.delegate(cast.user("lead"), to=left, starts=today, ends=today + DAY, by=cast.lead)
    with pytest.raises(BadInput, match="has left"):
        people.add_token("script", user=left, by=cast.administrator)
    assert Event.objects.count() == told


@pytest.mark.fault
def test_rights_are_not_lent_to_somebody_who_has_become_the_customers(committed_cast: Cast) -> None:
    cast = committed_cast
    lead, analyst, administrator, today = cast.lead, cast.user("analyst"), cast.administrator, clock.now().date()
    in_turn(
        lambda: people.set_roles(analyst, roles=["representative"], by=administrator),
        lambda: people.delegate(cast.user("lead"), to=analyst, starts=today, ends=today + DAY, by=lead),
    )
    told = list(Event.objects.filter(verb__in=("user.roles_set", "user.delegated")).values_list("verb", flat=True))
    # On SQLite nobody waits in a queue, so there the rights may have been lent first.
    assert told in (["user.roles_set"], ["user.delegated", "user.roles_set"])
