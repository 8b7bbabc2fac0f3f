"""Three customers: who names another one's things in a write is answered as if nobody had them, and writes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from genyin.api import rate
from genyin.base import clock
from genyin.base.models import Event
from genyin.incidents.catalogue import open_token_access
from genyin.people import actions as people
from genyin.problems.lifecycle import TRANSITIONS, Stage
from genyin.problems.models import Problem
from genyin.trends.models import Candidate, Family, FamilyMember
from tests.apart import SERVICES, WORDS, World, foreign, world_of
from tests.api.conftest import Answer, Caller, Callers
from tests.cast import ADMIN, Cast
from tests.house.openapi import described

pytestmark = [pytest.mark.slow, pytest.mark.once]

WRITERS = ("harbour_owner", "harbour_first_line", "harbour_representative", "harbour_crm")
SCHEMA = described()
#: Verbs of a problem whose change is being made, and no more of one that is verified.
BEFORE_VERIFYING = {row.verb for row in TRANSITIONS if Stage.CHANGING in row.start} - {
    row.verb for row in TRANSITIONS if Stage.VERIFYING in row.start
}
#: What stands in other fields.
PLAIN = {
    "category": "hardware", "level": "low", "reason": "cause_unknown", "source": "incident",
    "environment": "production", "impact": "",
    "urgency": "", "code": "software_defect", "point": "root_cause", "email": "somebody@example.com",
    "login": "somebody", "visibility": "internal", "state": "open", "external_id": "C-1",
}  # fmt: skip
#: In these a number is given, not something named: it may be taken, and nothing tells that others have it.
GIVEN = {"number"}
Names = dict[str, str | int]


@dataclass(frozen=True)
class Case:
    """An operation, and the one field that names another customer's thing; none: the address does."""

    path: str
    field: str = ""


def names_of(world: World, customer: str) -> Names:
    """What each field, and each place in an address, may name of a customer's."""
    full, service = world.full[customer], SERVICES[customer]
    changing = Problem.objects.filter(service__name=service, stage=Stage.CHANGING).get()
    person = world.casts[customer].user("representative").username
    theirs = FamilyMember.objects.filter(incident__service__name=service).values("family_id")
    names: Names = {
        "problem": full.number, "original": full.number, "/changing": changing.number,
        "incident": f"desk:{WORDS[customer]}0", "service": service, "items": f"{service}-core-01",
        "change": changing.changes.get().number, "known_error": full.known_errors.get().number,
        "customer": f"{customer} customer", "project": f"{customer} project", "task": full.tasks.get().pk,
        "/number": full.reviews.get().follow_ups.get().pk, "/name": f"{customer} token", "/login": person,
        "/problems": full.number, "/known-errors": full.known_errors.get().number,
        "/families": next((one.ref for one in Family.objects.filter(id__in=theirs)), "FAM-0000"),
        "/candidates": next((one.ref for one in Candidate.objects.filter(family__in=theirs)), "CAND-0000"),
    }  # fmt: skip
    names |= dict.fromkeys(("owner", "user", "to", "members"), person)
    return names | {"incidents": names["incident"], "other": names["/families"], "number": names["change"]}


def nobodys(names: Names) -> Names:
    """Names of the same shape, of nothing."""
    other = str.maketrans("0123456789aeiou", "9876543210uoiea")
    return {field: 987_654 if isinstance(name, int) else name.translate(other) for field, name in names.items()}


def body_of(schema: dict[str, Any], names: Names, field: str = "") -> Any:
    """A valid body, with these names where something is named."""
    if "$ref" in schema:
        return body_of(SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]], names, field)
    for several in ("anyOf", "allOf", "oneOf"):
        if several in schema:
            return body_of(schema[several][0], names, field)
    if "enum" in schema or "const" in schema:
        return (schema.get("enum") or [schema["const"]])[0]
    match schema["type"]:
        case "object":
            given = {name: of for name, of in schema["properties"].items() if name != "version"}
            return {name: body_of(of, names, name) for name, of in given.items()}
        case "array":
            return [body_of(schema["items"], names, field)]
        case "string":
            now = clock.now()
            dated = {"date": now.date().isoformat(), "date-time": now.isoformat()}.get(schema.get("format", ""))
            return dated or (f"{now:%Y-%m}" if field == "month" else names.get(field, PLAIN.get(field, "Crane.")))
        case "integer":
            return names.get(field, schema.get("minimum", 1))
    return False


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """The address and the body's schema of everything that writes a JSON body."""
    for path, methods in SCHEMA["paths"].items():
        if "post" in methods:
            content = methods["post"].get("requestBody", {}).get("content", {})
            yield path, content.get("application/json", {}).get("schema", {"type": "object", "properties": {}})


