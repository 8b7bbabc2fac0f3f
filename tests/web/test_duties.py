"""Every step of the screens outside a problem's lifecycle by every role: open where the table of duties says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from genyin.base import events
from genyin.people.roles import DUTIES
from tests import duties
from tests.cast import PASSWORD
from tests.duties import ROLES, Scene
from tests.scenes import rolled_back

pytestmark = pytest.mark.django_db  # so that one of these can be run alone, too

REASON = {"reason": "Because."}
SIGHT = {"customer": "{customer_id}"}
PERSON = {"name": "New", "username": "new", "email": "new@example.com", "language": "en", "roles": ["owner"]}

#: address -> duty, and what the form is sent with
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "/incidents/new/": ("incident.receive", {"title": "It restarts"}),
    "/incidents/import/": ("import.run", {}),
    "/procedure/services/add/": ("service.edit", {"name": "mail"}),
    "/procedure/services/{service_id}/": ("service.edit", {"name": "network"}),
    "/trends/candidates/{candidate}/accept/": (
        "candidate.accept", {"title_": "Restarts", "category": "hardware", "level": "medium"}
    ),
    "/trends/candidates/{candidate}/link/": ("candidate.accept", {"problem": "{problem}"}),
    "/trends/candidates/{candidate}/watch/": ("candidate.dismiss", REASON),
    "/trends/candidates/{candidate}/dismiss/": ("candidate.dismiss", REASON),
    "/trends/recurrences/{back}/leave/": ("candidate.dismiss", REASON),
    "/trends/analyses/{run}/conclude/": ("candidate.dismiss", {"conclusion": "Nothing found."}),
    "/trends/novelties/{first}/waive/": ("novelty.waive", REASON),
    "/trends/families/{family}/not-same/": ("family.edit", {"incident": "{member}"}),
    "/trends/families/{family}/same/": ("family.edit", {"incident": "{stranger}"}),
    "/trends/families/{family}/merge/": ("family.edit", {"other": "{other}"}),
    "/reports/2026-01/issue/": ("report.issue", REASON),
    "/people/add/": ("user.edit", PERSON),
    "/people/owner/roles/": ("user.edit", {"roles": ["owner", "analyst"]}),
    "/people/owner/password/": ("user.edit", {"password": PASSWORD}),
    "/people/owner/access/": ("user.edit", SIGHT),
    "/tokens/add/": ("token.edit", {"name": "monitoring"}),
    "/tokens/{token_id}/access/": ("token.edit", SIGHT),
}  # fmt: skip
#: Without a form of their own: sent from a page.
BUTTONS: dict[str, tuple[str, dict[str, Any]]] = {
    "/trends/analyses/run/": ("trend.run", {}),
    "/incidents/{member}/known-errors/{known_error}/": ("family.edit", {"result": "worked"}),
    "/incidents/import/{upload}/write/": ("import.run", {}),
    "/incidents/import/{upload}/discard/": ("import.run", {}),
    "/people/management/deactivate/": ("user.edit", {}),
    "/people/owner/reactivate/": ("user.edit", {}),
    "/tokens/{token_id}/revoke/": ("token.edit", {}),
    "/access/{access_id}/withdraw/": ("user.edit", {}),
}
PAGES = {"/register/2026-01/workbook/": "register.export", "/people/": "user.edit"}
#: A delegation for somebody else is made over the API, the log is read at the terminal and over the API.
ELSEWHERE = {"delegation.edit", "log.read"}
REFUSED = (403, 404)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with rolled_back(django_db_blocker):
        yield duties.assemble()


@pytest.fixture(scope="module")
def screens(scene: Scene) -> dict[str, Client]:
    clients = {role: Client() for role in ROLES}
    for role, client in clients.items():
        client.force_login(scene.cast.user(role))
    return clients


def test_every_duty_is_tried() -> None:
    tried = {duty for duty, _said in (*FORMS.values(), *BUTTONS.values())} | set(PAGES.values())
    assert tried | ELSEWHERE | duties.TERMINAL == set(DUTIES)


@pytest.mark.parametrize("address", FORMS)
def test_a_form_is_shown_to_whom_the_table_says(scene: Scene, screens: dict[str, Client], address: str) -> None:
    duty, _said = FORMS[address]
    found = {role: screens[role].get(str(scene.told(address))).status_code for role in ROLES}
    _agree(found, duty)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_a_duty_is_shown_to_whom_the_table_says(
    scene: Scene, screens: dict[str, Client], address: str
) -> None:
    found = {role: screens[role].get(address).status_code for role in ROLES}
    _agree(found, PAGES[address])


@pytest.mark.parametrize("address", [*FORMS, *BUTTONS])
def test_what_is_sent_counts_from_whom_the_table_says_and_nobody_else_leaves_a_trace(
    scene: Scene, screens: dict[str, Client], address: str
) -> None:
    duty, said = {**FORMS, **BUTTONS}[address]
    found = {role: _sent(screens[role], str(scene.told(address)), scene.told(said)) for role in ROLES}
    _agree(found, duty)


def _sent(client: Client, address: str, said: Any) -> int:
    with transaction.atomic():
        before = events.head()
        status = client.post(address, said).status_code
        if status in REFUSED:
            assert events.head() == before
        transaction.set_rollback(True)
    return status


def _agree(found: dict[str, int], duty: str) -> None:
    """Who may is answered with anything but a refusal: what a form still lacks is another test's."""
    assert all(status < 500 for status in found.values()), found
    told = {role: status not in REFUSED for role, status in found.items()}
    assert told == {role: duties.may(role, duty) for role in ROLES}, found
