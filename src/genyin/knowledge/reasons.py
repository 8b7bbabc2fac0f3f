"""Why something is shown as alike, in one sentence: the same on the page, in the API and at the command line."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from genyin.base.errors import gettext_noop
from genyin.base.sentences import listed, sentences
from genyin.knowledge.matching import Similar, Why

#: What the coded fields of an incident are called.
CODED = {
    "item": gettext_noop("Configuration item"),
    "category": gettext_noop("Category"),
    "subcategory": gettext_noop("Sub-category"),
    "symptom": gettext_noop("Symptom"),
    "urgency": gettext_noop("Urgency"),
}
TOLD = 5  # words
STRENGTHS = (0, 1, 2, 5, 10, 20, 50, 100)
OLD = -3.3  # the weight of about a year: less costs a hit little


def why(hit: Similar) -> str:
    """The reasons of a hit: what people said, what it shares, then what speaks against it."""
    return sentences(*map(_confirmed, _of(hit, "confirmed")), *_through(hit), *_named(hit), *_shared(hit), *_apart(hit))


def strength(hit: Similar) -> int:
    """How alike, the nearest of STRENGTHS: what is told of a score. An exact one would tell how rare a word or a value
    is in the whole installation, so how many incidents of others have it."""
    return min(STRENGTHS, key=lambda step: abs(step - hit.score))


def shares(hit: Similar) -> list[int]:
    """How much each reason counts among all of the hit, in percent, in steps of ten; below 0: against
    the hit."""
    whole = sum(abs(reason.value) for reason in hit.why)
    return [10 * round(10 * reason.value / whole) if whole else 0 for reason in hit.why]


def same_value(field: str, value: str) -> str:
    """same configuration item: db-01"""
    said = {"field": _field(field), "value": value}
    return pgettext("a field and the value two records have in common", "same %(field)s: %(value)s") % said


def joined(words: list[str], text: str) -> list[str]:
    """Chinese is compared by pairs of characters: what they cover of the text is told as it stands there.

    Other words, and pairs that the text does not hold, follow in their order.
    """
    covered: set[int] = set()
    rest: list[str] = []
    for one in dict.fromkeys(words):
        places = [] if one.isascii() else [found.start() for found in re.finditer(re.escape(one), text)]
        covered.update(place for at in places for place in range(at, at + len(one)))
        rest += [] if places else [one]
    starts = [at for at in sorted(covered) if at - 1 not in covered]
    ends = [at + 1 for at in sorted(covered) if at + 1 not in covered]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)] + rest


def telling(words: list[str]) -> list[str]:
    """The few that say something: a lone pair of characters is mostly the end of one word and the beginning of the
    next (动更), a lone letter the rest of one ("can't")."""
    whole = [word for word in words if len(word) > (1 if word.isascii() else 2)]
    return (whole or words)[:TOLD]


def _of(hit: Similar, code: str) -> list[Why]:
    return [reason for reason in hit.why if reason.code == code]


def _confirmed(reason: Why) -> str:
    seen, _slash, of = reason.detail.partition("/")
    fields = _fields(reason.field.split("+"))
    said = {"seen": seen, "of": of, "fields": fields}
    return _("confirmed for %(seen)s of %(of)s with the same %(fields)s") % said


def _through(hit: Similar) -> list[str]:
    caused = _("it caused the similar incident %(number)s")
    if hit.kind != "problem":
        caused = _("its problem caused the similar incident %(number)s")
    return [caused % {"number": _number(reason.detail)} for reason in _of(hit, "linked_incident")]


def _named(hit: Similar) -> list[str]:
    return [_("the text mentions %(number)s") % {"number": _number(hit.ref)} for _reason in _of(hit, "named")]


def _shared(hit: Similar) -> Iterable[str]:
    words = joined([reason.detail for reason in _of(hit, "term")], hit.compared)
    told = telling(words)
    names = [reason.detail for reason in _of(hit, "identifier") if reason.detail]
    if words:
        is_more = len(told) < len(words) or _of(hit, "other_terms")
        more = _("same words: %(words)s and others") if is_more else _("same words: %(words)s")
        yield more % {"words": listed(told)}
    if names:
        yield _("same names: %(names)s") % {"names": listed(names)}
    if _of(hit, "letters") and not words:
        yield _("spelled alike")
    yield from (same_value(reason.field, reason.detail) for reason in _of(hit, "same_code"))
    if _of(hit, "same_service"):
        yield _("same service")


def _apart(hit: Similar) -> Iterable[str]:
    confirmed = {field for reason in _of(hit, "confirmed") for field in reason.field.split("+")}
    if other := [reason.field for reason in _of(hit, "other_code") if reason.field not in confirmed]:
        yield _("but different %(fields)s") % {"fields": _fields(other)}
    if any(reason.value <= OLD for reason in _of(hit, "age")):
        yield _("long ago")


def _number(ref: str) -> str:
    """People and texts name the number at the source; ours has the source before it."""
    return ref.partition(":")[2] or ref


def _fields(names: Iterable[str]) -> str:
    return listed(_field(name) for name in names)


def _field(name: str) -> str:
    """In the middle of a sentence; a field that is not ours as it is called there."""
    known = CODED.get(name)
    return _(known).lower() if known else name
