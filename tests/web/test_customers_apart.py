"""No name, number or title of one customer reaches another through the screens."""

import pytest

from genyin.base import clock
from genyin.base.actor import Actor, ActorKind
from genyin.base.errors import BadInput, NotAllowed, UnknownReference
from genyin.incidents import queries as incidents
from genyin.incidents.actions import receive
from genyin.incidents.catalogue import withdraw_access
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Access, Incident, Service
from genyin.people import actions as people
from genyin.problems import actions as problems
from genyin.problems import queries
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem, Task
from genyin.problems.work import waiting_for
from tests.cast import ADMIN, Cast
from tests.web.conftest import Visit


def test_a_duplicate_does_not_name_another_customers_original(cast: Cast, visit: Visit) -> None:
    theirs, mine = cast.submitted(service="warehouse"), cast.submitted()
    problems.mark_duplicate(mine, original=theirs, by=cast.lead)
    address = f"/problems/{mine.number}/"
    assert theirs.number in visit("lead").get(address).content.decode()
    assert theirs.number not in visit("first_line").get(address).content.decode()


def test_a_representative_is_offered_nobody_of_another_customer_as_delegate(visit: Visit) -> None:
    text = visit("representative").get("/profile/delegate/").content.decode()
    assert "harbour" not in text


def test_our_people_are_offered_nobody_of_the_customers_side_as_delegate(visit: Visit) -> None:
    text = visit("first_line").get("/profile/delegate/").content.decode()
    assert "analyst" in text
    assert "representative" not in text


def test_another_customers_representative_is_not_offered_for_an_action_item(cast: Cast, visit: Visit) -> None:
    problem = cast.at(Stage.VERIFYING)
    text = visit("owner").get(f"/problems/{problem.number}/hold_review/").content.decode()
    assert ">representative<" in text
    assert "harbour representative" not in text


def test_the_procedure_names_only_representatives_of_ones_own_customers(visit: Visit) -> None:
    assert "harbour representative" in visit("lead").get("/procedure/").content.decode()
    text = visit("first_line").get("/procedure/").content.decode()
    assert "representative" in text
    assert "harbour representative" not in text


def test_a_task_goes_to_somebody_who_may_see_its_problem(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    with pytest.raises(BadInput) as refused:
        problems.add_task(problem, title="Read the log", owner=cast.user("harbour_first_line"), by=cast.lead)
    assert refused.value.field == "owner"
    assert not problem.tasks.exists()


def test_my_work_shows_no_task_of_a_problem_i_may_not_see(cast: Cast) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    task = problems.add_task(problem, title="Read the log", owner=cast.user("first_line"), by=cast.lead)
    assert [work.verb for work in waiting_for(cast.first_line)] == ["finish_task"]
    Task.objects.filter(pk=task.pk).update(owner=cast.user("harbour_first_line"))
    assert not waiting_for(cast.harbour_first_line)


def test_help_with_another_customers_incident_does_not_name_it_in_the_problem(cast: Cast, visit: Visit) -> None:
    problem, theirs, mine = cast.at(Stage.INVESTIGATING), cast.incident(service="warehouse"), cast.incident()
    people.set_roles(cast.user("owner"), roles=["owner", "lead"], by=ADMIN)
    problems.assist_incident(problem, incident=theirs, text="Restarted it.", by=cast.owner)
    problems.assist_incident(problem, incident=mine, text="Restarted it too.", by=cast.owner)
    text = visit("first_line").get(f"/problems/{problem.number}/").content.decode()
    assert f"{mine.ref}: Restarted it too." in text
    assert theirs.ref not in text


def test_an_incident_out_of_sight_is_not_unlinked(cast: Cast) -> None:
    theirs, problem = cast.incident(service="warehouse"), cast.submitted()
    problems.link_incident(problem, linked=[theirs], by=cast.lead)
    with pytest.raises(UnknownReference):
        problems.unlink_incident(problem, incident=theirs, reason="Guessed.", by=cast.first_line)
    assert problem.links.count() == 1


def test_a_problem_takes_configuration_items_of_its_own_service_only(cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        cast.submitted(items=[cast.services["warehouse"].items.get()])
    assert refused.value.field == "items"


def test_who_loses_the_last_role_sees_less_never_more(cast: Cast) -> None:
    cast.incident()
    people.set_roles(cast.user("representative"), roles=[], by=ADMIN)
    assert not incidents.visible_to(cast.representative).exists()


def test_a_token_of_one_customer_cannot_file_an_incident_with_another(cast: Cast) -> None:
    token, _secret = people.add_token("crm", by=ADMIN)
    Access.objects.create(token=token, customer=cast.customers["hospital"])
    crm = Actor(kind=ActorKind.INTEGRATION, name="crm", token_id=token.pk, roles=frozenset({"integration"}))
    now = clock.now()
    data = IncidentData(
        source="crm", external_id="1", title="Slow", state=State.OPEN, opened_at=now, occurred_at=now,
        service="network", customer="harbour customer",
    )  # fmt: skip
    with pytest.raises(UnknownReference) as refused:
        receive(data, by=crm)
    assert refused.value.field == "customer"
    assert not Incident.objects.exists()


def test_a_representative_whose_access_is_withdrawn_loses_sight_of_what_they_were_invited_to(
    cast: Cast, visit: Visit
) -> None:
    problem, address = _invited(cast)
    assert visit("representative").get(address).status_code == 200
    withdraw_access(Access.objects.get(user=cast.user("representative")), by=ADMIN)
    assert visit("representative").get(address).status_code == 404
    assert not queries.visible_to(cast.representative).exists()
    with pytest.raises(NotAllowed):
        problems.comment(problem, text="Still quiet.", by=cast.representative)


def test_a_representative_loses_sight_of_a_service_that_is_another_customers_now(cast: Cast, visit: Visit) -> None:
    _problem, address = _invited(cast)
    Service.objects.filter(name="network").update(customer=cast.customers["harbour"])
    assert visit("representative").get(address).status_code == 404


def _invited(cast: Cast) -> tuple[Problem, str]:
    problem = cast.at(Stage.VERIFYING)
    problems.invite_representative(problem, user=cast.user("representative"), by=cast.lead)
    return problem, f"/problems/{problem.number}/"
