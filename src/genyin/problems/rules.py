"""Pure decisions about a problem that are not transitions: what is missing, who may change a level, what is major."""

from collections.abc import Mapping
from typing import Any

LEVEL_ORDER = {"low": 0, "medium": 1, "high": 2}

#: What 《问题记录表》 must hold before a review can pass (procedure.md 3a); the value is the field's code.
RECORD_FIELDS = (
    "title",
    "description",
    "category",
    "level",
    "source",
    "reason",
    "service",
    "submitter_name",
    "owner",
    "root_cause",
    "solution",
    "fixed_at",
)

#: What the register row must hold before the problem can be archived (procedure.md 3b).
REGISTER_FIELDS = (
    "title",
    "source",
    "category",
    "level",
    "service",
    "submitter_name",
    "owner",
    "root_cause",
    "solution",
    "resolved_at",
    "minutes_number",
)


def missing(values: Mapping[str, Any], fields: tuple[str, ...]) -> tuple[str, ...]:
    """The fields that are empty, in the form's order."""
    return tuple(name for name in fields if not values.get(name))


def is_raise(old: str, new: str) -> bool:
    """Whether the level goes up: an owner may raise it, only the lead may lower it."""
    return LEVEL_ORDER[new] > LEVEL_ORDER[old]


def is_major(level: str, *, major_incident: bool, availability_missed: bool) -> bool:
    """重大问题 by rule (procedure.md 4c): level high and a major incident, or the availability target missed."""
    return level == "high" and (major_incident or availability_missed)


def in_scope(environment: str) -> bool:
    """R15: development and test environments are out of scope."""
    return environment == "production"
