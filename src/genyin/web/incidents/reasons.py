"""Why something is shown as alike, in one sentence: every part of it is a term of the score."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from genyin.knowledge.matching import Similar, Why
from genyin.web.words import listed, sentences, word


def why(hit: Similar) -> str:
    """The reasons of a hit, the strongest first."""
    words = joined([reason.detail for reason in hit.why if reason.code == "term"], hit.title)
    codes = [_code(reason) for reason in hit.why if reason.code == "same_code"]
    names = [reason.detail for reason in hit.why if reason.code == "identifier" and reason.detail]
    told = {reason.code for reason in hit.why}
    through = next((reason.detail for reason in hit.why if reason.code == "linked_incident"), "")
    return sentences(
        _("its problem caused the similar incident %(ref)s") % {"ref": through} if through else "",
        _("mentioned in the text") if "named" in told else "",
        _("same words: %(words)s") % {"words": listed(words)} if words else "",
        _("same names: %(names)s") % {"names": listed(names)} if names else "",
        _("spelled alike") if "letters" in told and not words else "",
        _("same %(codes)s") % {"codes": listed(codes)} if codes else "",
        _("same service") if "same_service" in told else "",
    )


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


def _code(reason: Why) -> str:
    said = {"field": word("record_field", reason.field).lower(), "value": reason.detail}
    return pgettext("a field and the value two incidents have in common", "%(field)s “%(value)s”") % said
