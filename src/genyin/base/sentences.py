"""Renders what `errors` says in the reader's language."""

from django.utils.translation import gettext

from genyin.base.errors import GenyinError


def say(error: GenyinError) -> str:
    """The refusal as one sentence in the active language."""
    return say_text(error.message, error.params)


def say_text(message: str, params: dict[str, object]) -> str:
    """A marked message with its values. Values that are marked messages themselves are translated too."""
    sentence = gettext(message)
    return sentence % params if params else sentence
