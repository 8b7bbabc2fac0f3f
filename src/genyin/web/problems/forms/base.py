"""What the form of a verb is: fields, first values, and the one action it calls."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from genyin.base.actor import Actor
from genyin.base.errors import GenyinError
from genyin.people.models import User
from genyin.people.queries import holders_of
from genyin.problems.models import Problem
from genyin.web.forms import Form, TextArea
from genyin.web.words import word

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise
else:
    Label = str

PART_ROLES = {"owner": ("owner", "lead"), "team": ("first_line", "lead", "owner", "analyst")}


class VerbForm(Form):
    """The form of one verb on one problem. A subclass gives fields, `verb`, and `act`.

    `version` is the problem's version when the form was shown; the verb is refused when somebody was quicker.
    """

    verb: ClassVar[str] = ""
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, problem: Problem, actor: Actor, **kwargs: Any) -> None:
        given = kwargs.pop("initial", None) or {}
        self.problem, self.actor = problem, actor
        super().__init__(*args, initial={"version": problem.version, **self.first(), **given}, **kwargs)
        self.title = f"{word('verb', self.verb)} · {problem.number}"
        self.submit = word("verb", self.verb)
        self.prepare()

    def first(self) -> Mapping[str, Any]:
        """First values: what the problem already says, or the best suggestion."""
        return {}

    def prepare(self) -> None:
        """Choices that depend on the problem or on who acts."""

    def act(self) -> object:
        """Call the verb with what was filled in."""
        raise NotImplementedError(self.verb)

    def refuse(self, error: GenyinError) -> None:
        """Beside its field, also where the field is `title_` because `title` is the form's own heading."""
        if f"{error.field}_" in self.fields:
            error.field = f"{error.field}_"
        super().refuse(error)

    @property
    def said(self) -> Mapping[str, Any]:
        """What was filled in, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def choose(self, field: str, people: QuerySet[User]) -> None:
        """Offer these people in a field."""
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101 (a slip of ours, never of a user)
        chosen.queryset = people


def reason(label: Label = _("Reason"), *, required: bool = True, rows: int = 3) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(label=label, widget=TextArea(rows), required=required, max_length=20_000)


def line(label: Label, *, required: bool = True, longest: int = 200) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(label=label, required=required, max_length=longest)


def codes(label: Label, kind: str, known: Iterable[str], *, radio: bool = False, **more: Any) -> forms.ChoiceField:
    """A choice of codes, shown in words of the reader's language. `radio` for a few that are better seen at once."""
    widget = forms.RadioSelect if radio else forms.Select
    return forms.ChoiceField(label=label, choices=_in_words(kind, tuple(known)), widget=widget, **more)


def _in_words(kind: str, known: tuple[str, ...]) -> Callable[[], list[tuple[str, str]]]:
    # Asked for with every form shown, so that the words are in the language of whoever reads it.
    return lambda: [(code, word(kind, code)) for code in known]


def person(label: Label, *, required: bool = True) -> "forms.ModelChoiceField[User]":
    """One person; who may be chosen is said in `prepare`."""
    return forms.ModelChoiceField(User.objects.none(), label=label, required=required)


def people_for(part: str) -> QuerySet[User]:
    """Who may take a part in a problem."""
    return holders_of(*PART_ROLES[part])
