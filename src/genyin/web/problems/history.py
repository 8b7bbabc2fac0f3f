"""The stage bar and the timeline of a problem, both read from its events."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from genyin.base import clock
from genyin.base.actor import ActorKind
from genyin.base.models import Event
from genyin.problems.models import Problem
from genyin.problems.stages import Stage
from genyin.procedure import queries as procedures
from genyin.web.parts import Entry, Step
from genyin.web.words import word


def steps(problem: Problem, told: Sequence[Event]) -> list[Step]:
    """The eight stages: when each was last entered and the working days spent there. `told` is newest first."""
    moments = _entered(problem, told)
    calendar = procedures.calendar()
    shown = []
    for number, stage in enumerate(Stage):
        here, entered = stage == problem.stage, moments.get(stage)
        past = entered is not None and not here and number < list(Stage).index(Stage(problem.stage))
        left = _left(stage, moments, problem) if past else clock.now()
        days = calendar.working_days(entered, left) if entered is not None and (past or here) else None
        state = "now" if here else "done" if past else ""
        shown.append(Step(word("stage", stage), state, entered if past or here else None, days))  # type: ignore[arg-type]
    return shown


def entries(told: Sequence[Event]) -> list[Entry]:
    """The timeline, newest first: who, what, from what to what, and what they said."""
    return [_entry(event) for event in told]


def who(event: Event) -> str:
    """Who did it, and through which API token; the product itself by the part of it that acted."""
    if event.actor_kind == ActorKind.JOB:
        return word("job", event.actor_name)
    if event.actor_token:
        return _("%(name)s, by API token “%(token)s”") % {"name": event.actor_name, "token": event.actor_token}
    return event.actor_name


def _entry(event: Event) -> Entry:
    content = event.content
    giver = event.on_behalf_of_name
    before, after = _change(content.before, content.after)
    return Entry(
        at=event.at,
        who=_("%(name)s for %(giver)s") % {"name": who(event), "giver": giver} if giver else who(event),
        said=word("event", event.verb),
        before=before,
        after=after,
        note=content.note or str(content.after.get("solution") or content.after.get("workaround") or ""),
    )


def _change(before: dict[str, object], after: dict[str, object]) -> tuple[str, str]:
    """The one change worth a line: of outcome, stage, level or the watch's verdict, in words."""
    for name, kind in (("outcome", "outcome"), ("stage", "stage"), ("level", "level"), ("verdict", "effect")):
        if after.get(name) and before.get(name) != after.get(name):
            return word(kind, str(before.get(name) or "")), word(kind, str(after[name]))
    return "", ""


def _entered(problem: Problem, told: Sequence[Event]) -> dict[str, datetime]:
    moments: dict[str, datetime] = {Stage.SUBMITTED: problem.registered_at}
    for event in reversed(told):
        if stage := event.content.after.get("stage"):
            moments[str(stage)] = event.at
    moments[problem.stage] = problem.stage_since
    return moments


def _left(stage: Stage, moments: dict[str, datetime], problem: Problem) -> datetime:
    """When the next stage that was entered began."""
    later = [moments[s] for s in list(Stage)[list(Stage).index(stage) + 1 :] if s in moments]
    return min((m for m in later if m >= moments[stage]), default=problem.stage_since)
