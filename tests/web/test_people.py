"""People, roles, access and tokens, by the administrator and by nobody else."""

from datetime import date

import pytest

from genyin.base.models import Event
from genyin.incidents.models import Access
from genyin.people import actions as people
from genyin.people.models import ApiToken, User
from genyin.people.queries import actor_for_token
from genyin.reviews import actions as reviews
from genyin.reviews.handover import deactivate, hand_over_follow_up
from tests.cast import ADMIN, PASSWORD, Cast
from tests.web.conftest import Visit

PERSON = {
    "name": "Network engineer 9",
    "username": "engineer9",
    "email": "engineer9@example.com",
    "language": "en",
    "roles": ["owner", "analyst"],
    "password": PASSWORD,
}


def test_the_administrator_adds_a_person_who_then_signs_in(visit: Visit, cast: Cast) -> None:
    client = visit("administrator")
    answer = client.post("/people/add/", PERSON)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people/engineer9/")
    assert sorted(User.objects.get(username="engineer9").grants.values_list("role", flat=True)) == ["analyst", "owner"]
    assert client.login(username="engineer9", password=PASSWORD)


def test_a_taken_name_is_told_beside_its_field(visit: Visit) -> None:
    text = visit("administrator").post("/people/add/", {**PERSON, "username": "OWNER"}).content.decode()
    assert 'id="id_username_error">This user name is taken.' in text
    assert 'value="Network engineer 9"' in text
    assert not User.objects.filter(email=PERSON["email"]).exists()


def test_a_weak_password_is_told_beside_its_field(visit: Visit) -> None:
    text = visit("administrator").post("/people/add/", {**PERSON, "password": "short"}).content.decode()
    assert 'id="id_password_error"' in text
    assert not User.objects.filter(username="engineer9").exists()


@pytest.mark.parametrize("name", ["lead", "owner", "first_line", "representative", "auditor"])
@pytest.mark.parametrize(
    "address", ["/people/", "/people/add/", "/people/owner/", "/people/owner/roles/", "/tokens/add/"]
)
def test_others_may_not_open_these_pages(visit: Visit, name: str, address: str) -> None:
    assert visit(name).get(address).status_code == 403


@pytest.mark.parametrize("address", ["/people/owner/roles/", "/people/owner/password/", "/people/owner/deactivate/"])
def test_others_cannot_post_there_either(visit: Visit, cast: Cast, address: str) -> None:
    before = Event.objects.count()
    answer = visit("lead").post(address, {"roles": ["lead"], "password": PASSWORD})
    assert answer.status_code == 403
    assert Event.objects.count() == before


def test_roles_are_set_exactly_as_ticked(visit: Visit, cast: Cast) -> None:
    visit("administrator").post("/people/owner/roles/", {"roles": ["first_line"]})
    assert list(cast.user("owner").grants.values_list("role", flat=True)) == ["first_line"]


def test_somebody_with_open_work_cannot_be_deactivated_and_the_page_names_the_work(visit: Visit, cast: Cast) -> None:
    problem = cast.at("assigned")
    answer = visit("administrator").post("/people/owner/deactivate/")
    assert answer.status_code == 422
    assert problem.number in answer.content.decode()
    cast.user("owner").refresh_from_db()
    assert cast.user("owner").is_active


def test_somebody_with_an_open_action_item_hands_it_over_first(visit: Visit, cast: Cast) -> None:
    problem = cast.at("verifying")
    item = reviews.Action("Check the other switches", cast.user("analyst"), date(2199, 12, 1))
    minutes = reviews.Minutes(course="Found.", conclusion="Works.")
    review = reviews.hold_review(problem, minutes=minutes, follow_ups=[item], by=cast.lead)
    answer = visit("administrator").post("/people/analyst/deactivate/")
    assert answer.status_code == 422
    assert review.number in answer.content.decode()
    hand_over_follow_up(review.follow_ups.get(), to=cast.user("owner"), by=cast.lead)
    assert visit("administrator").post("/people/analyst/deactivate/").status_code == 303


@pytest.mark.parametrize(
    ("name", "said"),
    [("administrator", "the last active administrator"), ("lead", "the last who holds the lead&#x27;s right")],
)
def test_the_last_who_can_keep_things_going_stays(visit: Visit, cast: Cast, name: str, said: str) -> None:
    client = visit("administrator")
    deactivate(cast.user("deputy"), by=ADMIN)
    for address, body in ((f"/people/{name}/deactivate/", {}), (f"/people/{name}/roles/", {"roles": ["auditor"]})):
        answer = client.post(address, body)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert cast.user(name).grants.filter(role=name).exists()
    people.set_roles(cast.user("owner"), roles=["owner", name], by=ADMIN)
    assert client.post(f"/people/{name}/roles/", {"roles": ["auditor"]}).status_code == 303


def test_somebody_who_left_is_out_and_can_be_let_in_again(visit: Visit, cast: Cast) -> None:
    gone, administrator = visit("analyst"), visit("administrator")
    administrator.post("/people/analyst/deactivate/")
    assert gone.get("/").status_code == 302
    administrator.post("/people/analyst/reactivate/")
    assert visit("analyst").get("/").status_code == 200


def test_access_is_opened_and_withdrawn(visit: Visit, cast: Cast) -> None:
    client = visit("administrator")
    client.post("/people/owner/access/", {"customer": cast.customers["harbour"].pk})
    access = Access.objects.get(user=cast.user("owner"), customer=cast.customers["harbour"])
    client.post(f"/access/{access.pk}/withdraw/")
    assert not Access.objects.filter(pk=access.pk).exists()


def test_a_token_shows_its_secret_once_and_works_until_it_is_revoked(visit: Visit) -> None:
    client = visit("administrator")
    text = client.post("/tokens/add/", {"name": "CRM", "source": "crm"}).content.decode()
    secret = next(part for part in text.split('"') if part.startswith("gy_"))
    assert actor_for_token(secret) is not None
    token = ApiToken.objects.get(name="CRM")
    assert secret not in client.get(f"/tokens/{token.pk}/").content.decode()
    assert secret not in client.get("/people/").content.decode()
    client.post(f"/tokens/{token.pk}/revoke/")
    assert actor_for_token(secret) is None


def test_a_delegation_made_in_the_profile_shows_in_the_delegates_work(visit: Visit, cast: Cast) -> None:
    problem = cast.at("assigned")
    client = visit("owner")
    client.post("/profile/delegate/", {"to": cast.user("other_owner").pk, "starts": "2020-01-01", "ends": "2099-01-01"})
    accept = f"/problems/{problem.number}/accept/"
    assert accept in visit("other_owner").get("/").content.decode()
    delegation = cast.user("owner").delegations_given.get()
    client.post(f"/profile/delegations/{delegation.pk}/end/")
    assert accept not in visit("other_owner").get("/").content.decode()
