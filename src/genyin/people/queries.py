import hashlib
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from genyin.base import clock
from genyin.base.actor import Actor, ActorKind, Delegated
from genyin.people.models import ApiToken, Delegation, User
from genyin.people.roles import PERSONAL, ROLES


def actor_for(user: User, *, today: date | None = None) -> Actor:
    """The acting person, with the roles held and those delegated to them today. Two queries."""
    roles = frozenset(user.grants.values_list("role", flat=True))
    delegated = tuple(
        Delegated(d.giver_id, str(d.giver), frozenset(g.role for g in d.giver.grants.all()))
        for d in delegations_to(user, today=today or timezone.localdate(clock.now()))
    )
    return Actor(
        kind=ActorKind.PERSON,
        name=str(user),
        user_id=user.pk,
        roles=roles,
        delegated=delegated,
        sees_all=_sees_all(roles, delegated),
        zone=user.zone,
        language=user.language,
    )


def delegations_to(user: User, *, today: date) -> QuerySet[Delegation]:
    """Delegations in force for `user` on `today`."""
    return (
        Delegation.objects.filter(taker=user, starts__lte=today, ends__gte=today, giver__is_active=True)
        .select_related("giver")
        .prefetch_related("giver__grants")
    )


def actor_for_token(secret: str) -> Actor | None:
    """The actor behind an API token, None when it is unknown, expired or revoked."""
    token = ApiToken.objects.select_related("user").filter(sha256=hashlib.sha256(secret.encode()).hexdigest()).first()
    if token is None or token.revoked_at or (token.expires_at and token.expires_at <= clock.now()):
        return None
    if token.user is not None:
        return replace(actor_for(token.user), token=token.name) if token.user.is_active else None
    return Actor(kind=ActorKind.INTEGRATION, name=token.name, token_id=token.pk, roles=frozenset({"integration"}))


def integrations() -> set[str]:
    """The sources under which other systems send incidents, also those whose token is revoked by now."""
    return {token.sends_as for token in ApiToken.objects.filter(user=None)}


def ours() -> QuerySet[User]:
    """Active people of the provider: who holds a role that is not of the customer's side."""
    return holders_of(*(code for code in PERSONAL if not ROLES[code].outside))


def holders_of(*roles: str) -> QuerySet[User]:
    """Active people who hold one of the roles."""
    return User.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("name")


def _sees_all(roles: frozenset[str], delegated: tuple[Delegated, ...]) -> bool:
    every = roles.union(*(d.roles for d in delegated))
    return any(ROLES[code].sees_all for code in every)
