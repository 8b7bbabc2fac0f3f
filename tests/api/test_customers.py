"""Three customers: no string of one reaches another, and none of ours reaches any, whatever is asked."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from genyin.api.routes import api
from genyin.base import clock
from genyin.incidents.catalogue import open_token_access
from genyin.incidents.models import Incident
from genyin.knowledge import actions as knowledge
from genyin.people import actions as people
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.reports import actions as reports
from genyin.reports.gathering import scope_of
from genyin.reviews import actions as reviews
from genyin.trends import runs
from tests.api.conftest import Answer, Caller, Callers
from tests.cast import ADMIN, Cast

SECRET = "zweiundvierzig"  # in every text of the hospital
OURS = "unterunsgesagt"  # in every internal text, also of the hospital's own problem
STRANGERS = ("harbour_first_line", "harbour_representative", "city_first_line", "harbour_crm")


class World:
    """A hospital's problem with everything a problem can have, and a harbour's that touches it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        for number in range(8):
            cast.incident(title=f"{SECRET} core switch restarts {number}", description=SECRET, reporter=SECRET,
                          resolution=SECRET, external_id=f"{SECRET}{number}", extra={SECRET: SECRET})  # fmt: skip
            cast.incident(title=f"Crane {number} stands still", service="warehouse")
        self.theirs = self._hospital()
        self.own = self._harbour()
        runs.run(by=cast.lead)

    def _hospital(self) -> Problem:
        cast, told = self.cast, f"{SECRET} {OURS}"
        incidents = list(Incident.objects.filter(service__name="network")[:2])
        problem = cast.at("verifying", level="low", change=True, title=f"{SECRET} switch", incidents_linked=incidents)
        problems.form_team(problem, members=[cast.user("analyst")], by=cast.owner)
        problems.invite_representative(problem, user=cast.user("representative"), by=cast.lead)
        problems.comment(problem, text=told, by=cast.owner)
        problems.comment(problem, text=f"{SECRET} for you", visibility="customer", by=cast.owner)
        problems.add_evidence(problem, text=told, by=cast.owner)
        problems.set_workaround(problem, text=told, by=cast.owner)
        problems.add_task(problem, title=told, owner=cast.user("analyst"), by=cast.owner)
        problems.attach(problem, name=f"{told}.txt", content=told.encode(), by=cast.owner)
        problems.edit(problem, description=told, impact_text=told, contact=SECRET, by=cast.owner)
        knowledge.publish_known_error(problem, symptom=told, workaround=told, by=cast.owner)
        minutes = reviews.Minutes(course=told, conclusion=told, customer_text=f"{SECRET} is mended")
        action = reviews.Action(told, cast.user("analyst"), clock.now().date())
        reviews.hold_review(problem, minutes=minutes, follow_ups=[action], by=cast.lead)
        return problem

    def _harbour(self) -> Problem:
        """The lead, who sees both, links the hospital's incident here and closes a duplicate across customers."""
        cast = self.cast
        foreign = Incident.objects.filter(service__name="network")[:2]
        own = list(Incident.objects.filter(service__name="warehouse")[:2])
        problem = cast.submitted(service="warehouse", title="Cranes stand still", incidents_linked=own)
        problems.link_incident(problem, linked=list(foreign), by=cast.lead)
        problems.unlink_incident(problem, incident=foreign[1], reason="Another building.", by=cast.lead)
        copy = cast.submitted(service="warehouse", title="Crane again")
        problems.mark_duplicate(copy, original=self.theirs, by=cast.lead)
        self.copy = copy
        problem.refresh_from_db()
        return problem

    def refs(self) -> dict[str, list[str]]:
        """What stands in the place of each parameter of an address: theirs, and the stranger's own."""
        attachment = self.theirs.attachments.get()
        return {
            "/api/problems": [self.theirs.number, self.own.number, self.copy.number],
            "/api/incidents": [f"desk:{SECRET}0", "desk:INC00002"],
            "/api/known-errors": [self.theirs.known_errors.get().number],
            "/api/changes": [self.theirs.changes.get().number],
            "/api/reviews": [self.theirs.reviews.get().number],
            "/api/candidates": ["CAND-0001", "CAND-0002"],
            "/api/families": ["FAM-0001", "FAM-0002"],
            "/api/reports": [self.report.number] if hasattr(self, "report") else ["FWBG-1"],
            "/api/users": ["owner"],
            "number": [str(attachment.pk)],
        }

    def issue(self) -> None:
        cast = self.cast
        month = clock.month_of(clock.now(), "Asia/Shanghai")
        with clock.at(clock.now() + timedelta(days=40)):
            self.report = reports.issue(
                month,
                formats=(),
                scope=scope_of(customer=cast.customers["hospital"]),
                reason="Told early.",
                by=cast.lead,
            )


@pytest.fixture
def world(cast: Cast) -> World:
    world = World(cast)
    world.issue()
    return world


