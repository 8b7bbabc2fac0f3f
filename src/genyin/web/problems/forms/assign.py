"""Dispatching, accepting, handing over, and the people who take part."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from genyin.people.models import User
from genyin.people.queries import holders_of
from genyin.problems import actions as problems
from genyin.problems.models import PartKind
from genyin.web.problems.forms.base import VerbForm, line, people_for, person, reason


class SendBack(VerbForm):
    verb = "send_back"
    reason = reason(_("What is missing"))

    def act(self) -> object:
        return problems.send_back(self.problem, **self.said, by=self.actor)


class Resubmit(VerbForm):
    verb = "resubmit"
    title_ = line(_("Title"))
    description = reason(_("Description"), required=False, rows=6)
    note = reason(_("What was added"), required=False)

    def first(self) -> Mapping[str, Any]:
        return {"title_": self.problem.title, "description": self.problem.description}

    def act(self) -> object:
        said = dict(self.said)
        return problems.resubmit(self.problem, title=said.pop("title_"), **said, by=self.actor)


class Dispatch(VerbForm):
    verb = "dispatch"
    owner = person(_("Owner"))
    note = reason(_("Note"), required=False)

    def prepare(self) -> None:
        self.choose("owner", people_for("owner"))

    def first(self) -> Mapping[str, Any]:
        return {"owner": self.problem.service.default_owner_id}

    def act(self) -> object:
        return problems.dispatch(self.problem, **self.said, by=self.actor)


class Reassign(VerbForm):
    verb = "reassign"
    owner = person(_("New owner"))
    reason = reason()

    def prepare(self) -> None:
        self.choose("owner", people_for("owner").exclude(pk=self.problem.owner_id or 0))

    def act(self) -> object:
        return problems.reassign(self.problem, **self.said, by=self.actor)


class Accept(VerbForm):
    verb = "accept"
    intro = _("You follow this problem until it is closed.")

    def act(self) -> object:
        return problems.accept(self.problem, by=self.actor)


class Decline(VerbForm):
    verb = "decline"
    reason = reason()

    def act(self) -> object:
        return problems.decline(self.problem, **self.said, by=self.actor)


class FormTeam(VerbForm):
    verb = "form_team"
    members = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Members besides the owner"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.choose("members", people_for("team").exclude(pk=self.problem.owner_id or 0))

    def first(self) -> Mapping[str, Any]:
        return {"members": [part.user_id for part in self.problem.parts.filter(kind=PartKind.TEAM)]}

    def act(self) -> object:
        return problems.form_team(self.problem, **self.said, by=self.actor)


class InviteRepresentative(VerbForm):
    verb = "invite_representative"
    intro = _("A representative sees what is marked as visible to the customer.")
    user = person(_("User representative"))

    def prepare(self) -> None:
        customer = self.problem.service.customer_id
        theirs = holders_of("representative").filter(access__customer=customer) if customer else User.objects.none()
        self.choose("user", theirs)

    def act(self) -> object:
        return problems.invite_representative(self.problem, **self.said, by=self.actor)


FORMS = (SendBack, Resubmit, Dispatch, Reassign, Accept, Decline, FormTeam, InviteRepresentative)
