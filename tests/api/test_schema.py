"""schemathesis asks every operation for everything its documentation allows and forbids, and finds nothing.

It is led to where something can go wrong: most requests name a problem in the stage where the verb starts, people and
services that exist, and come from somebody whose rights suffice. Each request is undone after it was answered.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from pydantic import BaseModel
from pytest_django import DjangoDbBlocker
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from genyin.api import rate
from genyin.api.refusals import DOCUMENTED
from genyin.people import actions as people
from genyin.problems.lifecycle import TRANSITIONS, VERBS
from genyin.problems.stages import Stage
from tests import cast as casting
from tests.cast import ADMIN
from tests.house.openapi import described
from tests.scenes import rolled_back

pytestmark = pytest.mark.database

REFUSALS = [400, 401, 403, 404, 405, 409, 413, 422, 429]
CONFIG = SchemathesisConfig.from_dict(
    {
        "generation": {"deterministic": True, "database": "none", "max-examples": 3},
        "phases": {"coverage": {"unexpected-methods": ["DELETE", "TRACE"]}},
        "checks": {
            # A body that is well formed may still be refused: by a rule (409), for what it names (422).
            "positive_data_acceptance": {"expected-statuses": [200, 201, 403, 404, 409, 422]},
            "negative_data_rejection": {"expected-statuses": REFUSALS},
        },
    }
)


class Site:
    """The web application as schemathesis calls it; made on first use, when the settings are complete."""

    handler: WSGIHandler | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.handler = self.handler or WSGIHandler()
        return self.handler(environ, start_response)


schema = schemathesis.openapi.from_dict(described(), config=CONFIG)
schema.app = Site()


@dataclass
class World:
    """What requests may name: the problems by stage, and other things by the parameter that takes them."""

    owner: str  # the secrets of two callers
    lead: str
    problems: dict[str, str]
    names: dict[str, Any]


@contextmanager
def connection_kept() -> Iterator[None]:
    """The end of a request closes the connection, and with it the transaction that all of this happens in."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Everybody and a problem in every stage, for all operations together."""
    with connection_kept(), rolled_back(django_db_blocker):
        cast = casting.assemble()
        people.set_roles(cast.user("lead"), roles=["lead", "administrator", "first_line"], by=ADMIN)
        _token, lead = people.add_token("lead", user=cast.user("lead"), by=ADMIN)
        _token, owner = people.add_token("owner", user=cast.user("owner"), by=ADMIN)
        incident = cast.incident()
        problems = {stage.value: cast.at(stage, title=f"In {stage}").number for stage in Stage if stage != "closed"}
        names = {
            "owner": "deputy", "to": "deputy", "user": "representative", "members": ["analyst"], "service": "network",
            "incident": incident.ref, "incidents": [incident.ref], "original": problems["submitted"], "point": "team",
            "category": "hardware", "source": "incident", "reason": "recurring", "code": "software_defect",
            "customer": "hospital customer", "roles": ["owner"], "month": "2026-09", "until": "2199-12-31",
            "look_again_at": "2199-12-31",
        }  # fmt: skip
        yield World(owner, lead, problems, names)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "PER_MINUTE", 10**9)


def test_every_operation_documents_every_refusal() -> None:
    lacking = [
        f"{method} {path}"
        for path, methods in schema.raw_schema["paths"].items()
        for method, operation in methods.items()
        if not {str(status) for status in DOCUMENTED} <= set(operation["responses"])
    ]
    assert lacking == []


def test_every_verb_of_the_table_is_one_operation_with_a_body_of_its_own() -> None:
    paths = schema.raw_schema["paths"]
    bodies = [
        paths[f"/api/problems/{{ref}}/{verb}"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for verb in VERBS
        if verb not in ("register", "attach")
    ]
    assert len(set(bodies)) == len(bodies) == len(VERBS) - 2


def test_no_two_shapes_share_a_name() -> None:
    """The document knows a shape by its name alone: of two, one would be documented as the other."""
    named: dict[str, set[type[BaseModel]]] = {}
    for shape in _shapes(BaseModel):
        if shape.__module__.startswith("genyin.api"):
            named.setdefault(shape.__name__, set()).add(shape)
    assert {name for name, shapes in named.items() if len(shapes) > 1} == set()


def _shapes(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for shape in base.__subclasses__():
        yield shape
        yield from _shapes(shape)


@pytest.mark.slow
@pytest.mark.stricter
@schema.parametrize()
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_is_found(world: World, case: schemathesis.Case[Any]) -> None:
    lead_to_the_point(case, world)
    with transaction.atomic():
        case.call_and_validate(headers={"Authorization": f"Bearer {caller(case, world)}", "Accept-Language": "en"})
        transaction.set_rollback(True)


def lead_to_the_point(case: schemathesis.Case[Any], world: World) -> None:
    """Name what exists, unless this request is meant to be wrong there; one in four is left as it came."""
    if zlib.crc32(repr((case.path_parameters, case.body)).encode("utf-8", "replace")) % 4 == 0:
        return
    if "ref" in (case.path_parameters or {}) and is_meant_well(case, ParameterLocation.PATH):
        ref = known_ref(case.operation.path, world)
        case.path_parameters["ref"] = ref or case.path_parameters["ref"]
    if isinstance(case.body, dict) and is_meant_well(case, ParameterLocation.BODY):
        case.body.update({name: world.names[name] for name in case.body if name in world.names})


def is_meant_well(case: schemathesis.Case[Any], where: ParameterLocation) -> bool:
    component = case.meta.components.get(where) if case.meta else None
    return component is None or component.mode.is_positive


def caller(case: schemathesis.Case[Any], world: World) -> str:
    """The owner for the verbs that only the owner may use, else the lead, who administers here too."""
    rights = {right for row in TRANSITIONS if row.verb == case.operation.path.rsplit("/", 1)[-1] for right in row.by}
    return world.owner if rights and "lead" not in rights else world.lead


def known_ref(path: str, world: World) -> str | None:
    """A problem in the stage where the verb starts; other objects by their own names."""
    if path.startswith("/api/incidents/"):
        return str(world.names["incident"])
    if not path.startswith("/api/problems/"):
        return None
    verb = path.rsplit("/", 1)[-1]
    starts = [stage.value for row in TRANSITIONS if row.verb == verb for stage in row.start]
    return world.problems.get(next((s for s in starts if s in world.problems), "investigating"))
