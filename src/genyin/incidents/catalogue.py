"""The service catalogue and who may see which part of it: customers, projects, services, items, access."""

from decimal import Decimal

from django.db import models, transaction
from django.db.models import QuerySet

from genyin.base import events
from genyin.base.actor import Actor
from genyin.base.claims import first_come
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents.models import Access, ConfigurationItem, Customer, Project, Service
from genyin.people.holders import locked
from genyin.people.models import ApiToken, Team, User
from genyin.people.roles import require, require_own


def save_service(
    service: Service,
    *,
    customer: str = "",
    project: str = "",
    team: Team | None = None,
    default_owner: User | None = None,
    availability_target: Decimal | None = None,
    items: tuple[tuple[str, str], ...] = (),
    by: Actor,
) -> Service:
    """Enter or confirm a service with its customer, project, target and configuration items (name, kind).

    Items are added or given another kind, never removed: incidents point at them. A service that is a customer's and
    has records stays that customer's: moved, it would show them to another.
    """
    through = require(by, "service.edit")
    if not service.name.strip():
        raise BadInput(gettext_noop("This must be filled in."), field="name")
    if availability_target is not None and not 0 < availability_target <= 100:
        raise BadInput(gettext_noop("An availability target is a percentage above 0 and at most 100."), field="target")
    with transaction.atomic():
        if Service.objects.filter(name=service.name).exclude(pk=service.pk).exists():
            raise BadInput(gettext_noop("A service of this name exists."), field="name")
        _stays(service, customer.strip())
        service.customer, service.project = _place(customer.strip(), project.strip())
        service.team, service.default_owner = team, default_owner
        service.availability_target, service.confirmed = availability_target, True
        with first_come():  # the name is unique
            service.save()
        for name, kind in items:
            ConfigurationItem.objects.update_or_create(service=service, name=name, defaults={"kind": kind})
        after = {"customer": customer, "project": project, "target": availability_target, "items": items}
        events.record("service.saved", service, by=by, after=after, through=through)
    return service


def open_access(*, user: User, customer: Customer | None = None, service: Service | None = None, by: Actor) -> Access:
    """Let a person see a customer's services, or one service."""
    require_own(by, "user.edit")
    _one(customer, service)
    with transaction.atomic():
        locked(user)
        return _opened(user, Access(user=user, customer=customer, service=service), by=by)


def open_token_access(
    *, token: ApiToken, customer: Customer | None = None, service: Service | None = None, by: Actor
) -> Access:
    """Let an integration see a customer's services, or one service."""
    require_own(by, "token.edit")
    _one(customer, service)
    with transaction.atomic():
        ApiToken.objects.select_for_update(no_key=True).get(pk=token.pk)
        return _opened(token, Access(token=token, customer=customer, service=service), by=by)


def withdraw_access(access: Access, *, by: Actor) -> None:
    """Close what `open_access` opened."""
    through = require(by, "user.edit" if access.user_id else "token.edit")
    with transaction.atomic():
        if _alike(access).delete()[0]:
            before = _what(access.customer, access.service)
            events.record("access.withdrawn", access.user or access.token, by=by, before=before, through=through)


def _opened(subject: User | ApiToken, access: Access, *, by: Actor) -> Access:
    """The access as it stands. Whoever is to see is locked: of two who open the same the second finds it open."""
    held = _alike(access).first()
    if held is not None:
        return held
    access.save(force_insert=True)
    events.record("access.opened", subject, by=by, after=_what(access.customer, access.service))
    return access


def _alike(access: Access) -> QuerySet[Access]:
    """Every row that opens the same: one, unless an older version let two in."""
    whose = {"user": access.user, "token": access.token}
    return Access.objects.filter(**whose, customer=access.customer, service=access.service)


def _stays(service: Service, customer: str) -> None:
    held = Service.objects.select_related("customer").filter(pk=service.pk).exclude(customer=None).first()
    if held is None or held.customer is None or held.customer.name == customer or not _has_records(held):
        return
    raise BadInput(
        gettext_noop(
            "%(service)s belongs to %(customer)s and has records that another customer must not see. "
            "Enter a service of its own for the other customer."
        ),
        field="customer",
        service=held.name,
        customer=held.customer.name,
    )


def _has_records(service: Service) -> bool:
    """Whether anything holds on to it: incidents, and what the areas above file under a service."""
    holding = (relation for relation in Service._meta.related_objects if relation.on_delete is models.PROTECT)
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: service}).exists()
        for relation in holding
    )


def _place(customer: str, project: str) -> tuple[Customer | None, Project | None]:
    if project and not customer:
        raise BadInput(gettext_noop("A project belongs to a customer: name the customer too."), field="customer")
    if not customer:
        return None, None
    row, _made = Customer.objects.get_or_create(name=customer)
    if not project:
        return row, None
    return row, Project.objects.get_or_create(customer=row, name=project)[0]


def _one(customer: Customer | None, service: Service | None) -> None:
    if (customer is None) == (service is None):
        raise BadInput(gettext_noop("Choose a customer or a service."), field="customer")


def _what(customer: Customer | None, service: Service | None) -> dict[str, object]:
    return {"customer": customer.name if customer else None, "service": service.name if service else None}
