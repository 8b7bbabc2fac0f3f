"""Registering aside, everything about who works on a problem."""

from typing import Annotated

from pydantic import Field

from genyin.api import references
from genyin.api.fields import Login, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.problems import actions as problems
from genyin.problems.models import Problem

Logins = Annotated[list[Login], Field(max_length=50)]


class SendBack(VersionedBody):
    reason: Text


class Resubmit(VersionedBody):
    title: Annotated[Text, Field(max_length=200)] = ""
    description: Text = ""
    note: Text = ""


class Dispatch(VersionedBody):
    owner: Login
    note: Text = ""


class Reassign(VersionedBody):
    owner: Login
    reason: Text


class Accept(VersionedBody):
    pass


class Decline(VersionedBody):
    reason: Text


class FormTeam(VersionedBody):
    members: Logins


class InviteRepresentative(VersionedBody):
    user: Login


@verb("send_back", SendBack)
def send_back(problem: Problem, body: SendBack, by: Actor) -> None:
    """Send an incomplete problem back to its submitter"""
    problems.send_back(problem, reason=body.reason, by=by)


@verb("resubmit", Resubmit)
def resubmit(problem: Problem, body: Resubmit, by: Actor) -> None:
    """Submit again what was sent back"""
    problems.resubmit(problem, title=body.title, description=body.description, note=body.note, by=by)


@verb("dispatch", Dispatch)
def dispatch(problem: Problem, body: Dispatch, by: Actor) -> None:
    """Hand the problem to its owner"""
    owner = references.person(body.owner, field="owner", seen_by=by)
    problems.dispatch(problem, owner=owner, note=body.note, by=by)


@verb("reassign", Reassign)
def reassign(problem: Problem, body: Reassign, by: Actor) -> None:
    """Give the problem another owner"""
    owner = references.person(body.owner, field="owner", seen_by=by)
    problems.reassign(problem, owner=owner, reason=body.reason, by=by)


@verb("accept", Accept)
def accept(problem: Problem, body: Accept, by: Actor) -> None:
    """Accept what the lead assigned"""
    problems.accept(problem, by=by)


@verb("decline", Decline)
def decline(problem: Problem, body: Decline, by: Actor) -> None:
    """Give the problem back to the lead"""
    problems.decline(problem, reason=body.reason, by=by)


@verb("form_team", FormTeam)
def form_team(problem: Problem, body: FormTeam, by: Actor) -> None:
    """Form the analysis team: exactly these people besides the owner"""
    problems.form_team(problem, members=references.people(body.members, field="members", seen_by=by), by=by)


@verb("invite_representative", InviteRepresentative)
def invite_representative(problem: Problem, body: InviteRepresentative, by: Actor) -> None:
    """Invite a user representative of the problem's customer"""
    problems.invite_representative(problem, user=references.person(body.user, field="user", seen_by=by), by=by)
