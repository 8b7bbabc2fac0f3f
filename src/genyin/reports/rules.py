"""Pure decisions about records: what a problem's record should hold by the stage it has reached."""

from collections.abc import Mapping
from typing import Any

from genyin.problems.rules import REGISTER_FIELDS, missing
from genyin.problems.stages import LEFT_OUT, SUCCESS, Outcome, Stage

FROM_THE_START = ("title", "description", "category", "level", "source", "reason", "service", "submitter_name")
# Fields that a record must hold from the moment its problem has reached a stage.
REACHED: dict[Stage, tuple[str, ...]] = {
    Stage.ASSIGNED: ("owner",),
    Stage.SOLVING: ("root_cause",),
    Stage.CHANGING: ("solution",),
    Stage.VERIFYING: ("solution", "fixed_at"),
    Stage.RESOLVED: ("resolved_at", "minutes_number"),
}
ORDER = tuple(Stage)


def record_gaps(values: Mapping[str, Any], *, stage: str, outcome: str) -> tuple[str, ...]:
    """Fields a record lacks for how far its problem has come, and "incidents" where the one it came from is not linked.

    A problem closed without a solution need not hold one; one that is left out of the totals lacks nothing.
    """
    if outcome in LEFT_OUT:
        return ()
    fields = list(FROM_THE_START)
    for reached in ORDER[: ORDER.index(Stage(stage)) + 1]:
        fields += [name for name in REACHED.get(reached, ()) if expected(name, outcome)]
    gaps = missing(values, tuple(dict.fromkeys(fields)))
    return (*gaps, "incidents") if values.get("source") == "incident" and not values.get("incidents") else gaps


def expected(field: str, outcome: str) -> bool:
    """Whether this outcome can be expected to have the field."""
    if outcome in SUCCESS or not outcome:
        return True
    return field == "owner" or (field == "root_cause" and outcome == Outcome.NO_SOLUTION)


def register_gaps(values: Mapping[str, Any], *, stage: str, outcome: str) -> tuple[str, ...]:
    """Fields a register row lacks at the month's end: asked of what is resolved or closed with success (R56)."""
    if stage == Stage.RESOLVED or outcome in SUCCESS:
        return missing(values, REGISTER_FIELDS)
    return ()
