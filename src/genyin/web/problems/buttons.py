"""Which verbs a problem's page offers, and where: derived from the table's offers, never decided here."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from genyin.base.actor import Actor
from genyin.problems.lifecycle import SATISFIED_BY, Offer
from genyin.problems.models import ControlPoint, Problem
from genyin.problems.queries import Goal
from genyin.web import nav
from genyin.web.parts import Button, Todo
from genyin.web.times import when
from genyin.web.words import word

#: Verbs that stand beside the texts they add to, not in the menu.
ADDING = ("comment", "link_incident", "attach", "add_task", "add_evidence", "assist_incident")
#: Verbs done by the button of a control point or on the object they act on.
ELSEWHERE = (*ADDING, "finish_task", "unlink_incident", "retire_known_error", "confirm_waiver", "refuse_waiver")
#: Verbs that stand beside the one that leads on.
BESIDE = (
    "decline",
    "fail_review",
    "back_to_analysis",
    "send_back",
    "resubmit",
    "grant_hold",
    "deny_hold",
    "resume",
    "reopen",
    "raise_change",
    "record_change",
    "change_failed",
)


def forward(goal: Goal, problem: Problem, offers: Sequence[Offer]) -> Button | None:
    """The verb that leads on: a primary button, or, while points are open, a link to what is missing."""
    offer = _offer(offers, goal.verb)
    if offer is None:
        return None
    if offer.missing:
        left = ngettext("%(n)s left", "%(n)s left", len(offer.missing)) % {"n": len(offer.missing)}
        return Button(f"{word('verb', offer.verb)} · {left}", "#points", "wait")
    return button(problem, offer.verb, look="primary")


def secondary(goal: Goal, problem: Problem, offers: Sequence[Offer]) -> list[Button]:
    """Up to two verbs beside the first one: what else this stage is about."""
    return [button(problem, o.verb) for o in offers if o.verb in BESIDE and o.verb != goal.verb and not o.missing][:2]


def menu(goal: Goal, problem: Problem, offers: Sequence[Offer]) -> list[Button]:
    """All other verbs, under "more"; those that wait for points say so and lead to them."""
    shown = {goal.verb, *ELSEWHERE, *(b.url.rstrip("/").rsplit("/", 1)[-1] for b in secondary(goal, problem, offers))}
    return [_in_menu(problem, offer) for offer in offers if offer.verb not in shown]


def adding(problem: Problem, offers: Sequence[Offer]) -> dict[str, Button]:
    """The verbs that add something, by name, where the actor may."""
    return {offer.verb: button(problem, offer.verb, look="quiet") for offer in offers if offer.verb in ELSEWHERE}


def rows(
    points: Collection[ControlPoint], problem: Problem, offers: Sequence[Offer], *, mine: Actor, quiet: bool = False
) -> list[Todo]:
    """Open control points as rows: what, which clause, why, who and since when, and the button that satisfies it."""
    found = []
    for number, point in enumerate(points):
        verb = SATISFIED_BY.get(point.code, "edit")
        offer = _offer(offers, verb)
        look = "primary" if number == 0 and not quiet else ""
        found.append(
            Todo(
                what=word("point", point.code),
                clause=point.clause,
                why=_why(point),
                mine=offer is not None,
                wait=_("you") if offer is not None else _who(verb, problem),
                since=_("since %(when)s") % {"when": when(max(point.opened_at, problem.stage_since))},
                buttons=_point_buttons(problem, point, offer, offers, look),
                anchor=f"point-{point.code}",
            )
        )
    return found


def button(problem: Problem, verb: str, *, look: str = "") -> Button:
    """The button of a verb; its form opens over the page."""
    return Button(word("verb", verb), nav.verb_url(problem.number, verb), look, dialog=True)  # type: ignore[arg-type]


def _point_buttons(
    problem: Problem, point: ControlPoint, offer: Offer | None, offers: Sequence[Offer], look: str
) -> list[Button]:
    if point.waiver_asked_at is not None:
        return [button(problem, verb) for verb in ("confirm_waiver", "refuse_waiver") if _offer(offers, verb)]
    return [button(problem, offer.verb, look=look)] if offer is not None and not offer.missing else []


def _in_menu(problem: Problem, offer: Offer) -> Button:
    if not offer.missing:
        return button(problem, offer.verb)
    left = ngettext("%(n)s left", "%(n)s left", len(offer.missing)) % {"n": len(offer.missing)}
    return Button(f"{word('verb', offer.verb)} · {left}", "#points", "wait")


def _why(point: ControlPoint) -> str:
    if point.waiver_asked_at is not None:
        return _("Waiver asked for by %(name)s: %(reason)s") % {
            "name": point.waiver_asked_by or "",
            "reason": point.waiver_reason,
        }
    due = _("Due %(when)s.") % {"when": when(point.due_at)} if point.due_at else ""
    return f"{word('point_why', point.code)} {due}".strip()


def _who(verb: str, problem: Problem) -> str:
    """Whom an open point waits for: the owner, else the lead."""
    leads = ("judge_effect", "dispatch", "pass_review")
    return str(problem.owner) if problem.owner and verb not in leads else word("role", "lead")


def _offer(offers: Sequence[Offer], verb: str) -> Offer | None:
    return next((offer for offer in offers if offer.verb == verb), None)
