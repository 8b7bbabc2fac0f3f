"""Base of all forms: what a practitioner reads when something is wrong, and how a field looks. No business rule."""

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from genyin.base.errors import GenyinError
from genyin.base.sentences import say
from genyin.web.http import Request, initial

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"

MISTAKES: dict[type[forms.Field], dict[str, Words]] = {
    forms.DateField: {"invalid": _("Give a date such as 2026-11-23.")},
    forms.DateTimeField: {"invalid": _("Give a date and time such as 2026-11-23 14:30.")},
    forms.IntegerField: {"invalid": _("Give a whole number.")},
    forms.DecimalField: {"invalid": _("Give a number.")},
    forms.FloatField: {"invalid": _("Give a number.")},
    forms.EmailField: {"invalid": _("Give an e-mail address such as name@example.com.")},
    forms.ChoiceField: {"invalid_choice": _("Choose one of the list.")},
    forms.ModelChoiceField: {"invalid_choice": _("Choose one of the list.")},
    forms.MultipleChoiceField: {"invalid_choice": _("Choose from the list.")},
    forms.FileField: {"empty": _("The file is empty."), "missing": _("Choose a file.")},
}
REQUIRED = _("This cannot be empty.")
LOOKS: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.Select: "form-select",
}


class Form(forms.Form):
    """A form of ours. A subclass names what it does.

    title    the heading: the verb and its object
    submit   the words on its button
    intro    one sentence on what follows from sending it; may be empty
    preview  the words on a button for browsers without scripts that shows what else would be shown while typing
    """

    title: Words = ""
    submit: Words = _("Save")
    intro: Words = ""
    preview: Words = ""

    def __init__(self, *args: Any, action: str = "", back: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.action = action
        self.back = back
        for field in self.fields.values():
            dress(field)

    @classmethod
    def read(cls, request: Request, **kwargs: Any) -> Self:
        """The form with what was sent. A refusal by the verb that follows is shown in it, beside its field."""
        form = cls(request.POST, request.FILES, **kwargs)
        request.form = form
        return form

    @classmethod
    def of(cls, request: Request, **kwargs: Any) -> Self:
        """The form of this address: with what was sent, or empty but for what the address says."""
        if request.method == "POST":
            return cls.read(request, action=request.path, **kwargs)
        return cls(action=request.path, initial=initial(request), **kwargs)

    def refuse(self, error: GenyinError) -> None:
        """Show a refusal beside the field it belongs to, or above all fields."""
        if error.field in self.fields and not self.fields[error.field].widget.is_hidden:
            self.add_error(error.field, say(error))
        else:
            self.add_error(None, say(error))


class VersionedForm(Form):
    """A form on an object that others may change meanwhile: it sends back the version it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class TextArea(forms.Textarea):
    """Several lines; grows with its text in browsers that can."""

    def __init__(self, rows: int = 4) -> None:
        super().__init__(attrs={"rows": rows})


class Day(forms.DateField):
    """A calendar day with the browser's own picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ("%Y-%m-%d",)


class Moment(forms.DateTimeField):
    """A day and time of the reader's zone with the browser's own picker."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")


def dress(field: forms.Field) -> None:
    """Our words for its mistakes and our look for its control."""
    field.error_messages["required"] = REQUIRED
    for kind, words in MISTAKES.items():
        if isinstance(field, kind):
            field.error_messages.update(words)
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            validator.message = _("At most %(limit_value)d characters; there are %(show_value)d.")
    look = next((look for kind, look in LOOKS.items() if isinstance(field.widget, kind)), "form-control")
    if not field.widget.is_hidden:
        field.widget.attrs.setdefault("class", look)
