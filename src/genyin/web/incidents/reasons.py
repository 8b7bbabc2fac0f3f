"""Why something is shown as alike, in one sentence: every part of it is a term of the score."""

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
    """Chinese is compared by pairs of characters; those that touch in the text are joined into words."""
    found: list[str] = []
    for word_ in sorted(words, key=lambda one: (text.find(one) < 0, text.find(one))):
        last = found[-1] if found else ""
        if last and not word_.isascii() and last[-1] == word_[0] and last + word_[1:] in text:
            found[-1] = last + word_[1:]
        elif last and not word_.isascii() and not last.isascii() and last + word_ in text:
            found[-1] = last + word_
        else:
            found.append(word_)
    return found


def _code(reason: Why) -> str:
    said = {"field": word("record_field", reason.field).lower(), "value": reason.detail}
    return pgettext("a field and the value two incidents have in common", "%(field)s “%(value)s”") % said
