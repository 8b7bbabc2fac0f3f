"""What accumulates on a problem."""

from typing import Annotated, Literal

from pydantic import Field

from genyin.api import references
from genyin.api.fields import Day, Id, IncidentRef, Line, Login, Number, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.base.errors import UnknownReference, gettext_noop
from genyin.knowledge import actions as knowledge
from genyin.knowledge.models import KnownError
from genyin.problems import actions as problems
from genyin.problems.models import Problem, Task

IncidentRefs = Annotated[list[IncidentRef], Field(min_length=1, max_length=200)]


class Comment(VersionedBody):
    """`customer`: the customer may read it. What a user representative writes always is."""

    text: Text
    visibility: Literal["internal", "customer"] = "internal"


class AddEvidence(VersionedBody):
    text: Text


class AssistIncident(VersionedBody):
    incident: IncidentRef
    text: Text


class LinkIncident(VersionedBody):
    incidents: IncidentRefs


class UnlinkIncident(VersionedBody):
    incident: IncidentRef
    reason: Text


class AddTask(VersionedBody):
    title: Line
    owner: Login
    due: Day | None = None


class FinishTask(VersionedBody):
    task: Id
    result: Text


class PublishKnownError(VersionedBody):
    symptom: Text
    workaround: Text = ""
    title: Annotated[Text, Field(max_length=200)] = ""
    keywords: Annotated[Text, Field(max_length=300)] = ""


class RetireKnownError(VersionedBody):
    known_error: Number
    reason: Text
    fixed: bool = Field(default=False, strict=True)


@verb("comment", Comment)
def comment(problem: Problem, body: Comment, by: Actor) -> None:
    """Write a remark"""
    problems.comment(problem, text=body.text, visibility=body.visibility, by=by)


@verb("add_evidence", AddEvidence)
def add_evidence(problem: Problem, body: AddEvidence, by: Actor) -> None:
    """Keep a finding of the analysis"""
    problems.add_evidence(problem, text=body.text, by=by)


@verb("assist_incident", AssistIncident)
def assist_incident(problem: Problem, body: AssistIncident, by: Actor) -> None:
    """Help incident staff with a major or urgent incident, and say how"""
    incident = references.incident(body.incident, field="incident", seen_by=by)
    problems.assist_incident(problem, incident=incident, text=body.text, by=by)


@verb("link_incident", LinkIncident)
def link_incident(problem: Problem, body: LinkIncident, by: Actor) -> None:
    """Link incidents that this problem caused"""
    linked = references.linked(body.incidents, field="incidents", seen_by=by)
    problems.link_incident(problem, linked=linked, by=by)


@verb("unlink_incident", UnlinkIncident)
def unlink_incident(problem: Problem, body: UnlinkIncident, by: Actor) -> None:
    """Say that an incident is not of this problem after all"""
    incident = references.incident(body.incident, field="incident", seen_by=by)
    problems.unlink_incident(problem, incident=incident, reason=body.reason, by=by)


@verb("add_task", AddTask)
def add_task(problem: Problem, body: AddTask, by: Actor) -> None:
    """Give somebody a piece of work within the problem"""
    owner = references.person(body.owner, field="owner", seen_by=by)
    problems.add_task(problem, title=body.title, owner=owner, due=body.due, by=by)


@verb("finish_task", FinishTask)
def finish_task(problem: Problem, body: FinishTask, by: Actor) -> None:
    """Say what came of a task"""
    problems.finish_task(_task(problem, body.task), result=body.result, by=by)


@verb("publish_known_error", PublishKnownError)
def publish_known_error(problem: Problem, body: PublishKnownError, by: Actor) -> None:
    """Publish the problem as a known error"""
    knowledge.publish_known_error(
        problem, symptom=body.symptom, workaround=body.workaround, title=body.title, keywords=body.keywords, by=by
    )


@verb("retire_known_error", RetireKnownError)
def retire_known_error(problem: Problem, body: RetireKnownError, by: Actor) -> None:
    """Take a known error out of use"""
    knowledge.retire_known_error(_known_error(problem, body.known_error), reason=body.reason, fixed=body.fixed, by=by)


def _task(problem: Problem, pk: int) -> Task:
    task = problem.tasks.filter(pk=pk).first()
    if task is None:
        raise UnknownReference(gettext_noop("This problem has no task %(number)s."), field="task", number=pk)
    return task


def _known_error(problem: Problem, number: str) -> KnownError:
    known = problem.known_errors.filter(number=number).first()
    if known is None:
        text = gettext_noop("This problem has no known error “%(number)s”.")
        raise UnknownReference(text, field="known_error", number=number)
    return known
