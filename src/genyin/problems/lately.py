"""What happened to problems of late, for who may see them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.clock import Calendar
from genyin.base.models import Event
from genyin.people.roles import is_outside
from genyin.problems.models import Problem
from genyin.problems.queries import visible_to

READ = 300  # the newest events of problems: a list over them must not read the whole log


@dataclass(frozen=True, slots=True)
class News:
    """An event of a problem, with the problem."""

    event: Event
    problem: Problem


def last_working_day(calendar: Calendar) -> datetime:
    """The midnight with which the last working day before today began."""
    zone = ZoneInfo(calendar.zone)
    day = clock.now().astimezone(zone).date() - timedelta(days=1)
    for _tried in range(30):  # no holiday is longer
        if calendar.works(day):
            break
        day -= timedelta(days=1)
    return datetime.combine(day, time(), zone)


def since(moment: datetime, *, seen_by: Actor) -> list[News]:
    """What others did to problems the actor may see, since a moment, newest first. Three queries."""
    if is_outside(seen_by):
        return []
    told = Event.objects.filter(subject_type="problem").select_related("content").order_by("-seq")[:READ]
    fresh = [event for event in told if event.at >= moment and not _is_own(event, seen_by)]
    seen = visible_to(seen_by).in_bulk({event.subject_id for event in fresh if event.subject_id is not None})
    return [News(event, seen[event.subject_id]) for event in fresh if event.subject_id in seen]


def _is_own(event: Event, actor: Actor) -> bool:
    return event.actor_kind == actor.kind and event.actor_id is not None and event.actor_id == actor.user_id
