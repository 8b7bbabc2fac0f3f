"""The review record with its minutes 《会议纪要》 and its action items."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from genyin.people.models import User
from genyin.people.queries import holders_of, ours
from genyin.reviews import actions as reviews
from genyin.reviews.actions import Action, Minutes
from genyin.web.forms import Day, Moment, dress
from genyin.web.problems.forms.base import VerbForm, line, reason

BLANK_ROWS = 3
MOST_ROWS = 40


class HoldReview(VerbForm):
    verb = "hold_review"
    held_at = Moment(
        label=_("Meeting held on"), required=False, help_text=_("Leave empty for a review without a meeting.")
    )
    place = line(_("Place or way"), required=False)
    chair = line(_("Chair"), required=False, longest=150)
    recorder = line(_("Recorder"), required=False, longest=150)
    attendees = reason(_("Attendees"), required=False, rows=2)
    representatives = reason(_("User representatives: who was asked, and their answer"), required=False, rows=2)
    course = reason(_("What happened"), rows=4)
    cause_confirmed = reason(_("Root cause confirmed"), required=False)
    went_well = reason(_("Done well"), required=False, rows=2)
    to_improve = reason(_("To improve"), required=False, rows=2)
    prevention = reason(_("Preventive measures"), required=False, rows=2)
    third_party = reason(_("Part of third parties"), required=False, rows=2)
    conclusion = reason(_("Conclusion"), rows=2)
    customer_text = reason(_("For the customer"), required=False, rows=2)

    def prepare(self) -> None:
        self.fields["customer_text"].help_text = gettext("User representatives read only this text.")
        people = self._people()
        existing = self._existing()
        for number in range(1, min(MOST_ROWS, len(existing) + BLANK_ROWS) + 1):
            self.fields[f"content_{number}"] = forms.CharField(
                label=gettext("Action item %(n)s") % {"n": number}, max_length=300, required=False
            )
            self.fields[f"owner_{number}"] = forms.ModelChoiceField(people, label=gettext("Owner"), required=False)
            self.fields[f"due_{number}"] = Day(label=gettext("Due"), required=False)
            for name in ("content", "owner", "due"):
                dress(self.fields[f"{name}_{number}"])

    def first(self) -> Mapping[str, Any]:
        review = reviews.undecided(self.problem)
        causes = self.problem.causes.order_by("-id").first()
        values: dict[str, Any] = {"chair": self.actor.name, "cause_confirmed": causes.text if causes else ""}
        if review is not None:
            values = {field.name: getattr(review, field.name) for field in fields(Minutes)}
        for number, action in enumerate(self._existing(), 1):
            values |= {
                f"content_{number}": action.content,
                f"owner_{number}": action.owner_id,
                f"due_{number}": action.due,
            }
        return values

    def act(self) -> object:
        said = self.said
        minutes = Minutes(**{field.name: said[field.name] for field in fields(Minutes)})
        return reviews.hold_review(self.problem, minutes=minutes, follow_ups=list(self._actions()), by=self.actor)

    def _people(self) -> QuerySet[User]:
        """Our people, and those who represent this customer: another customer's are not named here."""
        customer = self.problem.service.customer_id
        theirs = holders_of("representative").filter(access__customer=customer) if customer else User.objects.none()
        return User.objects.filter(
            Q(id__in=ours().order_by().values("id")) | Q(id__in=theirs.order_by().values("id"))
        ).order_by("name")

    def _existing(self) -> list[Any]:
        review = reviews.undecided(self.problem)
        return list(review.follow_ups.filter(done_at=None).order_by("id")) if review is not None else []

    def _actions(self) -> Iterator[Action]:
        for name, content in self.said.items():
            if name.startswith("content_") and content:
                number = name.removeprefix("content_")
                yield Action(content, self.said[f"owner_{number}"], self.said[f"due_{number}"])


FORMS = (HoldReview,)
