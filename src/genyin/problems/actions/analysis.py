"""Finding the cause: reproduction, cause, workaround, interim measure, level and the record's own text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, NotAllowed, gettext_noop
from genyin.people.roles import Right
from genyin.problems import rules
from genyin.problems.models import Cause, Problem
from genyin.problems.standing import standing
from genyin.problems.writing import Step, begin, finish, one_of, required
from genyin.problems.writing import text as plain
from genyin.procedure import queries as procedures
from genyin.procedure.content import LEVELS

REPRODUCED = ("yes", "no", "impossible")
#: Fields that `edit` may change; everything else has a verb of its own.
EDITABLE = ("title", "description", "subcategory", "impact_text", "contact", "planned_finish")
LONGEST = {"title": 200, "subcategory": 80, "contact": 120}


@dataclass(frozen=True, slots=True)
class CauseFound:
    """A coded root cause: its category, the text, and how it was established."""

    code: str
    text: str
    established: str


def edit(problem: Problem, *, by: Actor, **changes: str | date | None) -> Problem:
    """Correct the record's own text. Raises BadInput for a field that has its own verb."""
    for name, value in changes.items():
        if name not in EDITABLE:
            raise BadInput(gettext_noop("%(field)s cannot be edited; it has a step of its own."), field=name)
        if isinstance(value, str):
            check = required if name == "title" else plain
            changes[name] = check(value, name, longest=LONGEST.get(name, 20_000))
    with transaction.atomic():
        step = begin(problem, "edit", by=by)
        changed: dict[str, Any] = {name: value for name, value in changes.items() if getattr(problem, name) != value}
        return finish(problem, step, "problem.edited", by=by, **changed) if changed else problem


def note_reproduction(problem: Problem, *, reproduced: str, text: str, by: Actor) -> Problem:
    """Say whether the problem could be made to appear again (R46): yes, no, or not possible, and how."""
    one_of(reproduced, REPRODUCED, "reproduced")
    text = required(text, "text")
    with transaction.atomic():
        step = begin(problem, "note_reproduction", by=by)
        return finish(
            problem,
            step,
            "problem.reproduction_noted",
            by=by,
            note=text,
            satisfies={"reproduction": f"{reproduced}: {text}"},
            reproduced=reproduced,
            reproduction=text,
        )


def find_cause(problem: Problem, *, causes: Sequence[CauseFound], by: Actor) -> Problem:
    """State the root cause (R27, R47): coded, in words, and how it was established."""
    known = procedures.read(problem.procedure).cause_categories
    if not causes:
        raise BadInput(gettext_noop("State at least one cause."), field="text")
    for cause in causes:
        one_of(cause.code, known, "code")
        required(cause.text, "text")
        required(cause.established, "established")
    with transaction.atomic():
        step = begin(problem, "find_cause", by=by)
        Cause.objects.bulk_create(
            Cause(
                problem=problem,
                code=c.code,
                text=c.text.strip(),
                established=c.established.strip(),
                cycle=problem.cycle,
                found_at=clock.now(),
                found_by=by.name,
            )
            for c in causes
        )
        return finish(
            problem,
            step,
            "problem.cause_found",
            by=by,
            satisfies={"root_cause": causes[0].text},
            tells={"causes": [{"code": c.code, "text": c.text} for c in causes]},
            cause_found_at=clock.now(),
        )


def set_workaround(problem: Problem, *, text: str, by: Actor) -> Problem:
    """Give first line a way to work on meanwhile (变通方法, R47)."""
    text = required(text, "text")
    with transaction.atomic():
        step = begin(problem, "set_workaround", by=by)
        return finish(problem, step, "problem.workaround_set", by=by, workaround=text, workaround_since=clock.now())


def take_interim_measure(problem: Problem, *, text: str, by: Actor) -> Problem:
    """Restore the service first (临时措施, R49)."""
    text = required(text, "text")
    with transaction.atomic():
        step = begin(problem, "take_interim_measure", by=by)
        return finish(
            problem,
            step,
            "problem.interim_measure_taken",
            by=by,
            satisfies={"interim_measure": text},
            interim_measure=text,
            interim_at=clock.now(),
        )


def change_level(problem: Problem, *, level: str, reason: str, by: Actor) -> Problem:
    """Change the level (R12): the owner may raise it, only the lead may lower it. Points are added or withdrawn."""
    one_of(level, LEVELS, "level")
    reason = required(reason, "reason")
    if level == problem.level:
        raise BadInput(gettext_noop("The problem already has this level."), field="level")
    with transaction.atomic():
        step = begin(problem, "change_level", by=by)
        if not rules.is_raise(problem.level, level):
            step = _as_lead(step, problem, by=by)
        return finish(
            problem,
            step,
            "problem.level_changed",
            by=by,
            note=reason,
            satisfies={"level": level},
            level=level,
            level_reason=reason,
        )


def _as_lead(step: Step, problem: Problem, *, by: Actor) -> Step:
    """The step by the lead's right alone, so that an owner who takes it for an absent lead is named with them."""
    held = standing(by, problem)
    if Right.LEAD not in held.rights:
        raise NotAllowed(gettext_noop("Only the service-management lead may lower the level."))
    return replace(step, through=held.via.get(Right.LEAD))


def set_major(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Declare a major problem (重大问题): a review meeting becomes compulsory (R53)."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "set_major", by=by)
        return finish(problem, step, "problem.major_set", by=by, note=reason, is_major=True)


def clear_major(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Take the major flag away again, with a reason."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "clear_major", by=by)
        return finish(problem, step, "problem.major_cleared", by=by, note=reason, is_major=False)
