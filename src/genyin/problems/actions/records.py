"""What accumulates on a problem: comments, evidence, files, linked incidents, tasks. None of them moves the stage."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from genyin.base import clock, files
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.holders import at_work
from genyin.people.models import User
from genyin.people.queries import actor_for
from genyin.people.roles import is_outside
from genyin.problems.models import Attachment, Comment, IncidentLink, Problem, Task, Visibility
from genyin.problems.queries import visible_to
from genyin.problems.writing import begin, finish, required

LARGEST_FILE = 20 * 2**20


def comment(problem: Problem, *, text: str, visibility: str = Visibility.INTERNAL, by: Actor) -> Comment:
    """Write a remark. What a user representative writes is visible to the customer."""
    return _write(problem, "comment", "comment", text, Visibility.CUSTOMER if is_outside(by) else visibility, by=by)


def add_evidence(problem: Problem, *, text: str, by: Actor) -> Comment:
    """Keep a finding of the analysis (R45, R46)."""
    return _write(problem, "add_evidence", "evidence", text, Visibility.INTERNAL, by=by)


def assist_incident(problem: Problem, *, incident: Incident, text: str, by: Actor) -> Comment:
    """Help incident staff with a major or urgent incident (R30), and say how."""
    # Who reads this problem may not see another customer's incident: then its number stays out of the text.
    same = incident.service.customer_id == problem.service.customer_id
    said = f"{incident.ref}: {text}" if same else text
    return _write(problem, "assist_incident", "assistance", said, Visibility.INTERNAL, incident=incident.ref, by=by)


def attach(problem: Problem, *, name: str, content: bytes, by: Actor) -> Attachment:
    """Attach a file. It is stored by its content and served as a download only."""
    # The name becomes a header of the download: no path, nothing that cannot be printed.
    name = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in required(name, "file", longest=200))
    if len(content) > LARGEST_FILE:
        raise BadInput(gettext_noop("The file is larger than %(most)s MB."), field="file", most=LARGEST_FILE // 2**20)
    with transaction.atomic():
        step = begin(problem, "attach", by=by)
        digest = files.keep(content)
        attachment = Attachment.objects.create(
            problem=problem, name=name, sha256=digest, size=len(content), attached_at=clock.now(), attached_by=by.name
        )
        finish(problem, step, "problem.attached", by=by, tells={"file": name, "sha256": digest})
    return attachment


def link_incident(problem: Problem, *, linked: Iterable[Incident], by: Actor) -> Problem:
    """Link incidents that this problem caused (R41). Those already linked stay as they are."""
    wanted = list(linked)
    with transaction.atomic():
        step = begin(problem, "link_incident", by=by)
        seen = set(incidents.visible_to(by).filter(pk__in=[i.pk for i in wanted]).values_list("pk", flat=True))
        if any(incident.pk not in seen for incident in wanted):
            raise UnknownReference(gettext_noop("An incident is not known, or you may not see it."), field="incidents")
        present = set(problem.links.values_list("incident_id", flat=True))
        new = [incident for incident in wanted if incident.pk not in present]
        if not new:
            return problem
        IncidentLink.objects.bulk_create(
            IncidentLink(problem=problem, incident=i, linked_at=clock.now(), linked_by=by.name) for i in new
        )
        return finish(problem, step, "problem.incidents_linked", by=by, tells={"incidents": [i.ref for i in new]})


def unlink_incident(problem: Problem, *, incident: Incident, reason: str, by: Actor) -> Problem:
    """Say that an incident is not of this problem after all."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "unlink_incident", by=by)
        seen = incidents.visible_to(by).filter(pk=incident.pk).values("id")
        removed, _kinds = problem.links.filter(incident__in=seen).delete()
        if not removed:
            raise UnknownReference(gettext_noop("This incident is not linked."), field="incident")
        return finish(problem, step, "problem.incident_unlinked", by=by, note=reason, tells={"incident": incident.ref})


def add_task(problem: Problem, *, title: str, owner: User, due: date | None = None, by: Actor) -> Task:
    """Give somebody a piece of work within the problem."""
    title = required(title, "title", longest=200)
    with transaction.atomic():
        step = begin(problem, "add_task", by=by)
        at_work(owner, field="owner")
        if not visible_to(actor_for(owner)).filter(pk=problem.pk).exists():
            raise BadInput(
                gettext_noop("%(name)s may not see this problem, so nobody would do the task."),
                field="owner",
                name=owner.name,
            )
        task = Task.objects.create(problem=problem, title=title, owner=owner, due=due)
        finish(problem, step, "problem.task_added", by=by, tells={"task": title, "owner": owner.name, "due": due})
    return task


def finish_task(task: Task, *, result: str, by: Actor) -> Task:
    """Say what came of a task."""
    result = required(result, "result")
    with transaction.atomic():
        step = begin(task.problem, "finish_task", by=by)
        if not Task.objects.filter(pk=task.pk, done_at=None).update(done_at=clock.now(), result=result):
            raise BadInput(gettext_noop("This task is already done."), field="task")
        finish(task.problem, step, "problem.task_finished", by=by, note=result, tells={"task": task.title})
    task.refresh_from_db()
    return task


def _write(problem: Problem, verb: str, kind: str, text: str, visibility: str, *, by: Actor, **tells: str) -> Comment:
    text = required(text, "text")
    with transaction.atomic():
        step = begin(problem, verb, by=by)
        written = Comment.objects.create(
            problem=problem, text=text, kind=kind, visibility=visibility, written_at=clock.now(), written_by=by.name
        )
        finish(problem, step, f"problem.{kind}_added", by=by, note=text, tells={"visibility": visibility, **tells})
    return written
