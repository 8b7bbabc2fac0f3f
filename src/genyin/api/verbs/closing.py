"""Every way a problem ends, and how it comes back."""

from typing import Literal

from genyin.api import references
from genyin.api.fields import Code, Day, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.reports import actions as reports


class Cancel(VersionedBody):
    outcome: Literal["not_a_problem", "out_of_scope", "void"]
    reason: Text


class MarkDuplicate(VersionedBody):
    original: Code
    reason: Text = ""


class Archive(VersionedBody):
    note: Text = ""


class Close(VersionedBody):
    """Without `outcome` it follows from what was put in place."""

    outcome: Literal["", "fixed", "workaround_accepted"] = ""
    note: Text = ""


class AcceptRisk(VersionedBody):
    reason: Text
    until: Day


class CloseWithoutSolution(VersionedBody):
    outcome: Literal["cause_not_found", "no_solution"]
    tried: Text
    look_again_at: Day


class Reopen(VersionedBody):
    reason: Text


@verb("cancel", Cancel)
def cancel(problem: Problem, body: Cancel, by: Actor) -> None:
    """Close what is no problem, out of scope, or was registered by mistake"""
    problems.cancel(problem, outcome=body.outcome, reason=body.reason, by=by)


@verb("mark_duplicate", MarkDuplicate)
def mark_duplicate(problem: Problem, body: MarkDuplicate, by: Actor) -> None:
    """Close a problem that another already is"""
    original = references.problem(body.original, field="original", seen_by=by)
    problems.mark_duplicate(problem, original=original, reason=body.reason, by=by)


@verb("archive", Archive)
def archive(problem: Problem, body: Archive, by: Actor) -> None:
    """File the problem in the register; its row is frozen"""
    reports.archive(problem, note=body.note, by=by)


@verb("close", Close)
def close(problem: Problem, body: Close, by: Actor) -> None:
    """Close once solved is confirmed and all material is archived"""
    problems.close(problem, outcome=body.outcome, note=body.note, by=by)


@verb("accept_risk", AcceptRisk)
def accept_risk(problem: Problem, body: AcceptRisk, by: Actor) -> None:
    """Live with it until a date"""
    problems.accept_risk(problem, reason=body.reason, until=body.until, by=by)


@verb("close_without_solution", CloseWithoutSolution)
def close_without_solution(problem: Problem, body: CloseWithoutSolution, by: Actor) -> None:
    """End the search, with what was tried and when to look again"""
    problems.close_without_solution(
        problem, outcome=body.outcome, tried=body.tried, look_again_at=body.look_again_at, by=by
    )


@verb("reopen", Reopen)
def reopen(problem: Problem, body: Reopen, by: Actor) -> None:
    """Open a resolved or closed problem again in a new cycle"""
    problems.reopen(problem, reason=body.reason, by=by)
