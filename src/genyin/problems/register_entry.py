"""The problem's row in the register 汇总表 (procedure.md 3b): live until frozen, then as it was."""

from typing import Any

from genyin.base import clock, events
from genyin.problems.models import Problem, RegisterEntry

COLUMNS = (
    "number",
    "title",
    "source",
    "category",
    "level",
    "service",
    "submitter",
    "registered_at",
    "owner",
    "root_cause",
    "solution",
    "changes",
    "status",
    "resolved_at",
    "minutes",
    "closed_at",
    "note",
)


def row(problem: Problem) -> dict[str, Any]:
    """The row as it stands now; codes and moments, rendered later."""
    # In Python: a list of many problems has read their causes beforehand.
    cause = max(problem.causes.all(), key=lambda one: one.pk, default=None)
    return {
        "number": problem.number,
        "title": problem.title,
        "source": problem.source,
        "category": problem.category,
        "level": problem.level,
        "service": problem.service.name,
        "submitter": problem.submitter_name,
        "registered_at": problem.registered_at,
        "owner": problem.owner.name if problem.owner else "",
        "root_cause": cause.text if cause else "",
        "solution": problem.solution,
        "changes": problem.change_numbers,
        "status": problem.status,
        "resolved_at": problem.resolved_at,
        "minutes": problem.minutes_number,
        "closed_at": problem.closed_at,
        "note": problem.closing_note,
    }


def freeze(problem: Problem) -> None:
    """Complete the row and keep it as it is now. Call within the verb's transaction."""
    RegisterEntry.objects.filter(problem=problem).update(frozen_at=clock.now(), content=events.plain(row(problem)))


def thaw(problem: Problem) -> None:
    """The problem is open again: its row lives again. The frozen content stays in the event log."""
    RegisterEntry.objects.filter(problem=problem).update(frozen_at=None)
