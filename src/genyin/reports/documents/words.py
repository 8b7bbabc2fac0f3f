"""The names of codes as documents print them. Codes nobody here knows (a lead's own category) print as they are."""

from collections.abc import Mapping

from django.utils.translation import gettext

from genyin.base.errors import gettext_noop

SOURCES = {
    "incident": gettext_noop("Raised from incident"),
    "after_sales": gettext_noop("After-sales service"),
    "trend": gettext_noop("Trend analysis"),
    "monitoring": gettext_noop("Monitoring"),
    "inspection": gettext_noop("Inspection"),
}
CATEGORIES = {
    "hardware": gettext_noop("Hardware equipment"),
    "software": gettext_noop("Software system"),
    "server": gettext_noop("Server"),
}
LEVELS = {"high": gettext_noop("High"), "medium": gettext_noop("Medium"), "low": gettext_noop("Low")}
STAGES = {
    "submitted": gettext_noop("Awaiting assignment"),
    "assigned": gettext_noop("Awaiting acceptance"),
    "investigating": gettext_noop("Under analysis"),
    "solving": gettext_noop("Solution being planned"),
    "changing": gettext_noop("Change under way"),
    "verifying": gettext_noop("Effect being verified"),
    "resolved": gettext_noop("Resolved"),
    "closed": gettext_noop("Closed"),
}
OUTCOMES = {
    "fixed": gettext_noop("Root cause fixed"),
    "workaround_accepted": gettext_noop("Workaround accepted"),
    "risk_accepted": gettext_noop("Risk accepted"),
    "cause_not_found": gettext_noop("Cause not found"),
    "no_solution": gettext_noop("Cause found, no solution"),
    "duplicate": gettext_noop("Duplicate"),
    "not_a_problem": gettext_noop("Cancelled"),
    "out_of_scope": gettext_noop("Out of scope"),
    "void": gettext_noop("Void"),
}
CLOCKS = {
    "assignment": gettext_noop("assignment"),
    "cause": gettext_noop("root cause"),
    "solution": gettext_noop("solution"),
}
VERDICTS = {
    "stopped": gettext_noop("Stopped"),
    "reduced": gettext_noop("Reduced"),
    "unchanged": gettext_noop("Unchanged"),
    "worse": gettext_noop("Worse"),
    "too_little": gettext_noop("Too little data"),
    "not_applicable": gettext_noop("Not applicable"),
    "effective": gettext_noop("Effective"),
    "partly_effective": gettext_noop("Partly effective"),
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
NAMES_OF: dict[str, Mapping[str, str]] = {
    "source": SOURCES,
    "category": CATEGORIES,
    "level": LEVELS,
    "stage": STAGES,
    "outcome": OUTCOMES,
    "clock": CLOCKS,
    "verdict": VERDICTS,
    "missing": {
        "title": gettext_noop("title"),
        "description": gettext_noop("description"),
        "category": gettext_noop("category"),
        "level": gettext_noop("level"),
        "source": gettext_noop("source"),
        "service": gettext_noop("service"),
        "owner": gettext_noop("owner"),
        "cause": gettext_noop("root cause"),
        "cause_category": gettext_noop("cause category"),
        "solution": gettext_noop("solution"),
        "change": gettext_noop("change decision or number"),
        "resolved_at": gettext_noop("date resolved"),
        "review": gettext_noop("review date or minutes number"),
        "closed_at": gettext_noop("date closed"),
        "incidents": gettext_noop("linked incidents"),
    },
}


def name_of(kind: str, code: str) -> str:
    """The name of a code in the active language; "not stated" for an empty one, itself for an unknown one."""
    if not code:
        return gettext("Not stated")
    known = NAMES_OF.get(kind, {}).get(code)
    return gettext(known) if known else code


def joined(kind: str, codes: tuple[str, ...]) -> str:
    """Several codes as one list in words."""
    return gettext(", ").join(name_of(kind, code) for code in codes)
