"""Every verb by every role through the API: allowed exactly where the transition table and the roles say so."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from genyin.base import events
from genyin.incidents.catalogue import open_token_access
from genyin.knowledge import actions as knowledge
from genyin.people import actions as people
from genyin.people.roles import Right, parts_of, rights_of
from genyin.problems import actions as problems
from genyin.problems.lifecycle import TRANSITIONS, VERBS
from genyin.problems.models import Problem
from genyin.procedure import actions as procedure
from genyin.procedure.content import default
from genyin.reports import actions as reports
from genyin.reviews import actions as reviews
from tests import cast as casting
from tests.api.conftest import Caller
from tests.api.tried import FAR, TRIED
from tests.cast import ADMIN, SETUP, Cast
from tests.scenes import rolled_back

#: Who is who in the problem of this test: a part, beside what the role gives.
PARTS = {"owner": Right.OWNER, "analyst": Right.TEAM, "first_line": Right.SUBMITTER, "representative": Right.INVITED}
ROLES = ("first_line", "lead", "owner", "analyst", "representative", "management", "administrator", "auditor")


def _ask_hold(cast: Cast, problem: Problem) -> None:
    problems.request_hold(problem, reason="Waiting.", until=date.fromisoformat(FAR), by=cast.owner)


def _hold(cast: Cast, problem: Problem) -> None:
    _ask_hold(cast, problem)
    problems.grant_hold(problem, by=cast.lead)


def _ask_waiver(cast: Cast, problem: Problem) -> None:
    problems.request_waiver(problem, point="reproduction", reason="Impossible.", by=cast.owner)


def _review(cast: Cast, problem: Problem) -> None:
    reviews.hold_review(
        problem, minutes=reviews.Minutes(course="Found and fixed.", conclusion="Passed."), follow_ups=[], by=cast.lead
    )


#: What must have happened before the verb makes sense.
BEFORE: dict[str, Callable[[Cast, Problem], object]] = {
    "resubmit": lambda cast, problem: problems.send_back(problem, reason="Which switch?", by=cast.lead),
    "clear_major": lambda cast, problem: problems.set_major(problem, reason="Two hospitals.", by=cast.lead),
    "unlink_incident": lambda cast, problem: problems.link_incident(problem, linked=[_incident(cast)], by=cast.owner),
    "finish_task": lambda cast, problem: problems.add_task(
        problem, title="Look", owner=cast.user("owner"), by=cast.owner
    ),
    "retire_known_error": lambda cast, problem: knowledge.publish_known_error(problem, symptom="It.", by=cast.owner),
    "grant_hold": _ask_hold,
    "deny_hold": _ask_hold,
    "resume": _hold,
    "confirm_waiver": _ask_waiver,
    "refuse_waiver": _ask_waiver,
    "judge_effect": _review,
    "pass_review": _review,
    "fail_review": _review,
    "close": lambda cast, problem: reports.archive(problem, by=cast.owner),
    "rebind": lambda cast, problem: procedure.publish(default(), note="newer", by=SETUP),
}


class World:
    """The cast, a problem in each stage that is needed, and a caller for each role."""

    def __init__(self) -> None:
        self.cast = casting.assemble()
        self.callers = {name: self._caller(name) for name in ROLES}
        self.incident = self.cast.incident()
        self.other = self.cast.submitted(title="The original").number
        stages = sorted({stage for stage, _body in TRIED.values()})
        self.problems = {stage: self._at(stage).number for stage in stages}

    def _caller(self, name: str) -> Caller:
        _token, secret = people.add_token(name, user=self.cast.user(name), by=ADMIN)
        return Caller(secret)

    def _at(self, stage: str) -> Problem:
        problem = self.cast.at(stage, level="low" if stage == "verifying" else "medium", by=self.cast.first_line)
        if stage in ("investigating", "verifying"):
            problems.form_team(problem, members=[self.cast.user("analyst")], by=self.cast.lead)
        if stage != "submitted":
            problems.invite_representative(problem, user=self.cast.user("representative"), by=self.cast.lead)
        return problem

    def prepared(self, verb: str) -> tuple[Problem, dict[str, Any]]:
        stage, body = TRIED[verb]
        problem = Problem.objects.get(number=self.problems[stage])
        if verb in BEFORE:
            BEFORE[verb](self.cast, problem)
        problem.refresh_from_db()
        task, change, known = problem.tasks.first(), problem.changes.first(), problem.known_errors.first()
        named = {"OTHER": self.other, "TASK": task and task.pk, "CHANGE": change and change.number,
                 "KNOWN": known and known.number}  # fmt: skip
        return problem, {
            key: named.get(value, value) if isinstance(value, str) else value for key, value in body.items()
        }


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with rolled_back(django_db_blocker):
        yield World()


def test_every_verb_is_tried(db: None) -> None:
    # `register` has no problem to act on and `attach` takes a file: each has its own test below.
    assert set(TRIED) == set(VERBS) - {"register", "attach"}


@pytest.mark.parametrize("verb", list(TRIED))
def test_the_table_and_the_api_agree(world: World, verb: str) -> None:
    with transaction.atomic():
        problem, body = world.prepared(verb)
        flags = problem.flags
        found = {role: _outcome(world.callers[role], problem.number, verb, body) for role in ROLES}
        expected = {role: _expected(problem, verb, role, flags) for role in ROLES}
        transaction.set_rollback(True)
    assert found == expected


def _outcome(caller: Caller, number: str, verb: str, body: dict[str, Any]) -> str:
    with transaction.atomic():
        before = _left(number)
        answer = caller.post(f"problems/{number}/{verb}", body)
        # Who is refused leaves no trace, and a step that is taken always leaves one.
        assert (_left(number) == before) is (answer.status != 200), answer.body
        transaction.set_rollback(True)
    if answer.status == 404:
        return "not seen"
    if answer.status == 403:
        return "refused"
    if answer.status == 409 and answer["code"] == "wrong_stage":
        return "not now"
    # The right is there; a control point may still be open. Anything else would be a mistake of this test.
    assert answer.status == 200 or answer["code"] == "control_points_open", answer.body
    return "allowed"


def _left(number: str) -> tuple[object, ...]:
    """What any step would have changed: the log, and the problem's own row."""
    return events.head(), Problem.objects.values_list().get(number=number)


