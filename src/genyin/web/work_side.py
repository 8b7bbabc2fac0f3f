"""The right column of My work: clocks that are late, what I wait for, what happened since the last working day."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.people.roles import is_outside
from genyin.problems import awaited, lately
from genyin.problems.awaited import Awaited, Ticking
from genyin.problems.lately import News
from genyin.procedure import queries as procedures
from genyin.web import nav
from genyin.web.parts import Clock, Entry, Tone
from genyin.web.problems.history import who
from genyin.web.times import days
from genyin.web.words import word

CLOCKS = 6
WAITING = 6
NEWS = 8
NAMED = 66  # where the tick stands when each clock is another problem's


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step that another has to take."""

    who: str
    what: str
    title: str
    url: str
    wait: str
    tone: Tone


def side(actor: Actor) -> dict[str, Any]:
    """The three parts; nothing for those on the customer's side."""
    if is_outside(actor):
        return {}
    calendar = procedures.calendar()
    ticking, measured = awaited.ticking(actor)
    waiting = awaited.awaited_by(actor)
    since = lately.last_working_day(calendar)
    news = lately.since(since, seen_by=actor)
    now = clock.now()
    return {
        "side": True,
        "clocks": [named(one) for one in ticking[:CLOCKS]],
        "clocks_late": sum(one.clock.late > 0 for one in ticking),
        "measured": measured,
        "awaited": [row(one, days(calendar.working_days(one.since, now))) for one in waiting[:WAITING]],
        "awaited_all": len(waiting),
        "news": [entry(one) for one in news[:NEWS]],
        "news_all": len(news),
        "news_since": since,
    }


def named(one: Ticking) -> Clock:
    """A clock of one of many problems: which clock, then whose."""
    label = f"{word('clock', one.clock.code)} · {one.problem.title}"
    url = nav.problem_url(one.problem.number)
    return Clock(label, one.clock.used, one.clock.target, one.clock.running, url=url, at=NAMED)


def row(one: Awaited, waited: str) -> Waiting:
    """Who has to do what, and for how long it has been waiting."""
    late = one.late_days > 0
    wait = _("%(days)s late") % {"days": days(one.late_days)} if late else _("waited %(days)s") % {"days": waited}
    who = str(one.who) if one.who else word("role", "lead")
    title, url = one.problem.title, nav.problem_url(one.problem.number)
    return Waiting(who, word("verb", one.verb), title, url, wait, "late" if late else "")


def entry(one: News) -> Entry:
    """An event as a line of the timeline, with the problem it is about."""
    told = one.event.content.after
    after = word("outcome", str(told["outcome"])) if told.get("outcome") else ""
    if told.get("verdict"):
        after = word("effect", str(told["verdict"]))
    return Entry(
        at=one.event.at,
        who=who(one.event),
        said=word("event", one.event.verb),
        after=after,
        title=one.problem.title,
        url=nav.problem_url(one.problem.number),
    )
