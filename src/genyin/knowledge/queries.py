from django.db.models import Count, Q, QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents.queries import visible_services
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.people.roles import is_outside


def visible_to(actor: Actor) -> QuerySet[KnownError]:
    """Known errors of the services the actor may see, newest first. Internal: none for the customer's side."""
    counted = {"tried": Count("trials"), "worked": Count("trials", filter=Q(trials__result="worked"))}
    seen = _seen_by(actor).select_related("service", "problem").annotate(**counted)
    return seen.order_by("-published_at", "-id")


def active_ids(actor: Actor) -> set[int]:
    """Ids of the active ones among them."""
    return set(_seen_by(actor).filter(state=KnownErrorState.ACTIVE).values_list("id", flat=True))


def _seen_by(actor: Actor) -> QuerySet[KnownError]:
    if is_outside(actor):
        return KnownError.objects.none()
    if actor.sees_all:
        return KnownError.objects.all()
    return KnownError.objects.filter(service_id__in=visible_services(actor).values("id"))


def get(number: str, *, seen_by: Actor) -> KnownError:
    """The known error of that number. Raises NotFound."""
    known = visible_to(seen_by).filter(number=number).first()
    if known is None:
        raise NotFound(gettext_noop("There is no known error %(ref)s that you may see."), ref=number)
    return known
