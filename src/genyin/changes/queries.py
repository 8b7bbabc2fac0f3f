from django.db.models import QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.changes.models import Change
from genyin.people.roles import is_outside
from genyin.problems import queries as problems


def visible_to(actor: Actor) -> QuerySet[Change]:
    """Changes of the problems the actor may see, newest first; internal."""
    if is_outside(actor):
        return Change.objects.none()
    every = Change.objects.select_related("problem", "problem__service").order_by("-raised_at", "-id")
    return every if actor.sees_all else every.filter(problem_id__in=problems.visible_to(actor).values("id"))


def get(number: str, *, seen_by: Actor) -> Change:
    """The change of that number. Raises NotFound."""
    change = visible_to(seen_by).filter(number=number).first()
    if change is None:
        raise NotFound(gettext_noop("There is no change %(ref)s that you may see."), ref=number)
    return change
