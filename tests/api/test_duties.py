"""Every write of the API outside a problem's lifecycle by every role: allowed where the table of duties says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from genyin.api.routes import api
from genyin.base import events
from genyin.people import actions as people
from genyin.people.roles import DUTIES
from tests import duties
from tests.api.conftest import Caller
from tests.cast import ADMIN
from tests.duties import ROLES, Scene
from tests.scenes import rolled_back

pytestmark = pytest.mark.django_db  # so that one of these can be run alone, too

REASON = {"reason": "Because."}
SIGHT = {"customer": "harbour customer"}
ARRIVAL = {
    "source": "one-of-ours", "external_id": "N-1", "title": "It restarts", "service": "network",
    "occurred_at": "2026-09-07T04:00:00Z",
}  # fmt: skip
PERSON = {"login": "new", "name": "New", "email": "new@example.com", "roles": ["owner"]}
LENT = {"to": "analyst", "starts": "2199-01-01", "ends": "2199-01-02"}
ACCEPTED = {"title": "Restarts", "category": "hardware", "level": "medium"}

#: operation -> duty, address, body
WRITES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "receive_incident": ("incident.receive", "incidents", ARRIVAL),
    "run_trends": ("trend.run", "trends/run", {}),
    "accept_candidate": ("candidate.accept", "candidates/{candidate}/accept", ACCEPTED),
    "link_candidate": ("candidate.accept", "candidates/{candidate}/link", {"problem": "{problem}"}),
    "dismiss_candidate": ("candidate.dismiss", "candidates/{candidate}/dismiss", REASON),
    "watch_candidate": ("candidate.dismiss", "candidates/{candidate}/watch", REASON),
    "waive_novelty": ("novelty.waive", "novelties/{first}/waive", REASON),
    "merge_families": ("family.edit", "families/{family}/merge", {"other": "{other}"}),
    "split_family": ("family.edit", "families/{family}/split", {"incidents": ["{member}", "{second}"]}),
    "family_not_same": ("family.edit", "families/{family}/not-same", {"incident": "{member}"}),
    "family_same": ("family.edit", "families/{family}/same", {"incident": "{stranger}"}),
    "try_known_error": (
        "family.edit", "known-errors/{known_error}/trials", {"incident": "{member}", "result": "worked"}
    ),
    "issue_report": ("report.issue", "reports", {"month": "2026-01", **REASON}),
    "add_user": ("user.edit", "users", PERSON),
    "set_roles": ("user.edit", "users/owner/roles", {"roles": ["owner", "analyst"]}),
    "open_access": ("user.edit", "users/owner/access", SIGHT),
    "delegate": ("delegation.edit", "users/other_owner/delegations", LENT),
    "add_token": ("token.edit", "tokens", {"name": "monitoring"}),
    "open_token_access": ("token.edit", "tokens/{token}/access", SIGHT),
    "revoke_token": ("token.edit", "tokens/{token}/revoke", {}),
}  # fmt: skip
#: Judged by the lifecycle's table, by one's own part, or writing nothing.
OTHERWISE = {"register_problem", "confirm_month_end", "finish_follow_up", "hand_over_follow_up", "match"}
READS = {"log.read": ("audit/events", "audit/head", "audit/verify"), "register.export": ("register?month=2026-01",)}
#: What no address of the API is for.
ELSEWHERE = {"import.run", "service.edit"}


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with rolled_back(django_db_blocker):
        yield duties.assemble()


@pytest.fixture(scope="module")
def callers(scene: Scene) -> dict[str, Caller]:
    return {role: Caller(people.add_token(role, user=scene.cast.user(role), by=ADMIN)[1]) for role in ROLES}


def test_every_duty_and_every_write_is_tried(db: None) -> None:
    told = api.get_openapi_schema(path_prefix="/api/")["paths"].items()
    writes = {
        operation["operationId"]
        for path, methods in told
        if not path.startswith("/api/problems/{")
        for method, operation in methods.items()
        if method != "get"
    }
    assert writes == set(WRITES) | OTHERWISE
    assert {duty for duty, _path, _body in WRITES.values()} | set(READS) | ELSEWHERE | duties.TERMINAL == set(DUTIES)


@pytest.mark.parametrize("operation", WRITES)
def test_a_write_is_for_whom_the_table_says_and_nobody_else_leaves_a_trace(
    scene: Scene, callers: dict[str, Caller], operation: str
) -> None:
    duty, path, body = WRITES[operation]
    found = {role: _tried(callers[role], str(scene.told(path)), scene.told(body)) for role in ROLES}
    assert found == {role: duties.may(role, duty) for role in ROLES}


@pytest.mark.parametrize("operation", WRITES)
def test_who_lacks_the_right_is_not_told_what_else_would_be_wrong(
    scene: Scene, callers: dict[str, Caller], operation: str
) -> None:
    _duty, path, body = WRITES[operation]
    nothing = Scene(scene.cast, dict.fromkeys(scene.named, "nothing:here"))
    assert callers["auditor"].post(str(scene.told(path)), nothing.told(body)).status == 403


def _tried(caller: Caller, path: str, body: Any) -> bool:
    with transaction.atomic():
        before = events.head()
        answer = caller.post(path, body)
        allowed = answer.status in (200, 201, 202)
        assert allowed or answer.status in (403, 404), answer.body
        assert (events.head() == before) is not allowed
        transaction.set_rollback(True)
    return allowed


@pytest.mark.parametrize(("duty", "path"), [(duty, path) for duty, paths in READS.items() for path in paths])
def test_a_list_that_is_a_duty_is_for_whom_the_table_says(
    scene: Scene, callers: dict[str, Caller], duty: str, path: str
) -> None:
    found = {role: callers[role].get(path).status for role in ROLES}
    assert found == {role: 200 if duties.may(role, duty) else 403 for role in ROLES}