def cases(names: Names) -> list[Case]:
    """Every place in an address and every field of a body in which something is named."""
    found = []
    for path, schema in operations():
        fields = body_of(schema, names).keys() & names.keys()
        found += [Case(path, field) for field in sorted(fields)] + ([Case(path)] if "{" in path else [])
    return found


def asked(case: Case, own: Names, named: Names) -> tuple[str, Any]:
    """The address and the body: all of it one's own but for the one thing named."""
    places = own if case.field else named
    area = "/changing" if case.path.rpartition("/")[2] in BEFORE_VERIFYING else "/" + case.path.split("/")[2]
    address = case.path.replace("{ref}", str(places.get(area, "")))
    for place in ("number", "login", "name"):
        address = address.replace(f"{{{place}}}", str(places[f"/{place}"]))
    said = own | ({case.field: named[case.field]} if case.field else {})
    return address.removeprefix("/api/"), body_of(dict(operations())[case.path], said)


def written(caller: Caller, case: Case, own: Names, named: Names) -> tuple[Answer, set[str]]:
    """What comes back, without the names that were sent, and what happened; then everything is as it was."""
    rate.forget()
    last = Event.objects.latest("seq").seq
    with transaction.atomic():
        answer = caller.post(*asked(case, own, named))
        happened = set(Event.objects.filter(seq__gt=last).values_list("verb", flat=True))
        transaction.set_rollback(True)
    return answer, happened


def told(answer: Answer, case: Case, named: Names) -> str:
    """The answer without what was named, which a refusal repeats, and without the hour."""
    sent = [case.field] if case.field else [place for place in named if place.startswith("/")]
    names = sorted({re.escape(str(named[name])) for name in sent}, key=len, reverse=True)
    hour = r"\d{4}-\d\d-\d\dT[^']*"
    return re.sub(rf"\b({'|'.join(names)}|{hour})\b", "…", f"{answer.status} {answer.body}")


@pytest.fixture
def world(cast: Cast) -> World:
    """Families are the hospital's alone here: what lies across customers is everybody's in part."""
    world = world_of(cast)
    for customer, theirs in world.casts.items():
        theirs.at("changing", level="low", service=SERVICES[customer], title=f"{WORDS[customer]} changing")
    FamilyMember.objects.exclude(incident__service__name=SERVICES["hospital"]).delete()
    return world


@pytest.fixture
def writer(world: World, callers: Callers, request: pytest.FixtureRequest) -> Caller:
    if request.param != "harbour_crm":
        return callers(request.param)
    token, secret = people.add_token("harbour crm", source="after_sales", by=ADMIN)
    open_token_access(token=token, customer=world.cast.customers["harbour"], by=ADMIN)
    return Caller(secret)


@pytest.mark.parametrize("writer", WRITERS, indirect=True)
def test_naming_what_another_customer_has_is_answered_as_if_nobody_had_it(world: World, writer: Caller) -> None:
    own, theirs = (names_of(world, customer) for customer in ("harbour", "hospital"))
    made_up, unseen = nobodys(theirs), foreign(world, "harbour")
    differing, leaks = [], []
    for case in cases(theirs):
        (real, done), (unreal, usual) = (written(writer, case, own, named) for named in (theirs, made_up))
        answered, other = told(real, case, theirs), told(unreal, case, made_up)
        if done != (usual if case.field in GIVEN else set()) or answered != other:
            differing.append((case, done, answered, other))
        leaks += [(case, word) for word in unseen if word in answered]
    assert not differing, differing
    assert leaks == []


@pytest.mark.parametrize("writer", ["harbour_owner"], indirect=True)
def test_naming_ones_own_things_is_understood(world: World, writer: Caller) -> None:
    """Without this the test above would pass on bodies that are refused anyway."""
    own = names_of(world, "harbour") | {"members": world.casts["harbour"].user("analyst").username, "number": "C-1"}
    done = {case.path.rpartition("/")[2] for case in cases(own) if written(writer, case, own, own)[0].status < 300}
    assert done >= {"add_task", "form_team", "link_incident", "match", "problems", "trials", "finish",
                    "assist_incident", "raise_change", "record_change", "change_failed"}  # fmt: skip
