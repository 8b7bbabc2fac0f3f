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
    """The change of that number, or number@problem where the actor sees several. Raises NotFound."""
    seen = visible_to(seen_by)
    plain, _at, problem = number.rpartition("@")
    found = list(seen.filter(number=plain, problem__number=problem)) or list(seen.filter(number=number)[:2])
    if not found:
        raise NotFound(gettext_noop("There is no change %(ref)s that you may see."), ref=number)
    if len(found) > 1:
        raise NotFound(
            gettext_noop("There are several changes %(ref)s: name the problem too, like %(example)s."),
            ref=number,
            example=found[0].address,
        )
    return found[0]
