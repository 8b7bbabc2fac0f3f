"""The candidates: what a trend analysis proposes, the strongest first, each with its reason and three answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from genyin.base.actor import Actor
from genyin.people.roles import may
from genyin.trends import analyses, novelties, queries, rising, watch
from genyin.trends.models import Candidate, CandidateState, Family, Proposal
from genyin.trends.queries import CandidateSeen
from genyin.trends.watch import Recurrence
from genyin.web import nav, respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.parts import Button, Flag, Todo
from genyin.web.times import when
from genyin.web.trends import novelty, reasons
from genyin.web.words import sentences, word

SHOWN = 20
RISING_SHOWN = 10
KEYS = {"accept": "a", "watch": "w", "dismiss": "d"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A state of candidates above the list."""

    word: str
    state: str | None
    current: bool


@require_safe
@inside_only
def candidates(request: Request) -> HttpResponse:
    """Candidates of one state; the open ones wait for an answer."""
    states = {"": CandidateState.OPEN, "watching": CandidateState.WATCHING}
    asked = request.GET.get("state", "")
    found = queries.candidates(request.actor, state=states.get(asked, CandidateState.OPEN))
    listed = queries.explained(found[:SHOWN], seen_by=request.actor)
    last = analyses.figures(analyses.runs(request.actor)[:1], seen_by=request.actor)
    context = {
        "rows": rows(listed, actor=request.actor, keys=True),
        "left_out": max(0, found.count() - SHOWN),
        "again": [comes_back(one, actor=request.actor) for one in watch.recurrences(request.actor)],
        "rising": queries.described(queries.rising(request.actor)[:RISING_SHOWN], seen_by=request.actor),
        "firsts": novelty.waiting(request.actor),
        "firsts_counted": novelties.counts(request.actor),
        "firsts_least": novelties.least(),
        "services": rising.services(last[0].run, seen_by=request.actor, most=RISING_SHOWN) if last else [],
        "last": last[0] if last else None,
        "chips": [Chip(_("Open"), None, asked != "watching"), Chip(_("Watched"), "watching", asked == "watching")],
        "may_run": may(request.actor, "trend.run"),
        "place": "candidates",
    }
    return respond.page_or_fragment(request, "trends/candidates.html", context)


def rows(found: Iterable[CandidateSeen], *, actor: Actor, keys: bool = False) -> list[Todo]:
    """Candidates as rows of work; without the right to decide they are shown without buttons."""
    may_decide = may(actor, "candidate.accept")
    return [
        row(seen, answers(seen, keys=keys, first=keys and place == 0) if may_decide else ())
        for place, seen in enumerate(found)
    ]


def row(seen: CandidateSeen, buttons: Sequence[Button]) -> Todo:
    """One candidate: what it is, why it is proposed, since when, and the answers to it."""
    return Todo(
        what=_("Candidate"),
        title=seen.title,
        url=address(seen),
        ref=seen.family.ref if seen.family else seen.ref,
        icon="rise",
        flags=[Flag(_("Rising"), "late")] if seen.rise else [],
        why=sentences(seen.service, reasons.why(seen), *watched(seen.candidate)),
        wait=_("Watched") if seen.candidate.state == CandidateState.WATCHING else _("new"),
        since=_("since %(when)s") % {"when": when(seen.candidate.decided_at or seen.candidate.found_at)},
        buttons=buttons,
        anchor=seen.ref,
    )


def watched(one: Candidate) -> list[str]:
    """Who left it for now, and why."""
    if one.state != CandidateState.WATCHING:
        return []
    return [_("%(who)s: %(reason)s") % {"who": one.decided_by, "reason": one.reason}]


def answers(seen: CandidateSeen, *, keys: bool = False, first: bool = False, most: int = 3) -> list[Button]:
    """Register or link, watch, dismiss: each asks for what it needs before it is done."""
    links = seen.proposes == Proposal.LINK and seen.problem is not None
    yes = "link" if links else "accept"
    names = {
        yes: _("Link to %(ref)s") % {"ref": seen.problem.number} if links and seen.problem else _("Register problem"),
        "watch": _("Watch"),
        "dismiss": pgettext("candidate", "Dismiss"),
    }
    if seen.candidate.state == CandidateState.WATCHING:
        del names["watch"]  # done already
    shown = list(names.items()) if most == 3 else [(yes, names[yes]), ("dismiss", names["dismiss"])]
    return [
        Button(
            label,
            reverse("decide_candidate", args=[seen.ref, verb]),
            "primary" if first and verb == yes else "",
            dialog=True,
            key=KEYS["accept" if verb == yes else verb] if keys else "",
        )
        for verb, label in shown
    ]


def comes_back(one: Recurrence, *, actor: Actor) -> Todo:
    """A resolved problem that seems to be back: reopen it, or say why it stays closed."""
    number = one.problem.number
    buttons = [
        Button(word("verb", "reopen"), nav.verb_url(number, "reopen"), dialog=True),
        Button(_("Leave closed"), reverse("leave_closed", args=[number]), dialog=True),
    ]
    return Todo(
        what=_("Recurrence"),
        title=one.problem.title,
        url=nav.problem_url(number),
        ref=number,
        level=one.problem.level,
        why=sentences(
            one.problem.service.name,
            "" if one.seen is None else _("%(n)s since the fix") % {"n": one.seen},
            _(reasons.RECURRENCES.get(one.why, one.why)),
        ),
        wait=_("proposed"),
        tone="late",
        since=_("since %(when)s") % {"when": when(one.since)},
        buttons=buttons if may(actor, "candidate.dismiss") else (),
    )


def about(family: Family, *, seen_by: Actor) -> QuerySet[Candidate]:
    """Everything that was ever proposed about a family, newest first; for who sees all also about those that went into
    it, which have no page any more."""
    of = queries.origins(family) if seen_by.sees_all else [family.pk]
    every = Candidate.objects.filter(family__in=of)
    return every.select_related("family__service", "problem", "again", "incident").order_by("-id")


def address(seen: CandidateSeen) -> str:
    """Where a candidate's incidents are shown."""
    if seen.family is not None:
        return reverse("family", args=[seen.family.ref])
    return reverse("incident", args=[seen.incident.ref]) if seen.incident else ""


urlpatterns = [path("trends/", candidates, name="trends")]
