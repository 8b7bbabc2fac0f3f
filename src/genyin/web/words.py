"""The words for codes on screen. Codes are stored; an unknown one (a lead's own category) is shown as it is."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext

from genyin.base.errors import gettext_noop
from genyin.base.sentences import listed as listed
from genyin.base.sentences import sentences as sentences
from genyin.people.roles import ROLES
from genyin.problems import words as problems
from genyin.web.codes import CODES

FLAGS = {
    "major": gettext_noop("Major"),
    "on_hold": gettext_noop("On hold"),
    "hold_asked": gettext_noop("Hold requested"),
    "sent_back": gettext_noop("Sent back"),
    "reassigned": gettext_noop("New owner"),
    "archived": gettext_noop("Archived"),
}
#: The product acting by itself: which part of it.
JOBS = {
    "watch": gettext_noop("Recurrence watch"),
    "trends": gettext_noop("Trend analysis"),
    "matching": gettext_noop("Matching"),
    "demo": gettext_noop("Demo"),
    "setup": gettext_noop("Setup"),
}
WORDS: dict[str, Mapping[str, str]] = {
    "level": problems.LEVELS,
    "stage": problems.STAGES,
    "status": problems.STATUSES,
    "outcome": problems.OUTCOMES,
    "category": problems.CATEGORIES,
    "source": problems.SOURCES,
    "reason": problems.REASONS,
    "cause": problems.CAUSES,
    "verb": problems.VERBS,
    "event": problems.EVENTS,
    "field": problems.FIELDS,
    "point": {code: name for code, (name, _why) in problems.POINTS.items()},
    "point_why": {code: why for code, (_name, why) in problems.POINTS.items()},
    "flag": FLAGS,
    "role": {code: role.name for code, role in ROLES.items()},
    "job": JOBS,
    **CODES,
}


def incidents(n: int) -> str:
    """How many there are."""
    return ngettext("%(n)s incident", "%(n)s incidents", n) % {"n": n}


def word(kind: str, code: str) -> str:
    """The word for a code in the reader's language."""
    known = WORDS[kind].get(code)
    return gettext(known) if known else code
