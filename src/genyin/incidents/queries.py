"""Reads of services and incidents; each starts from what the actor may see."""

from datetime import timedelta

from django.db.models import OuterRef, Q, QuerySet, Sum

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import NotFound, UnknownReference, gettext_noop
from genyin.incidents.models import Access, Customer, Incident, Service
from genyin.people.models import User
from genyin.people.queries import ours
from genyin.people.roles import is_outside


def visible_services(actor: Actor) -> QuerySet[Service]:
    """Services the actor may see: all, or those that an Access row opens, its own or its delegators'.

    None on the customer's side: incidents and service names hold internal text. An Access row of a user
    representative only says whose users they represent.
    """
    if actor.sees_all:
        return Service.objects.all()
    if is_outside(actor):
        return Service.objects.none()
    rows = Access.objects.filter(_whose(actor))
    return Service.objects.filter(
        Q(id__in=rows.values("service_id")) | Q(customer_id__in=rows.exclude(customer=None).values("customer_id"))
    )


def visible_customers(actor: Actor) -> QuerySet[Customer]:
    """Customers of the services the actor may see."""
    if actor.sees_all:
        return Customer.objects.all()
    return Customer.objects.filter(id__in=visible_services(actor).values("customer_id"))


def people_in_sight(actor: Actor) -> QuerySet[User]:
    """Active people whose names the actor may read: the provider's, and a customer's own where it may see the customer.

    On the customer's side only those who represent the same customers.
    """
    active = User.objects.filter(is_active=True).order_by("name")
    if actor.sees_all:
        return active
    if is_outside(actor):
        mine = Access.objects.filter(_whose(actor)).exclude(customer=None).values("customer_id")
        return active.filter(id__in=Access.objects.filter(customer_id__in=mine).values("user_id")).exclude(
            id__in=ours().values("id")
        )
    theirs = Access.objects.filter(customer_id__in=visible_customers(actor).values("id")).values("user_id")
    return active.filter(Q(id__in=ours().order_by().values("id")) | Q(id__in=theirs))


def representing(user: int | OuterRef, service: int | OuterRef) -> QuerySet[Access]:
    """The rows that make somebody a representative of the customer whose service it is; none: they are not, or no more.

    Given as ids, or as references to the query around it.
    """
    return Access.objects.filter(user_id=user, customer__services=service)


def visible_to(actor: Actor) -> QuerySet[Incident]:
    """Incidents of the services the actor may see."""
    if actor.sees_all:
        return Incident.objects.all()
    return Incident.objects.filter(service_id__in=visible_services(actor).values("id"))


def get(ref: str, *, seen_by: Actor) -> Incident:
    """The incident named `source:number`. Raises NotFound, also for one that the actor may not see."""
    source, _colon, number = ref.partition(":")
    incident = (
        visible_to(seen_by)
        .select_related("service", "service__customer", "item")
        .filter(source=source, external_id=number)
        .first()
    )
    if incident is None:
        raise NotFound(gettext_noop("There is no incident %(ref)s that you may see."), ref=ref)
    return incident


def service_named(name: str, *, seen_by: Actor, field: str = "service") -> Service:
    """The service of that name. Raises UnknownReference naming the field."""
    service = visible_services(seen_by).filter(name=name).first()
    if service is None:
        raise UnknownReference(gettext_noop("There is no service “%(name)s” that you may see."), field=field, name=name)
    return service


def _whose(actor: Actor) -> Q:
    if actor.token_id is not None:
        return Q(token_id=actor.token_id)
    people = {actor.user_id, *(d.user_id for d in actor.delegated)}
    return Q(user_id__in=[person for person in people if person is not None])


def availability_missed(service: Service, *, days: int) -> bool:
    """Whether the service fell below its availability target over the last `days` days, by recorded outage minutes."""
    if service.availability_target is None:
        return False
    since = clock.now() - timedelta(days=days)
    lost = (
        service.incidents.filter(occurred_at__gte=since, occurred_at__lte=clock.now()).aggregate(
            minutes=Sum("outage_minutes")
        )["minutes"]
        or 0
    )
    return 100 * (1 - lost / (days * 1440)) < float(service.availability_target)
