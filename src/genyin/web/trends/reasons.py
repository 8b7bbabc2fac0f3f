"""Why something is proposed, in sentences made from the evidence the reader may see."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from genyin.base.errors import gettext_noop
from genyin.knowledge.reasons import same_value
from genyin.reports.documents.text import DASH
from genyin.trends.models import Proposal
from genyin.trends.queries import CandidateSeen, FamilySeen
from genyin.web.times import day
from genyin.web.words import listed, sentences

WORDS_SHOWN = 4
RECURRENCES = {
    "not_fewer": gettext_noop("there are not fewer since the fix"),
    "came_back": gettext_noop("it had stopped and is back"),
    "recurring": gettext_noop("so many since the fix that they make a problem by themselves"),
}


def why(seen: CandidateSeen) -> str:
    """Count and period, rise against expectation, the rule that is met, what the members share."""
    return sentences(counted(seen), risen(seen.rise), *rules(seen), shared(seen.family), standing(seen))


def for_the_record(seen: CandidateSeen) -> str:
    """The same for a description that is kept: with dates that stay true."""
    return sentences(
        number_of(seen, seen.since.isoformat(), seen.until.isoformat()),
        risen(seen.rise, date.isoformat),
        shared(seen.family),
    )


def number_of(seen: CandidateSeen, first: str, last: str) -> str:
    """31 in 30 days (10-24 to 11-22)."""
    said = ngettext(
        "%(n)s incident in %(days)s days (%(first)s to %(last)s)",
        "%(n)s incidents in %(days)s days (%(first)s to %(last)s)",
        seen.count,
    )
    return said % {"n": seen.count, "days": (seen.until - seen.since).days + 1, "first": first, "last": last}


def counted(seen: CandidateSeen) -> str:
    """31 in 30 days (10-24 to 11-22)."""
    return number_of(seen, day(seen.since), day(seen.until))


def risen(rise: dict[str, Any] | None, said: Callable[[date], str] = day) -> str:
    """Since when it rises, what its own past let expect, and how likely chance is."""
    if not rise:
        return ""
    return _("since %(since)s: %(observed)s, expected %(expected)s (%(low)s–%(high)s), by chance in %(chance)s") % {
        "since": said(date.fromisoformat(rise["from"])),
        "observed": rise["observed"],
        "expected": number(rise["expected"]),
        "low": number(rise["low"]),
        "high": number(rise["high"]),
        "chance": chance(rise["p"]),
    }


def rules(seen: CandidateSeen) -> list[str]:
    """The rules of the procedure that it meets; the rise speaks for itself above."""
    met = []
    if "count" in seen.rules:
        days = (seen.until - seen.since).days + 1
        met.append(_("at least %(n)s alike in %(days)s days") % {"n": seen.at_least, "days": days})
    if "major" in seen.rules:
        n = max(len(seen.major), 1)
        met.append(ngettext("%(n)s major incident", "%(n)s major incidents", n) % {"n": n})
    if "unresolved" in seen.rules:
        n = seen.unresolved
        met.append(ngettext("%(n)s closed without a cause", "%(n)s closed without a cause", n) % {"n": n})
    return met


def shared(family: FamilySeen | None) -> str:
    """Words and coded values that at least half of the members have."""
    if family is None:
        return ""
    words = listed(family.terms[:WORDS_SHOWN])
    return sentences(
        _("same words: %(words)s") % {"words": words} if words else "",
        *(same_value(name, value) for name, value, _share in family.fields[:2]),
    )


def standing(seen: CandidateSeen) -> str:
    """The problem it may belong to, and that it was decided on before."""
    known = seen.problem if seen.proposes == Proposal.LINK else None
    return sentences(
        _("%(ref)s is open for it") % {"ref": known.number} if known else "",
        _("decided on before (%(ref)s), the evidence is new") % {"ref": seen.again} if seen.again else "",
    )


def chance(p: float) -> str:
    """A probability as people say it."""
    return _("less than 1%%") % {} if p < 0.01 else f"{p * 100:.0f}%"


def number(value: float | None) -> str:
    """12.4, 12 for whole numbers, a dash where nothing is known."""
    if value is None:
        return DASH
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"
