"""What else waits on My work: candidates, problems that seem to be back, months to confirm, reports to issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.clock import month_window
from genyin.people.roles import is_outside, may
from genyin.reports import queries as reports
from genyin.trends import queries as trends
from genyin.trends import watch
from genyin.web.parts import Button, Todo
from genyin.web.times import day, when
from genyin.web.trends import candidates

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of one kind, counted by the chips like a verb."""

    code: str
    word: str
    rows: Sequence[Todo]


def more(actor: Actor, *, zone: str) -> list[Kind]:
    """Everything that waits and is no step of a problem's lifecycle; kinds without a row are left out."""
    if is_outside(actor):
        return []
    kinds = [
        Kind("recurrence", _("Recurrences"), _recurrences(actor)),
        Kind("candidate", _("Candidates"), _candidates(actor)),
        Kind("month_end", _("Month-end check"), _month_ends(actor)),
        Kind("report", _("Reports"), _reports(actor, zone)),
    ]
    return [kind for kind in kinds if kind.rows]


def _candidates(actor: Actor) -> list[Todo]:
    """The strongest open ones; the rest are on the trends' page."""
    if not may(actor, "candidate.accept"):
        return []
    found = trends.explained(trends.candidates(actor)[:SHOWN], seen_by=actor)
    return [candidates.row(seen, candidates.answers(seen, most=2)) for seen in found]


def _recurrences(actor: Actor) -> list[Todo]:
    if not may(actor, "candidate.dismiss"):
        return []
    return [candidates.comes_back(one, actor=actor) for one in watch.recurrences(actor)[:SHOWN]]


def _month_ends(actor: Actor) -> list[Todo]:
    return [
        Todo(
            what=_("Month-end check"),
            title=month,
            url=f"{reverse('register')}?month={month}",
            icon="table",
            why=_("Say that every problem of yours is in the register."),
            wait=_("open"),
            buttons=[Button(_("Confirm"), reverse("confirm_month_end", args=[month]), dialog=True)],
        )
        for month in reports.month_ends_due(actor)
    ]


def _reports(actor: Actor, zone: str) -> list[Todo]:
    """The report of the month that was last over, until it is issued."""
    if not may(actor, "report.issue"):
        return []
    end, until = month_window(clock.month_of(clock.now(), zone), zone)
    month = clock.month_of(end - timedelta(days=1), zone)
    if reports.issued(month, seen_by=actor) is not None:
        return []
    url = reverse("report", args=[month])
    return [
        Todo(
            what=_("Issue the report"),
            title=month,
            url=url,
            icon="chart",
            why=_("The month is over; the page says what is still missing."),
            wait=_("due %(day)s") % {"day": day(until - timedelta(days=1))},
            tone="soon",
            since=_("since %(when)s") % {"when": when(end)},
            buttons=[Button(_("Open the report"), url)],
        )
    ]
