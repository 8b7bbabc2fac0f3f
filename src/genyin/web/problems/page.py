"""The problem itself: led by its open control points, then what is known, then everything that happened."""

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from genyin.base import clock, events, files
from genyin.base.errors import NotFound, gettext_noop
from genyin.knowledge.models import KnownErrorState
from genyin.people.roles import is_outside
from genyin.problems import queries
from genyin.problems.models import Problem
from genyin.problems.queries import Goal
from genyin.procedure import queries as procedures
from genyin.reviews.actions import opens_at
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.parts import Clock, Flag
from genyin.web.problems import buttons, evidence, history, verdicts
from genyin.web.words import word

INCIDENTS_SHOWN = 8


@require_safe
def problem(request: Request, ref: str) -> HttpResponse:
    """Everything of one problem on one page."""
    found = queries.get(ref, seen_by=request.actor)
    if is_outside(request.actor):
        return respond.page_or_fragment(request, "problems/outside.html", _outside(found, request))
    return respond.page_or_fragment(request, "problems/page.html", _inside(found, request))


@require_safe
def attachment(request: Request, ref: str, number: int) -> HttpResponse:
    """A file attached to a problem, always as a download: what comes from outside is never shown in our own origin."""
    found = queries.get(ref, seen_by=request.actor)
    row = None if is_outside(request.actor) else found.attachments.filter(pk=number).first()
    if row is None:
        raise NotFound(gettext_noop("There is no such file that you may see."))
    return respond.download(files.read(row.sha256), name=row.name, kind="application/octet-stream")


def _inside(found: Problem, request: Request) -> dict[str, object]:
    goal, offers = queries.goal(found), queries.offers(found, to=request.actor)
    told = list(events.of(found).order_by("-seq"))
    seen, hidden = queries.linked_incidents(found, seen_by=request.actor)
    known = next((k for k in found.known_errors.all() if k.state == KnownErrorState.ACTIVE), None)
    return {
        "problem": found,
        "flags": flags(found),
        "original": _original(found, request),
        "known_error": known,
        "heading": heading(goal),
        "points": buttons.rows(goal.open, found, offers, mine=request.actor),
        "later": buttons.rows(goal.later, found, offers, mine=request.actor, quiet=True),
        "settled": evidence.shown(goal.settled, found),
        "waived": goal.waived,
        "forward": buttons.forward(goal, found, offers),
        "secondary": buttons.secondary(goal, found, offers),
        "menu": buttons.menu(goal, found, offers),
        "adding": buttons.adding(found, offers),
        "steps": history.steps(found, told),
        "entries": history.entries(told),
        "clocks": [_clock(c) for c in queries.clocks(found, now=clock.now())],
        "calendar": procedures.calendar(),
        "incidents": seen[:INCIDENTS_SHOWN],
        "rest": max(0, seen.count() - INCIDENTS_SHOWN),
        "linked": seen.count(),
        "hidden": hidden,
        "watched": verdicts.watched(found, seen_by=request.actor),
        "review_opens": opens_at(found),
        "reviews": found.reviews.order_by("-id").prefetch_related("follow_ups__owner"),
    }


def _original(found: Problem, request: Request) -> Problem | None:
    """The problem this one is a duplicate of, where the reader may see it: it may be another customer's."""
    return queries.visible_to(request.actor).filter(pk=found.duplicate_of_id).first() if found.duplicate_of_id else None


def _outside(found: Problem, request: Request) -> dict[str, object]:
    """What the customer's side may read: number, title, stage, and texts written for them."""
    offers = queries.offers(found, to=request.actor)
    return {
        "problem": found,
        "steps": history.steps(found, list(events.of(found).order_by("-seq"))),
        "comments": queries.comments(found, seen_by=request.actor),
        "reviews": [review for review in found.reviews.order_by("-id") if review.customer_text],
        "adding": buttons.adding(found, offers),
    }


def heading(goal: Goal) -> str:
    """The heading of the open points counts down and names what they lead to."""
    verb = word("verb", goal.verb) if goal.verb else ""
    if goal.open:
        said = ngettext("%(n)s item left before: %(verb)s", "%(n)s items left before: %(verb)s", len(goal.open))
        return said % {"n": len(goal.open), "verb": verb}
    return _("Ready: %(verb)s") % {"verb": verb} if verb else _("Nothing is open")


def flags(found: Problem) -> list[Flag]:
    """The dated marks of a problem, the grave one in red."""
    tones = {"major": "late", "on_hold": "soon", "sent_back": "soon"}
    shown = [Flag(word("flag", f), tones.get(f, "mute")) for f in sorted(found.flags)]  # type: ignore[arg-type]
    if found.is_imported:
        shown.append(Flag(_("Imported history")))
    if found.outcome:
        shown.append(Flag(word("outcome", found.outcome)))
    return shown


def _clock(clock_: queries.Clock) -> Clock:
    names = {"assign": _("Dispatched"), "cause": _("Cause found"), "solution": _("Solution planned")}
    return Clock(names[clock_.code], clock_.used, clock_.target, clock_.running)


urlpatterns = [
    path("problems/<str:ref>/", problem, name="problem"),
    path("problems/<str:ref>/files/<int:number>/", attachment, name="attachment"),
]