@pytest.fixture
def harbour_crm(cast: Cast) -> Caller:
    token, secret = people.add_token("harbour crm", source="after_sales", by=ADMIN)
    open_token_access(token=token, customer=cast.customers["harbour"], by=ADMIN)
    return Caller(secret)


def everything(caller: Caller, world: World) -> Iterator[tuple[str, Answer]]:
    """Every address that can be read, with every object there is in place of its parameters."""
    refs = world.refs()
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        if "get" not in methods:
            continue
        for address in _filled(path, refs):
            query = {"month": world.report.month} if address.startswith(("/api/reg", "/api/reports/draft")) else {}
            yield address, caller.get(address.removeprefix("/api/"), **query)
    for text in (f"{SECRET} core switch restarts", f"{OURS} {SECRET}"):
        yield "match", caller.post("match", {"text": text, "k": 50})


def _filled(path: str, refs: dict[str, list[str]]) -> list[str]:
    base = "/".join(path.split("/")[:3])
    found = [path.replace("{ref}", ref).replace("{login}", ref) for ref in refs.get(base, [""])]
    words = {"{number}": refs["number"][0], "{code}": "problems_total", "{format}": "xlsx", "{name}": "script of owner"}
    for word, value in words.items():
        found = [address.replace(word, value) for address in found]
    return sorted(set(found))


def _text(answer: Answer) -> str:
    return (
        json.dumps(answer.body, ensure_ascii=False)
        if not isinstance(answer.body, bytes)
        else answer.body.decode("latin-1")
    )


def _without_echo(address: str, answer: Answer) -> str:
    """A refusal repeats what was asked for; that is the caller's own word."""
    said = _text(answer)
    for part in address.split("/") if answer.status == 404 else ():
        said = said.replace(part, "") if part else said
    return said


def test_no_string_of_one_customer_reaches_another(world: World, callers: Callers, harbour_crm: Caller) -> None:
    leaks = [
        f"{name}: {address}"
        for name in STRANGERS
        for address, answer in everything(harbour_crm if name == "harbour_crm" else callers(name), world)
        if any(word in _without_echo(address, answer) for word in (SECRET, OURS, "hospital", world.theirs.number))
        and f"problems/{world.theirs.number}" not in address
    ]
    assert leaks == []


def test_the_strangers_are_refused_what_is_not_theirs_as_if_it_were_not_there(world: World, callers: Callers) -> None:
    stranger, number = callers("harbour_first_line"), world.theirs.number
    hidden = stranger.get(f"problems/{number}")
    assert (hidden.status, hidden["message"]) == (404, stranger.get("problems/WT-0")["message"].replace("WT-0", number))
    assert stranger.post(f"problems/{number}/comment", {"text": "hello"}).status == 404
    linked = stranger.post(f"problems/{world.own.number}/link_incident", {"incidents": [f"desk:{SECRET}3"]})
    unknown = stranger.post(f"problems/{world.own.number}/link_incident", {"incidents": ["desk:none"]})
    assert (linked.status, linked["code"]) == (unknown.status, unknown["code"]) == (422, "unknown_reference")


def test_an_incident_of_another_customer_is_a_count(world: World, callers: Callers) -> None:
    seen = callers("harbour_first_line").get(f"problems/{world.own.number}")
    assert (len(seen["incidents"]), seen["incidents_hidden"]) == (2, 1)
    assert callers("harbour_first_line").get(f"problems/{world.copy.number}")["duplicate_of"] == ""


def test_the_own_people_do_find_these_strings(world: World, callers: Callers) -> None:
    """Without this the tests above would pass on empty answers."""
    found = {address for address, answer in everything(callers("owner"), world) if SECRET in _text(answer)}
    kinds = (
        "problems",
        "incidents",
        "known-errors",
        "reviews",
        "candidates",
        "families",
        "follow-ups",
        "match",
    )
    missing = [kind for kind in kinds if not any(kind in address for address in found)]
    assert missing == []


def test_a_representative_reads_what_is_meant_for_the_customer_and_nothing_else(world: World, callers: Callers) -> None:
    answers: list[tuple[str, Any]] = list(everything(callers("representative"), world))
    assert [address for address, answer in answers if OURS in _text(answer)] == []
    said = " ".join(_text(answer) for _address, answer in answers)
    assert f"{SECRET} for you" in said
    assert f"{SECRET} is mended" in said
    problem = callers("representative").get(f"problems/{world.theirs.number}")
    assert set(problem.body) == {"view", "number", "title", "stage", "status", "verbs", "comments", "reviews"}
    assert [offer["verb"] for offer in problem["verbs"]] == ["comment"]


def test_what_a_representative_writes_the_customer_may_read(world: World, callers: Callers) -> None:
    path = f"problems/{world.theirs.number}/comment"
    said = callers("representative").post(path, {"text": "Still quiet.", "visibility": "internal"})
    assert said.status == 200
    assert "Still quiet." in [comment["text"] for comment in said["comments"]]
