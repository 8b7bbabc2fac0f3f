"""The evidence of settled control points in words: what is stored is codes, and moments in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from genyin.base.errors import gettext_noop
from genyin.problems.models import ControlPoint, PointState, Problem
from genyin.reports.paper import judged
from genyin.web.times import when
from genyin.web.words import listed, word

#: Points whose evidence is a code, and the kind of word it is.
CODED = {"category": "category", "level": "level", "source": "source", "reason": "reason"}
SAID = {
    "production": gettext_noop("production"),
    "production, assumed": gettext_noop("production, assumed"),
    "complete": gettext_noop("complete"),
    "yes": gettext_noop("yes"),
    "no": gettext_noop("no"),
    "impossible": gettext_noop("not possible"),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A point that is satisfied or waived, as the page shows it."""

    point: ControlPoint
    evidence: str
    waived: bool


def shown(points: Sequence[ControlPoint], problem: Problem) -> list[Settled]:
    """The settled points with their evidence in the reader's language and zone."""
    return [Settled(point, _told(point, problem), point.state == PointState.WAIVED) for point in points]


def _told(point: ControlPoint, problem: Problem) -> str:
    said = point.evidence
    if point.code in CODED:
        return word(CODED[point.code], said)
    if point.code == "rollout":
        return f"{said.partition(',')[0]} · {when(problem.fixed_at)}"
    if point.code == "change_outcome":
        return listed(_change(part) for part in said.split(", "))
    if point.code == "effect":
        return judged(said)
    head, _colon, rest = said.partition(": ")
    if head not in SAID:
        return said
    return _("%(head)s: %(rest)s") % {"head": _(SAID[head]), "rest": rest} if rest else _(SAID[head])


def _change(part: str) -> str:
    number, _colon, state = part.partition(": ")
    return f"{number} {word('change', state)}" if state else number
