"""What accumulates on a problem: comments, evidence, files, linked incidents, tasks."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from genyin.base.errors import UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident
from genyin.people.roles import is_outside
from genyin.problems import actions as problems
from genyin.problems.models import Task, Visibility
from genyin.web.forms import Day, TextArea
from genyin.web.problems.forms.base import VerbForm, line, people_for, person, reason


class Comment(VerbForm):
    verb = "comment"
    text = reason(_("Comment"), rows=4)
    for_customer = forms.BooleanField(label=_("Visible to the customer"), required=False)

    def prepare(self) -> None:
        if is_outside(self.actor):  # theirs always is
            del self.fields["for_customer"]

    def act(self) -> object:
        visibility = Visibility.CUSTOMER if self.said.get("for_customer") else Visibility.INTERNAL
        return problems.comment(self.problem, text=self.said["text"], visibility=visibility, by=self.actor)


class AddEvidence(VerbForm):
    verb = "add_evidence"
    text = reason(_("Finding"), rows=5)

    def act(self) -> object:
        return problems.add_evidence(self.problem, **self.said, by=self.actor)


class Attach(VerbForm):
    verb = "attach"
    file = forms.FileField(label=_("File"), max_length=200)

    def act(self) -> object:
        sent = self.said["file"]
        return problems.attach(self.problem, name=sent.name, content=sent.read(), by=self.actor)


class IncidentForm(VerbForm):
    """Incidents by number, as `source:number` or the number alone; several are separated by space or comma."""

    def find(self, text: str, field: str) -> list[Incident]:
        return [self._one(part, field) for part in re.split(r"[\s,，、;；]+", text) if part]

    def _one(self, part: str, field: str) -> Incident:
        source, colon, number = part.partition(":")
        seen = incidents.visible_to(self.actor)
        found = list((seen.filter(source=source, external_id=number) if colon else seen.filter(external_id=part))[:2])
        if len(found) != 1:
            said = gettext_noop(
                "There is no incident “%(number)s” that you may see; several sources may use the same number."
            )
            raise UnknownReference(said, field=field, number=part)
        return found[0]


class LinkIncident(IncidentForm):
    verb = "link_incident"
    incidents = forms.CharField(
        label=_("Incident numbers"),
        widget=TextArea(2),
        max_length=10_000,
        help_text=_("Separate several by a space or a comma."),
    )

    def act(self) -> object:
        linked = self.find(self.said["incidents"], "incidents")
        return problems.link_incident(self.problem, linked=linked, by=self.actor)


class UnlinkIncident(VerbForm):
    verb = "unlink_incident"
    incident = forms.ModelChoiceField(Incident.objects.none(), label=_("Incident"))
    reason = reason()

    def prepare(self) -> None:
        field = self.fields["incident"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset = incidents.visible_to(self.actor).filter(links__problem=self.problem)

    def act(self) -> object:
        return problems.unlink_incident(self.problem, **self.said, by=self.actor)


class AssistIncident(IncidentForm):
    verb = "assist_incident"
    incident = line(_("Incident number"), longest=200)
    text = reason(_("How you helped"))

    def act(self) -> object:
        found = self.find(self.said["incident"], "incident")[0]
        return problems.assist_incident(self.problem, incident=found, text=self.said["text"], by=self.actor)


class AddTask(VerbForm):
    verb = "add_task"
    title_ = line(_("Task"))
    owner = person(_("Done by"))
    due = Day(label=_("Due"), required=False)

    def prepare(self) -> None:
        self.choose("owner", people_for("team"))

    def act(self) -> object:
        said = dict(self.said)
        return problems.add_task(self.problem, title=said.pop("title_"), **said, by=self.actor)


class FinishTask(VerbForm):
    verb = "finish_task"
    task = forms.ModelChoiceField(Task.objects.none(), label=_("Task"))
    result = reason(_("Result"))

    def prepare(self) -> None:
        field = self.fields["task"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (declared above)
        field.queryset = self.problem.tasks.filter(done_at=None)

    def first(self) -> Mapping[str, Any]:
        mine = self.problem.tasks.filter(done_at=None).order_by("due")
        return {"task": mine.filter(owner_id=self.actor.user_id).first() or mine.first()}

    def act(self) -> object:
        return problems.finish_task(self.said["task"], result=self.said["result"], by=self.actor)


FORMS = (Comment, AddEvidence, Attach, LinkIncident, UnlinkIncident, AssistIncident, AddTask, FinishTask)
