"""Tables of a problem: the record itself, its control points, and what accumulates on it."""

from genyin.problems.models.points import ControlPoint, PointState
from genyin.problems.models.problem import Problem
from genyin.problems.models.records import (
    Attachment,
    Cause,
    Comment,
    IncidentLink,
    Part,
    PartKind,
    RegisterEntry,
    Rollout,
    Task,
    Visibility,
)

__all__ = [
    "Attachment",
    "Cause",
    "Comment",
    "ControlPoint",
    "IncidentLink",
    "Part",
    "PartKind",
    "PointState",
    "Problem",
    "RegisterEntry",
    "Rollout",
    "Task",
    "Visibility",
]
