"""People and tokens as the API answers them."""

from datetime import date, datetime

from pydantic import BaseModel

from genyin.api.shapes.base import pick
from genyin.base.actor import Actor
from genyin.people.models import ApiToken, Delegation, User
from genyin.people.roles import held


class Me(BaseModel):
    """Who the caller is and what they may do by role; parts in a problem come on top."""

    kind: str
    name: str
    roles: list[str]
    rights: list[str]
    acts_for: list[str]
    sees_all: bool
    language: str
    zone: str


class UserShape(BaseModel):
    login: str
    name: str
    email: str
    phone: str
    language: str
    active: bool
    roles: list[str]


class TokenShape(BaseModel):
    name: str
    prefix: str
    source: str
    user: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewToken(TokenShape):
    """A token with its secret, which is shown only here."""

    secret: str


class DelegationShape(BaseModel):
    giver: str
    taker: str
    starts: date
    ends: date
    reason: str


def me(actor: Actor) -> Me:
    return Me(
        kind=actor.kind,
        name=actor.name,
        roles=sorted(actor.roles),
        rights=sorted(held(actor)),
        acts_for=[delegation.name for delegation in actor.delegated],
        sees_all=actor.sees_all,
        language=actor.language,
        zone=actor.zone,
    )


def user(row: User) -> UserShape:
    return pick(
        UserShape,
        row,
        login=row.username,
        active=row.is_active,
        roles=sorted(grant.role for grant in row.grants.all()),
    )


def token(row: ApiToken) -> TokenShape:
    return pick(TokenShape, row, user=row.user.username if row.user else "")


def new_token(row: ApiToken, *, secret: str) -> NewToken:
    return pick(NewToken, row, user=row.user.username if row.user else "", secret=secret)


def delegation(row: Delegation) -> DelegationShape:
    return pick(DelegationShape, row, giver=row.giver.username, taker=row.taker.username)
