"""How every verb begins and ends: judged by the table, written under the optimistic lock, told in one event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from genyin.base import clock, events
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import BadInput, Conflict, gettext_noop
from genyin.base.storable import UNSTORABLE
from genyin.problems import lifecycle, points
from genyin.problems.lifecycle import Stage, Transition
from genyin.problems.models import Problem
from genyin.problems.standing import flags_of, standing

QUIET = {"stage_since", "updated_at", "version"}
#: Verbs that only add something: two people doing so at once do not disturb each other.
ADDING = frozenset(
    [
        "comment",
        "attach",
        "add_evidence",
        "assist_incident",
        "link_incident",
        "unlink_incident",
        "add_task",
        "finish_task",
        "request_waiver",
        "confirm_waiver",
        "refuse_waiver",
        "hold_review",
        "judge_effect",
    ]
)


@dataclass(frozen=True, slots=True)
class Step:
    """A transition that was allowed: where it leads, and the delegation it was allowed through."""

    row: Transition
    to: Stage
    through: Delegated | None


def begin(problem: Problem, verb: str, *, by: Actor, to: Stage | None = None) -> Step:
    """Lock the problem's row and ask the table.

    Raises Conflict when the problem changed since it was read, and what `lifecycle.check` raises; nothing is written.
    """
    _lock(problem, verb)
    held = standing(by, problem)
    row = lifecycle.check(
        verb,
        stage=Stage(problem.stage),
        rights=held.rights,
        own=held.personal,
        flags=flags_of(problem),
        open_points=points.open_codes(problem),
        to=to,
    )
    target = to or (row.to[0] if row.to else Stage(problem.stage))
    return Step(row=row, to=target, through=held.through(row))


def finish(
    problem: Problem,
    step: Step,
    event: str,
    *,
    by: Actor,
    note: str = "",
    satisfies: Mapping[str, object] | None = None,
    tells: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Problem:
    """Write the changes, put evidence to the points, bring the rest in line, and record the one event."""
    note = text(note, "note")
    # What is closed was judged when it closed: no point opens, reopens or is withdrawn by what happens later.
    stays_closed = problem.stage == step.to == Stage.CLOSED
    if step.to != problem.stage:
        changes |= {"stage": step.to, "stage_since": clock.now()}
    before = {name: getattr(problem, name) for name in changes if name not in QUIET}
    if changes:
        save(problem, **changes)
    for code, evidence in (satisfies or {}).items():
        points.satisfy(problem, code, evidence=evidence, by=by)
    if not stays_closed:
        points.settle(problem, by=by)
    after = {name: value for name, value in changes.items() if name not in QUIET} | dict(tells or {})
    events.record(event, problem, by=by, before=before, after=after, note=note, through=step.through)
    return problem


def _lock(problem: Problem, verb: str) -> None:
    # Serialises the verbs of one problem: two of them settling its points at once would open a point twice.
    version = Problem.objects.select_for_update().values_list("version", flat=True).get(pk=problem.pk)
    if version == problem.version:
        return
    if verb not in ADDING:
        raise stale()
    problem.refresh_from_db()


def stale() -> Conflict:
    """The refusal of a change that was made on an old reading."""
    return Conflict(gettext_noop("Somebody else changed this problem meanwhile. Reload it and try again."))


def save(problem: Problem, **changes: Any) -> Problem:
    """Write under the optimistic lock. Raises Conflict when somebody else was quicker."""
    changes["updated_at"] = clock.now()
    written = Problem.objects.filter(pk=problem.pk, version=problem.version).update(version=F("version") + 1, **changes)
    if not written:
        raise stale()
    problem.version += 1
    for name, value in changes.items():
        setattr(problem, name, value)
    return problem


def text(value: str, field: str, *, longest: int = 20_000) -> str:
    """The text without surrounding space; may be empty. Raises BadInput when it is too long or cannot be stored."""
    said = value.strip()
    if UNSTORABLE.search(said):
        raise BadInput(gettext_noop("This holds a character that cannot be stored."), field=field)
    if len(said) > longest:
        raise BadInput(gettext_noop("This is too long: at most %(longest)s characters."), field=field, longest=longest)
    return said


def required(value: str, field: str, *, longest: int = 20_000) -> str:
    """The text without surrounding space. Raises BadInput when it is empty or too long."""
    said = text(value, field, longest=longest)
    if not said:
        raise BadInput(gettext_noop("This must be filled in."), field=field)
    return said


def one_of(value: str, known: tuple[str, ...], field: str) -> str:
    """A code that the list knows. Raises BadInput naming the field and the known codes."""
    if value not in known:
        raise BadInput(
            gettext_noop("“%(value)s” is not known here. Known are: %(known)s."),
            field=field,
            value=value,
            known=", ".join(known),
        )
    return value
