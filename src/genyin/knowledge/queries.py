from django.db.models import Count, Q, QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents.queries import visible_services
from genyin.knowledge.models import KnownError
from genyin.people.roles import is_outside


def visible_to(actor: Actor) -> QuerySet[KnownError]:
    """Known errors of the services the actor may see, newest first. Internal: none for the customer's side."""
    if is_outside(actor):
        return KnownError.objects.none()
    every = KnownError.objects.select_related("service", "problem").annotate(
        tried=Count("trials"), worked=Count("trials", filter=Q(trials__result="worked"))
    )
    if not actor.sees_all:
        every = every.filter(service_id__in=visible_services(actor).values("id"))
    return every.order_by("-published_at", "-id")


def get(number: str, *, seen_by: Actor) -> KnownError:
    """The known error of that number. Raises NotFound."""
    known = visible_to(seen_by).filter(number=number).first()
    if known is None:
        raise NotFound(gettext_noop("There is no known error %(ref)s that you may see."), ref=number)
    return known
