"""Who gets in, and what strangers see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from genyin.base.models import Event
from genyin.people.actions import set_password
from genyin.people.models import User
from tests.cast import ADMIN, PASSWORD, Cast
from tests.web.conftest import Visit

STRANGE = "Sign in to get in 7"


@pytest.fixture
def lead_with_password(cast: Cast) -> User:
    cache.clear()
    return set_password(cast.user("lead"), password=PASSWORD, by=ADMIN)


@pytest.mark.parametrize("name", ["lead", "lead@example.com"])
def test_a_person_signs_in_by_user_name_or_address(lead_with_password: User, client: Client, name: str) -> None:
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert answer.wsgi_request.user == lead_with_password


def test_a_wrong_password_is_told_and_lets_nobody_in(lead_with_password: User, client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "lead", "password": STRANGE})
    assert isinstance(answer.wsgi_request.user, AnonymousUser)
    assert 'role="alert"' in answer.content.decode()


def test_guessing_a_password_is_slowed_down(lead_with_password: User, client: Client) -> None:
    client.cookies["django_language"] = "en"
    for number in range(6):
        client.post("/accounts/login/", {"login": "lead", "password": f"{STRANGE}{number}"})
    last = client.post("/accounts/login/", {"login": "lead", "password": PASSWORD})
    assert "Too many failed login attempts" in last.content.decode()
    assert isinstance(last.wsgi_request.user, AnonymousUser)


@pytest.mark.parametrize("address", ["/", "/profile/", "/people/", "/more/", "/accounts/password/change/"])
def test_a_stranger_is_sent_to_sign_in_and_comes_back(cast: Cast, client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


def test_a_stranger_behind_htmx_is_sent_there_as_a_whole_page(cast: Cast, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/profile/"}
    answer = client.get("/profile/delegate/", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/profile/"


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_nobody_makes_an_account_alone(cast: Cast, client: Client, address: str) -> None:
    before = User.objects.count()
    answer = client.post(address, {"username": "me", "email": "me@example.com"})
    assert answer.status_code == 403
    assert User.objects.count() == before


def test_a_changed_password_leaves_its_event(lead_with_password: User, client: Client) -> None:
    client.force_login(lead_with_password)
    fresh = "another-battery-staple"
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    )
    assert answer.status_code == 302
    event = Event.objects.filter(verb="user.password_set").latest("seq")
    assert event.actor_id == lead_with_password.pk
    lead_with_password.refresh_from_db()
    assert lead_with_password.check_password(fresh)


def test_the_health_page_answers_without_a_session(db: None, client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.json() == {"ok": True}
    assert not answer.cookies


def test_machines_that_crawl_are_asked_not_to(db: None, client: Client) -> None:
    assert "Disallow: /" in client.get("/robots.txt").content.decode()


def test_signing_out_ends_the_session(visit: Visit) -> None:
    client = visit("lead")
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302
