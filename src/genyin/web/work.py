"""My work: what waits for me, first what is late."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.problems.work import Work, waiting_for
from genyin.procedure import queries as procedures
from genyin.web import nav, respond, work_more, work_side
from genyin.web.http import Request
from genyin.web.parts import Button, Flag, Todo, Tone
from genyin.web.times import day, days, when
from genyin.web.words import sentences, word
from genyin.web.work_more import Kind

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter above the list: a verb and how many wait for it."""

    code: str
    word: str
    count: int
    current: bool


@require_safe
def my_work(request: Request) -> HttpResponse:
    """Everything that waits for the reader; `verb` shows one kind of it."""
    actor, zone, verb = request.actor, request.organisation.zone, request.GET.get("verb", "")
    waiting, others = waiting_for(actor), work_more.more(actor, zone=zone)
    chosen = [work for work in waiting if verb in ("", work.verb)]
    rows = [row(work, zone=zone, first=number == 0) for number, work in enumerate(chosen[:SHOWN])]
    rows += [one for kind in others if verb in ("", kind.code) for one in kind.rows]
    count = len(waiting) + sum(len(kind.rows) for kind in others)
    context = {
        "rows": rows,
        "left_out": max(0, len(chosen) - SHOWN),
        "chips": _chips(waiting, others, verb),
        "waiting": count,
        "heading": heading(waiting, count),
        "now": clock.now(),
        "longest": min(waiting, key=lambda work: work.since, default=None),
        **work_side.side(actor),
    }
    return respond.page_or_fragment(request, "work/page.html", context)


def heading(waiting: list[Work], count: int) -> str:
    """The page's title is its summary."""
    late = sum(work.late_days > 0 for work in waiting)
    if not count:
        return _("Nothing waits for you")
    counted = ngettext("%(n)s thing waits for you", "%(n)s things wait for you", count) % {"n": count}
    return counted + (_(", %(n)s late") % {"n": late} if late else "")


def row(work: Work, *, zone: str, first: bool = False) -> Todo:
    """One thing to do as a row: the verb, on what, why, how long it waits, and the button that does it."""
    problem = work.problem
    wait, tone = waited(work, zone=zone)
    customer = problem.service.customer
    return Todo(
        what=word("verb", work.verb),
        title=problem.title,
        url=nav.problem_url(problem.number),
        ref=problem.number,
        level=problem.level,
        flags=[Flag(word("flag", "major"), "late")] if problem.is_major else [],
        why=sentences(str(customer or ""), problem.service.name, _detail(work)),
        wait=wait,
        tone=tone,
        since=_("since %(when)s") % {"when": when(work.since)},
        buttons=[_button(work, first=first)],
    )


def _detail(work: Work) -> str:
    """What was said; a control point's code in words."""
    code, colon, said = work.detail.partition(": ")
    return f"{word('point', code)}: {said}" if work.verb == "confirm_waiver" and colon else work.detail


def _button(work: Work, *, first: bool) -> Button:
    url = nav.verb_url(work.problem.number, work.verb)
    return Button(word("verb", work.verb), url, "primary" if first else "", dialog=True)


def waited(work: Work, *, zone: str) -> tuple[str, Tone]:
    """How late, else how long it has waited, in working days of the site's zone."""
    if work.late_days > 0:
        return _("%(days)s late") % {"days": days(work.late_days)}, "late"
    if work.due is not None:
        return _("due %(day)s") % {"day": day(work.due)}, "soon"
    calendar = procedures.read(work.problem.procedure).calendar(zone)
    return _("waited %(days)s") % {"days": days(calendar.working_days(work.since, clock.now()))}, ""


def _chips(waiting: list[Work], others: list[Kind], chosen: str) -> list[Chip]:
    """They add up to the title."""
    counts = Counter(work.verb for work in waiting)
    every = Chip("", _("All"), len(waiting) + sum(len(kind.rows) for kind in others), not chosen)
    verbs = [Chip(code, word("verb", code), n, code == chosen) for code, n in counts.most_common()]
    return [every, *verbs, *(Chip(kind.code, kind.word, len(kind.rows), kind.code == chosen) for kind in others)]


urlpatterns = [path("", my_work, name="my_work")]
