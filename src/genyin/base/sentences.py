"""Renders what `errors` says in the reader's language, and puts several words or facts into one sentence."""

from collections.abc import Iterable

from django.utils.translation import gettext, pgettext

from genyin.base.errors import GenyinError


def say(error: GenyinError) -> str:
    """The refusal as one sentence in the active language."""
    return say_text(error.message, error.params)


def say_text(message: str, params: dict[str, object]) -> str:
    """A marked message with its values. Values that are marked messages themselves are translated too."""
    sentence = gettext(message)
    return sentence % params if params else sentence


def listed(words: Iterable[str]) -> str:
    """Several words as one list."""
    return pgettext("between the items of a list", ", ").join(words)


def sentences(*parts: str) -> str:
    """Facts one after another, those that are empty left out."""
    return " · ".join(part for part in parts if part)
