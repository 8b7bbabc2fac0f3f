"""Which problems wait for their review: from when on it may decide, and what is missing until then."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.people.roles import Right, held
from genyin.problems.lifecycle import REVIEWED, Stage
from genyin.problems.models import ControlPoint, PointState, Problem
from genyin.problems.queries import visible_to
from genyin.reviews.actions import opens_at
from genyin.reviews.models import Review
from genyin.web import nav
from genyin.web.parts import Button, Flag, Todo, Tone
from genyin.web.times import day
from genyin.web.words import listed, sentences, word

SHOWN = 50
ASKED = REVIEWED.split()


def waiting(actor: Actor) -> list[Todo]:
    """Problems whose fix is live, the review that may be held first on top. A fixed number of queries."""
    missing = ControlPoint.objects.filter(state=PointState.OPEN, code__in=ASKED)
    rows = (
        visible_to(actor)
        .filter(stage=Stage.VERIFYING)
        .select_related("service", "procedure", "owner")
        .prefetch_related(
            Prefetch("points", missing, to_attr="missing"),
            Prefetch("reviews", Review.objects.filter(passed=None), to_attr="undecided"),
        )
        .order_by("fixed_at", "id")[:SHOWN]
    )
    leads = bool(held(actor) & {Right.LEAD, Right.SECOND})
    ordered = sorted(rows, key=lambda problem: (opens_at(problem) or problem.stage_since, problem.pk))
    return [_row(problem, actor, leads=leads) for problem in ordered]


def _row(problem: Problem, actor: Actor, *, leads: bool) -> Todo:
    lacking = sorted({point.code for point in problem.missing}, key=ASKED.index)  # type: ignore[attr-defined]
    opens = opens_at(problem)
    open_now = opens is not None and opens <= clock.now()
    what = _("Still missing: %(points)s") % {"points": listed(word("point", code) for code in lacking)}
    tone: Tone = "soon" if open_now else ""
    return Todo(
        what=problem.title,
        url=nav.problem_url(problem.number),
        title=problem.number,
        level=problem.level,
        flags=[Flag(word("flag", "major"), "late")] if problem.is_major else [],
        why=sentences(str(problem.service), str(problem.owner or ""), what if lacking else _("Ready to be decided")),
        wait=_("open since %(day)s") % {"day": day(opens)} if open_now else _("from %(day)s on") % {"day": day(opens)},
        tone=tone,
        since=_("live since %(day)s") % {"day": day(problem.fixed_at)},
        buttons=_buttons(problem, lacking, leads=leads, own=actor.stands_for(problem.owner_id), open_now=open_now),
    )


def _buttons(problem: Problem, lacking: list[str], *, leads: bool, own: bool, open_now: bool) -> list[Button]:
    """What leads on: the minutes first, then the effect, then the verdict."""
    verb = "hold_review" if {"review", "meeting", "follow_ups"} & set(lacking) else "judge_effect"
    if not lacking:
        verb = "pass_review"
    allowed = leads or (own and verb == "hold_review")
    if not allowed or (verb != "hold_review" and not open_now):
        return []
    return [Button(word("verb", verb), nav.verb_url(problem.number, verb), dialog=True)]
