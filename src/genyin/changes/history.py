"""Changes that a team arrives with: kept at the problem of imported history they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from genyin.base import events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.changes.models import Change, ChangeState
from genyin.incidents.data import ChangeData
from genyin.people.roles import Right, held, require
from genyin.problems.models import Problem
from genyin.procedure.numbers import keep_clear, one_import_at_a_time

NUMBER_LENGTH, TITLE_LENGTH = 60, 200
STATES = {
    "successful": ChangeState.SUCCEEDED, "failed": ChangeState.FAILED, "backed_out": ChangeState.BACKED_OUT,
    "canceled": ChangeState.CANCELLED,
}  # fmt: skip


@dataclass(slots=True)
class History:
    """What became of the changes that arrived; `refused` holds those that could not be kept, with the reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[ChangeData, BadInput]] = field(default_factory=list)


def receive_changes(rows: Sequence[ChangeData], *, source: str, by: Actor) -> History:
    """Keep changes of another system, one event each. A problem registered here raises its changes itself."""
    through = None if Right.JOB in held(by) else require(by, "import.run")
    history = History()
    with transaction.atomic():
        one_import_at_a_time("change")
        kept: list[tuple[ChangeData, Change]] = []
        for row in rows:
            try:
                change = _receive(row, history)
            except BadInput as refusal:
                history.refused.append((row, refusal))
                continue
            if change is not None:
                kept.append((row, change))
        keep_clear("change", [row.external_id for row in rows])
        # Last of all: they lock the chain's head, and who raises a change here locks the counter before it.
        for row, change in kept:
            after = {"source": row.source, "digest": row.digest(), "state": change.state}
            events.record("change.imported", change, by=by, after=after, through=through)
    return history


def _receive(row: ChangeData, history: History) -> Change | None:
    """The change as written, None when nothing changed."""
    if len(row.external_id) > NUMBER_LENGTH:
        raise BadInput(
            gettext_noop("The number of a change has at most %(limit)s characters."),
            field="number",
            limit=NUMBER_LENGTH,
        )
    problem = Problem.objects.filter(number=row.problem_number).first() if row.problem_number else None
    if problem is None:
        raise BadInput(
            gettext_noop("There is no problem %(number)s here; import the problems first."),
            field="problem_number", number=row.problem_number or "—",
        )  # fmt: skip
    if not problem.is_imported:
        raise BadInput(
            gettext_noop("Problem %(number)s was registered here; raise its changes from it."),
            field="problem_number", number=problem.number,
        )  # fmt: skip
    # Another customer's system may give the same number, and so may one whose problems are registered here.
    customer = problem.service.customer_id
    known = Change.objects.filter(
        number=row.external_id, problem__is_imported=True, problem__service__customer=customer
    ).first()
    told = _told(row, problem)
    if known is None:
        history.created += 1
        raised = row.planned_at or row.implemented_at or problem.registered_at
        return Change.objects.create(number=row.external_id, raised_at=raised, raised_by=row.source, **told)
    if all(getattr(known, name) == value for name, value in told.items()):
        history.unchanged += 1
        return None
    history.updated += 1
    Change.objects.filter(pk=known.pk).update(**told)
    return Change.objects.get(pk=known.pk)


def _told(row: ChangeData, problem: Problem) -> dict[str, Any]:
    state = STATES.get(row.result, ChangeState.PLANNED)
    return {
        "problem": problem, "title": row.title[:TITLE_LENGTH], "state": state, "planned_at": row.planned_at,
        "implemented_at": row.implemented_at, "result": row.result if row.result not in STATES else row.state,
    }  # fmt: skip
