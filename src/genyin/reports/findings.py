"""What a month's figures call attention to: the report's issues and recommendations, as codes with numbers.

The lead adds remarks in words; these are the ones that follow from the figures and cannot be forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from genyin.base.errors import gettext_noop
from genyin.reports.breakdowns import AGE_BANDS, band
from genyin.reports.catalogue import BY_CODE
from genyin.reports.facts import ProblemFact
from genyin.reports.metrics import Month, ids

MOST_LATE_CAUSES = Fraction(1, 5)
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """A code of SENTENCES with its number and the records it is about."""

    code: str
    number: int
    records: tuple[int, ...]


# code -> (what was seen, what is recommended)
SENTENCES = {
    "late_causes": (
        gettext_noop("Root causes not found by their planned date: %(n)d."),
        gettext_noop("Review the analysis capacity and the targets of the levels concerned."),
    ),
    "backlog_grew": (
        gettext_noop("Growth of the unresolved problems in the month: %(n)d."),
        gettext_noop("Decide which of the carried-over problems are worked first."),
    ),
    "old_backlog": (
        gettext_noop("Unresolved problems older than 90 days: %(n)d."),
        gettext_noop("Decide for each: a new date, acceptance of the risk, or closing without a solution."),
    ),
    "incomplete_records": (
        gettext_noop("Records of the month lacking required fields or links: %(n)d."),
        gettext_noop("The owners complete them before the month-end check."),
    ),
    "without_minutes": (
        gettext_noop("Problems resolved without minutes of a review: %(n)d."),
        gettext_noop("Hold the reviews and file the minutes; the procedure requires them for every resolved problem."),
    ),
    "came_back": (
        gettext_noop("Problems closed this month that were reopened: %(n)d."),
        gettext_noop("Look at their causes again before they are closed a second time."),
    ),
    "changes_failed": (
        gettext_noop("Problems with a change that failed or was backed out: %(n)d."),
        gettext_noop("Review test and back-out of these changes before they are planned again."),
    ),
    "risk_ends": (
        gettext_noop("Accepted risks that end within 30 days: %(n)d."),
        gettext_noop("Decide whether to extend the acceptance or to resume the work."),
    ),
    "waived": (
        gettext_noop("Control points waived: %(n)d."),
        gettext_noop("Check whether the procedure asks for something that practice cannot give."),
    ),
}


def findings(month: Month) -> tuple[Finding, ...]:
    """Every finding that applies, in the order of SENTENCES."""
    return tuple(found for found in look(month) if found.number > 0)


def look(month: Month) -> Iterator[Finding]:
    """Each finding with its number, zero where there is nothing to say."""
    late = BY_CODE["late_cause"].compute(month)
    if late.value is not None and late.value > MOST_LATE_CAUSES:
        yield Finding("late_causes", int(late.numerator), late.records)
    yield Finding("backlog_grew", len(month.open_at_end) - len(month.open_at_start), ids(month.open_at_end))
    yield about("old_backlog", [f for f in month.open_at_end if band(month, f) == len(AGE_BANDS) - 1])
    yield about("incomplete_records", [f for f in month.native if f.missing])
    yield about("without_minutes", [f for f in month.native_solved if not f.has_minutes])
    back = BY_CODE["recurrence_rate"].compute(month)
    yield Finding("came_back", int(back.numerator), back.records)
    yield about("changes_failed", [f for f in month.counted if change_failed(month, f)])
    end = month.window.end
    yield about("risk_ends", [f for f in month.counted if f.risk_until and end <= f.risk_until < end + SOON])
    waived = BY_CODE["waivers"].compute(month)
    yield Finding("waived", int(waived.numerator), waived.records)


def about(code: str, facts: list[ProblemFact]) -> Finding:
    """A finding that counts problems."""
    return Finding(code, len(facts), ids(facts))


def change_failed(month: Month, fact: ProblemFact) -> bool:
    """Whether a change of the problem ended badly in the month."""
    return any(c.outcome in ("failed", "backed_out") and month.window.holds(c.finished_at) for c in fact.changes)
