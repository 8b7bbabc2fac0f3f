"""The names of codes as documents print them. Codes nobody here knows (a lead's own category) print as they are."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from genyin.base.errors import gettext_noop
from genyin.base.sentences import listed as listed
from genyin.problems import words as problems

CLOCKS = {
    "assignment": gettext_noop("Assignment"),
    "cause": gettext_noop("Root cause"),
    "solution": gettext_noop("Solution"),
}
VERDICTS = {
    "stopped": gettext_noop("Stopped"),
    "reduced": gettext_noop("Reduced"),
    "unchanged": gettext_noop("Unchanged"),
    "worse": gettext_noop("Worse"),
    "too_little_data": gettext_noop("Too little data"),
    "not_applicable": gettext_noop("Not applicable"),
    "effective": gettext_noop("Effective"),
    "partly": gettext_noop("Partly effective"),
    "ineffective": gettext_noop("Not effective"),
}
DIMENSIONS = {
    "source": gettext_noop("Source"),
    "category": gettext_noop("Category"),
    "level": gettext_noop("Level"),
    "team": gettext_noop("Team"),
    "service": gettext_noop("Service"),
    "customer": gettext_noop("Customer"),
    "project": gettext_noop("Project"),
}
CHANGES = {
    "planned": gettext_noop("Planned"),
    "succeeded": gettext_noop("Succeeded"),
    "failed": gettext_noop("Failed"),
    "backed_out": gettext_noop("Backed out"),
    "cancelled": gettext_noop("Cancelled"),
}
ANSWERS = {
    "yes": gettext_noop("Yes"),
    "no": gettext_noop("No"),
    "impossible": gettext_noop("Not possible"),
}
INCIDENTS = {
    "open": gettext_noop("Open"),
    "resolved": gettext_noop("Resolved"),
    "closed": gettext_noop("Closed"),
    "canceled": gettext_noop("Cancelled"),
}
KNOWN_ERRORS = {
    "active": gettext_noop("In force"),
    "fixed": gettext_noop("Fixed"),
    "retired": gettext_noop("Retired"),
}
# What was answered when a solution was tested and evaluated.
ANSWERED = {
    "where": gettext_noop("Where"),
    "result": gettext_noop("Result"),
    "tester": gettext_noop("Tested by"),
    "why_not": gettext_noop("Why not"),
    "effect": gettext_noop("Effect"),
    "cost": gettext_noop("Cost"),
    "risk": gettext_noop("Risk"),
    "back_out": gettext_noop("Back-out"),
}
ENVIRONMENTS = {
    "production": gettext_noop("Production"),
    "test": gettext_noop("Test"),
    "development": gettext_noop("Development"),
}
NAMES: Mapping[str, Mapping[str, str]] = {
    "source": problems.SOURCES,
    "category": problems.CATEGORIES,
    "level": problems.LEVELS,
    "grade": problems.LEVELS,
    "stage": problems.STAGES,
    "status": problems.STATUSES,
    "outcome": problems.OUTCOMES,
    "reason": problems.REASONS,
    "cause": problems.CAUSES,
    "event": problems.EVENTS,
    "point": {code: name for code, (name, _why) in problems.POINTS.items()},
    "missing": {**problems.FIELDS, "incidents": gettext_noop("Linked incidents")},
    "clock": CLOCKS,
    "verdict": VERDICTS,
    "change": CHANGES,
    "answer": ANSWERS,
    "answer_to": ANSWERED,
    "known_error": KNOWN_ERRORS,
    "incident": INCIDENTS,
    "environment": ENVIRONMENTS,
}


def name_of(kind: str, code: str) -> str:
    """The name of a code in the active language; "not stated" for an empty one, itself for an unknown one."""
    if not code:
        return gettext("Not stated")
    known = NAMES.get(kind, {}).get(code)
    return gettext(known) if known else code


def filled(kind: str, code: str) -> str:
    """The name of a code, nothing for an empty one: an empty field of a form stays empty."""
    return name_of(kind, code) if code else ""


def joined(kind: str, codes: Iterable[str]) -> str:
    """Several codes as one list in words."""
    return listed(name_of(kind, code) for code in codes)
