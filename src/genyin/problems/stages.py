"""Stages, outcomes and flags of a problem: the codes that are stored. Pure."""

from enum import StrEnum


class Stage(StrEnum):
    SUBMITTED = "submitted"
    ASSIGNED = "assigned"
    INVESTIGATING = "investigating"
    SOLVING = "solving"
    CHANGING = "changing"
    VERIFYING = "verifying"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Outcome(StrEnum):
    FIXED = "fixed"
    WORKAROUND_ACCEPTED = "workaround_accepted"
    RISK_ACCEPTED = "risk_accepted"
    CAUSE_NOT_FOUND = "cause_not_found"
    NO_SOLUTION = "no_solution"
    DUPLICATE = "duplicate"
    NOT_A_PROBLEM = "not_a_problem"
    OUT_OF_SCOPE = "out_of_scope"
    VOID = "void"


class Status(StrEnum):
    UNRESOLVED = "unresolved"
    RESOLVED = "resolved"


class Flag(StrEnum):
    SENT_BACK = "sent_back"  # 退回: the submitter must complete it
    REASSIGNED = "reassigned"  # the new owner has not acknowledged yet
    HOLD_ASKED = "hold_asked"
    ON_HOLD = "on_hold"  # 挂起
    MAJOR = "major"  # 重大
    OWNER_LEADS = "owner_leads"  # the owner holds the lead's right: somebody else must review
    ARCHIVED = "archived"


OPEN = tuple(stage for stage in Stage if stage is not Stage.CLOSED)
OWNED = (Stage.ASSIGNED, Stage.INVESTIGATING, Stage.SOLVING, Stage.CHANGING, Stage.VERIFYING, Stage.RESOLVED)
WORKED = (Stage.INVESTIGATING, Stage.SOLVING, Stage.CHANGING, Stage.VERIFYING)

#: Outcomes that count as resolved, and those left out of every total and listed apart.
SUCCESS = frozenset({Outcome.FIXED, Outcome.WORKAROUND_ACCEPTED})
LEFT_OUT = frozenset({Outcome.DUPLICATE, Outcome.NOT_A_PROBLEM, Outcome.OUT_OF_SCOPE, Outcome.VOID})


def status_of(stage: str, outcome: str) -> Status:
    """The reported status of a stage, and of an outcome once closed."""
    if stage == Stage.RESOLVED or (stage == Stage.CLOSED and outcome in SUCCESS):
        return Status.RESOLVED
    return Status.UNRESOLVED
