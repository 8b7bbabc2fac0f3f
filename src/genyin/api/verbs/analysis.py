"""Finding the cause."""

from typing import Annotated, Literal

from pydantic import Field

from genyin.api.fields import Body, Code, Day, Line, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.problems import actions as problems
from genyin.problems.models import Problem

Level = Literal["high", "medium", "low"]


class Edit(VersionedBody):
    """Only the fields that are given are changed; null empties the date."""

    title: Line | None = None
    description: Text | None = None
    subcategory: Annotated[Text, Field(max_length=80)] | None = None
    impact_text: Text | None = None
    contact: Annotated[Text, Field(max_length=120)] | None = None
    planned_finish: Day | None = None


class NoteReproduction(VersionedBody):
    reproduced: Literal["yes", "no", "impossible"]
    text: Text


class CauseBody(Body):
    """`code` is one of the procedure's cause categories."""

    code: Code
    text: Text
    established: Text


class FindCause(VersionedBody):
    causes: Annotated[list[CauseBody], Field(min_length=1, max_length=20)]


class SetWorkaround(VersionedBody):
    text: Text


class TakeInterimMeasure(VersionedBody):
    text: Text


class ChangeLevel(VersionedBody):
    level: Level
    reason: Text


class SetMajor(VersionedBody):
    reason: Text


class ClearMajor(VersionedBody):
    reason: Text


@verb("edit", Edit)
def edit(problem: Problem, body: Edit, by: Actor) -> None:
    """Correct the record's own text"""
    given = {name: getattr(body, name) for name in body.model_fields_set - {"version"}}
    # A text that is null is one that is left alone; a date may be emptied.
    changes = {name: value for name, value in given.items() if value is not None or name == "planned_finish"}
    problems.edit(problem, by=by, **changes)


@verb("note_reproduction", NoteReproduction)
def note_reproduction(problem: Problem, body: NoteReproduction, by: Actor) -> None:
    """Say whether the problem could be made to appear again"""
    problems.note_reproduction(problem, reproduced=body.reproduced, text=body.text, by=by)


@verb("find_cause", FindCause)
def find_cause(problem: Problem, body: FindCause, by: Actor) -> None:
    """State the root cause: coded, in words, and how it was established"""
    causes = [problems.CauseFound(code=c.code, text=c.text, established=c.established) for c in body.causes]
    problems.find_cause(problem, causes=causes, by=by)


@verb("set_workaround", SetWorkaround)
def set_workaround(problem: Problem, body: SetWorkaround, by: Actor) -> None:
    """Give first line a way to work on meanwhile"""
    problems.set_workaround(problem, text=body.text, by=by)


@verb("take_interim_measure", TakeInterimMeasure)
def take_interim_measure(problem: Problem, body: TakeInterimMeasure, by: Actor) -> None:
    """Restore the service first"""
    problems.take_interim_measure(problem, text=body.text, by=by)


@verb("change_level", ChangeLevel)
def change_level(problem: Problem, body: ChangeLevel, by: Actor) -> None:
    """Raise the level as owner, lower it as lead"""
    problems.change_level(problem, level=body.level, reason=body.reason, by=by)


@verb("set_major", SetMajor)
def set_major(problem: Problem, body: SetMajor, by: Actor) -> None:
    """Declare a major problem"""
    problems.set_major(problem, reason=body.reason, by=by)


@verb("clear_major", ClearMajor)
def clear_major(problem: Problem, body: ClearMajor, by: Actor) -> None:
    """Take the major flag away"""
    problems.clear_major(problem, reason=body.reason, by=by)