def _expected(problem: Problem, verb: str, role: str, flags: Any) -> str:
    stage = TRIED[verb][0]
    if role == "administrator" or (role == "representative" and stage == "submitted"):
        return "not seen"
    rights = rights_of(frozenset({role})) | ({PARTS[role]} if _has_part(problem, role) else set())
    held = [row for row in TRANSITIONS if row.verb == verb and row.by & rights]
    here = [row for row in held if stage in row.start and row.only_if <= flags and not row.not_if & flags]
    if held and not here:
        return "not now"
    return "allowed" if any(not row.not_by & rights for row in here) else "refused"


def _has_part(problem: Problem, role: str) -> bool:
    """Whether that person stands in the problem as PARTS says, and holds a role that may."""
    in_it = {
        "owner": problem.owner is not None and problem.owner.username == "owner",
        "analyst": problem.parts.filter(user__username="analyst").exists(),
        "first_line": True,
        "representative": problem.parts.filter(user__username="representative").exists(),
    }
    return in_it.get(role, False) and PARTS[role] in parts_of(frozenset({role}))


@pytest.mark.parametrize("role", ROLES)
def test_registering_needs_a_part_in_support(world: World, role: str) -> None:
    body = {"title": "It restarts", "service": "network", "category": "hardware", "level": "low",
            "source": "monitoring", "reason": "cause_unknown"}  # fmt: skip
    (row,) = (row for row in TRANSITIONS if row.verb == "register")
    with transaction.atomic():
        answer = world.callers[role].post("problems", body)
        transaction.set_rollback(True)
    assert answer.status == (201 if row.by & rights_of(frozenset({role})) else 403)


@pytest.mark.parametrize("role", ROLES)
def test_attaching_a_file_follows_the_table_too(world: World, role: str) -> None:
    problem = Problem.objects.get(number=world.problems["investigating"])
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n'
    with transaction.atomic():
        answer = world.callers[role].raw(f"problems/{problem.number}/attach", form, "multipart/form-data; boundary=b")
        transaction.set_rollback(True)
    (row,) = (row for row in TRANSITIONS if row.verb == "attach")
    rights = rights_of(frozenset({role})) | ({PARTS[role]} if _has_part(problem, role) else set())
    unseen = role == "administrator"
    assert answer.status == (404 if unseen else 200 if row.by & rights else 403)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("users", {"administrator"}),
        ("tokens", {"administrator"}),
        ("audit/head", {"lead", "management", "auditor"}),
        ("audit/verify", {"lead", "management", "auditor"}),
        ("audit/events", {"lead", "management", "auditor"}),
        ("services", set(ROLES) - {"representative"}),
        ("incidents", set(ROLES) - {"representative"}),
        ("candidates", set(ROLES) - {"representative"}),
        ("reports", set(ROLES) - {"representative"}),
        ("register", {"first_line", "lead", "owner", "analyst", "management", "auditor"}),
        ("problems", set(ROLES)),
        ("reviews", set(ROLES)),
        ("me", set(ROLES)),
    ],
)
def test_lists_are_for_those_whose_duty_they_are(world: World, path: str, allowed: set[str]) -> None:
    found = {role: world.callers[role].get(path).status for role in ROLES}
    assert found == {role: 200 if role in allowed else 403 for role in ROLES}


def test_an_integration_registers_and_resubmits_and_does_nothing_else(world: World) -> None:
    with transaction.atomic():
        token, secret = people.add_token("crm", source="after_sales", by=ADMIN)
        open_token_access(token=token, customer=world.cast.customers["hospital"], by=ADMIN)
        crm = Caller(secret)
        number = world.problems["investigating"]
        before = _left(number)
        assert {verb for verb in TRIED if crm.post(f"problems/{number}/{verb}", TRIED[verb][1]).status == 200} == set()
        assert _left(number) == before
        transaction.set_rollback(True)


def _incident(cast: Cast) -> Any:
    return cast.services["network"].incidents.get(external_id="INC00001")
