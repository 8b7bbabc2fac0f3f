"""Whoever does whatever in whatever order: what must hold of a problem holds after every step."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps

from genyin.base import clock, events
from genyin.base.models import Event
from genyin.people.roles import Right
from genyin.problems import lifecycle, points
from genyin.problems.lifecycle import OWNED, SATISFIED_BY, TRANSITIONS, Outcome, Stage
from genyin.problems.models import PointState, Problem
from tests.api.conftest import Callers
from tests.api.tried import TRIED
from tests.cast import MONDAY, Cast

PEOPLE = ("first_line", "lead", "deputy", "owner", "other_owner", "analyst", "representative", "management", "auditor")
AREAS = ("problems", "changes", "reviews", "knowledge", "procedure")
#: Who is asked for a right that is held by role; the owner is whoever the problem says.
BY_ROLE = {Right.FIRST_LINE: "first_line", Right.SUBMITTER: "first_line", Right.TEAM: "analyst", Right.SECOND: "deputy"}
FULL: dict[str, dict[str, Any]] = {"plan_solution": {"change_needed": True}, "form_team": {"members": ["analyst"]}}
MINUTES = {"held_at": "2026-09-07T04:00:00Z", "attendees": "lead", "representatives": "asked", "follow_ups": []}


@dataclass
class Walk:
    """One problem, the time of day, and what was seen so far."""

    cast: Cast
    callers: Callers
    number: str
    now: datetime
    steps: int = 0
    was_dispatched: bool = False
    found: list[Any] = field(default_factory=list)

    @property
    def problem(self) -> Problem:
        return Problem.objects.select_related("owner", "procedure", "service").get(number=self.number)

    def whoever(self, right: Right, problem: Problem) -> str:
        if right is Right.OWNER and problem.owner is not None:
            return problem.owner.username
        return BY_ROLE.get(right, "lead")

    def next(self, problem: Problem) -> tuple[str, str]:
        """The step that leads on, by somebody who may take it: else a walk would hardly ever reach an end."""
        verb, _needs = lifecycle.goal(Stage(problem.stage))
        rows = [row for row in TRANSITIONS if row.verb == verb and problem.stage in row.start]
        waits = points.open_codes(problem)
        missing = [code for row in rows for code in row.needs if code in waits and code not in row.gives]
        missing.sort(key=lambda code: code == "effect")  # judged in the review that is written first
        verb = SATISFIED_BY[missing[0]] if missing else verb or "reopen"
        if verb == "record_change" and not problem.changes.filter(cycle=problem.cycle).exists():
            verb = "raise_change"
        if problem.stage == Stage.ASSIGNED and self.steps % 2:
            verb = "decline"
        right = next(iter(next(row for row in TRANSITIONS if row.verb == verb).by))
        return self.whoever(Right.OWNER if verb == "form_team" else right, problem), verb

    def step(self, who: str, verb: str) -> None:
        before, told, problem = self.found or written(), Event.objects.count(), self.problem
        self.steps += 1
        with clock.at(self.now):
            answer = self.callers(who).post(f"problems/{self.number}/{verb}", self.body(verb, problem))
        assert answer.status in (200, 403, 404, 409, 422), (who, verb, answer.body)
        added, self.found = Event.objects.count() - told, written()
        if answer.status == 200:
            # Some verbs find that everything is said already: then they write nothing at all.
            assert added == 1 or (added, self.found) == (0, before), (who, verb, added)
        else:
            assert (added, self.found) == (0, before), (who, verb, answer.body)
        self.was_dispatched |= answer.status == 200 and verb == "dispatch"
        self.holds(problem.stage, verb, answer.body if answer.status == 200 and who == "lead" else {})

    def body(self, verb: str, problem: Problem) -> dict[str, Any]:
        task, change = problem.tasks.last(), problem.changes.last()
        known, waits = problem.known_errors.last(), sorted(points.open_codes(problem))
        named = {
            "OTHER": "WT-000000-000",
            "TASK": task.pk if task else 1,
            "CHANGE": change.number if change else "CHG-0",
            "KNOWN": known.number if known else "KE-0",
            "reproduction": waits[self.steps % len(waits)] if waits else "reproduction",
            "Better words": f"Better words {self.steps}",
        }
        said = {**TRIED[verb][1], **FULL.get(verb, {}), **(MINUTES if verb == "hold_review" else {})}
        return {key: named.get(value, value) if isinstance(value, str) else value for key, value in said.items()}

    def holds(self, was: str, verb: str, shown: dict[str, Any]) -> None:
        """Everything that must be true whatever was done."""
        problem = self.problem
        led = {stage for row in TRANSITIONS if row.verb == verb and was in row.start for stage in row.to}
        assert problem.stage == was or problem.stage in led
        assert (problem.stage == Stage.CLOSED) == bool(problem.outcome)
        if self.was_dispatched or problem.stage in OWNED:
            assert problem.owner is not None
        solved = problem.stage == Stage.RESOLVED or problem.outcome in (Outcome.FIXED, Outcome.WORKAROUND_ACCEPTED)
        if shown:
            assert shown["status"] == ("resolved" if solved else "unresolved")
        if solved:
            review = problem.reviews.get(cycle=problem.cycle, passed=True)
            assert (problem.minutes_number, problem.resolved_at) == (review.number, review.decided_at)
            assert review.decided_by != problem.owner.name  # type: ignore[union-attr]
        if problem.stage == Stage.CLOSED:
            assert problem.register_entry.frozen_at
            assert problem.held_since is None
            assert problem.archived_at or not solved
        live = list(points.live(problem))
        assert len({point.code for point in live}) == len(live)
        assert all(point.evidence for point in live if point.state != PointState.OPEN)


def written() -> list[Any]:
    """Every row of the areas that a verb may write into."""
    models = [model for area in AREAS for model in apps.get_app_config(area).get_models()]
    return [list(model._default_manager.order_by("pk").values_list()) for model in models]


@pytest.fixture
def walk(cast: Cast, callers: Callers) -> Walk:
    with clock.at(MONDAY):
        cast.incident()
        problem = cast.submitted(by=cast.first_line)
    for name in PEOPLE:
        callers(name)
    return Walk(cast, callers, problem.number, MONDAY)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_must_hold_holds_after_every_step(walk: Walk, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(45):
        problem, kind = walk.problem, chance.random()
        walk.now += timedelta(days=chance.choice([0, 0, 1, 20]), minutes=1)
        if kind < 0.7:
            who, verb = walk.next(problem)
        elif kind < 0.9:
            row = chance.choice([row for row in TRANSITIONS if problem.stage in row.start and row.verb in TRIED])
            who, verb = walk.whoever(chance.choice(sorted(row.by)), problem), row.verb
        else:
            who, verb = chance.choice(PEOPLE), chance.choice(sorted(TRIED))
        walk.step(who, verb)
    assert events.verify().first_broken is None
