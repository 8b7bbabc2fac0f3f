"""Holds, waivers, and the procedure version a problem is judged by."""

from genyin.api.fields import Code, Day, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.problems import actions as problems
from genyin.problems.models import Problem


class RequestHold(VersionedBody):
    reason: Text
    until: Day


class GrantHold(VersionedBody):
    note: Text = ""


class DenyHold(VersionedBody):
    reason: Text


class Resume(VersionedBody):
    note: Text = ""


class RequestWaiver(VersionedBody):
    """`point` is the code of an open control point."""

    point: Code
    reason: Text


class ConfirmWaiver(VersionedBody):
    point: Code
    note: Text = ""


class RefuseWaiver(VersionedBody):
    point: Code
    reason: Text


class Rebind(VersionedBody):
    reason: Text


@verb("request_hold", RequestHold)
def request_hold(problem: Problem, body: RequestHold, by: Actor) -> None:
    """Ask the lead to put the problem on hold"""
    problems.request_hold(problem, reason=body.reason, until=body.until, by=by)


@verb("grant_hold", GrantHold)
def grant_hold(problem: Problem, body: GrantHold, by: Actor) -> None:
    """Grant the hold; the clocks stop"""
    problems.grant_hold(problem, note=body.note, by=by)


@verb("deny_hold", DenyHold)
def deny_hold(problem: Problem, body: DenyHold, by: Actor) -> None:
    """Deny the hold"""
    problems.deny_hold(problem, reason=body.reason, by=by)


@verb("resume", Resume)
def resume(problem: Problem, body: Resume, by: Actor) -> None:
    """Take the problem off hold"""
    problems.resume(problem, note=body.note, by=by)


@verb("request_waiver", RequestWaiver)
def request_waiver(problem: Problem, body: RequestWaiver, by: Actor) -> None:
    """Ask that a control point be waived"""
    problems.request_waiver(problem, point=body.point, reason=body.reason, by=by)


@verb("confirm_waiver", ConfirmWaiver)
def confirm_waiver(problem: Problem, body: ConfirmWaiver, by: Actor) -> None:
    """Confirm a waiver as the second person"""
    problems.confirm_waiver(problem, point=body.point, note=body.note, by=by)


@verb("refuse_waiver", RefuseWaiver)
def refuse_waiver(problem: Problem, body: RefuseWaiver, by: Actor) -> None:
    """Refuse a waiver; the point stays open"""
    problems.refuse_waiver(problem, point=body.point, reason=body.reason, by=by)


@verb("rebind", Rebind)
def rebind(problem: Problem, body: Rebind, by: Actor) -> None:
    """Judge the problem by the newest procedure version"""
    problems.rebind(problem, reason=body.reason, by=by)
