"""Users, roles, delegations and tokens: each a verb with its event."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.claims import first_come
from genyin.base.errors import BadInput, NotAllowed, gettext_noop
from genyin.people.holders import at_work, keep_a_holder, locked
from genyin.people.models import ApiToken, Delegation, RoleGrant, User
from genyin.people.queries import integrations
from genyin.people.roles import PERSONAL, ROLES, Right, require, require_own, rights_of

MARK = "gy_"


def add_user(
    username: str,
    *,
    name: str,
    email: str,
    password: str | None,
    roles: Iterable[str],
    language: str = "zh-hans",
    phone: str = "",
    by: Actor,
) -> User:
    """Add a person with their roles. Without a password they cannot sign in until one is set."""
    require_own(by, "user.edit")
    held = _known(roles)
    user = User(username=username, name=name, email=email, language=language, phone=phone)
    _set_password(user, password)
    with transaction.atomic():
        if User.objects.filter(username__iexact=username).exists():
            raise BadInput(gettext_noop("This user name is taken."), field="username")
        if User.objects.filter(email__iexact=email).exists():
            raise BadInput(gettext_noop("This e-mail address is taken."), field="email")
        with first_come():
            user.save()
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in held)
        events.record("user.added", user, by=by, after={"name": name, "roles": held})
    return user


def set_roles(user: User, *, roles: Iterable[str], by: Actor) -> User:
    """Give a person exactly these roles. Raises BadInput where nobody would be left to administer or to lead."""
    require_own(by, "user.edit")
    held = _known(roles)
    with transaction.atomic():
        locked(user)
        keep_a_holder(user, keeps=held)
        before = sorted(user.grants.values_list("role", flat=True))
        user.grants.exclude(role__in=held).delete()
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=r) for r in held if r not in before)
        events.record("user.roles_set", user, by=by, before={"roles": before}, after={"roles": held})
    return user


def set_password(user: User, *, password: str, by: Actor) -> User:
    """Set a person's password. The event says that it was set, never what it is."""
    if by.user_id != user.pk:
        require_own(by, "user.edit")
    _set_password(user, password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        events.record("user.password_set", user, by=by)
    return user


def delegate(giver: User, *, to: User, starts: date, ends: date, reason: str = "", by: Actor) -> Delegation:
    """Hand a person's rights to another for a time (代理). A person may delegate their own.

    Raises BadInput where rights of the provider's would go to somebody of the customer's side.
    """
    with transaction.atomic():
        for person in sorted((giver, to), key=lambda person: person.pk):  # one order for all: each is locked
            locked(person)
        lent = _roles(giver)
        if by.user_id != giver.pk:
            _may_lend(lent, by=by)
        if giver == to:
            raise BadInput(gettext_noop("Choose somebody else as delegate."), field="to")
        if ends < starts:
            raise BadInput(gettext_noop("The delegation ends before it starts."), field="ends")
        to = at_work(to, field="to")
        if not _is_outside(lent) and _is_outside(_roles(to)):
            raise BadInput(gettext_noop("Choose somebody of the provider: %(name)s is not."), field="to", name=to.name)
        delegation = Delegation.objects.create(giver=giver, taker=to, starts=starts, ends=ends, reason=reason)
        after = {"to": to.username, "starts": starts, "ends": ends}
        events.record("user.delegated", giver, by=by, after=after, note=reason)
    return delegation


def add_token(
    name: str, *, source: str = "", user: User | None = None, expires_at: datetime | None = None, by: Actor
) -> tuple[ApiToken, str]:
    """Make a token; answers it with its secret, which is shown once and never stored."""
    require_own(by, "token.edit")
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        name=name,
        source=source,
        user=user,
        prefix=secret[:8],
        expires_at=expires_at,
        created_at=clock.now(),
        sha256=hashlib.sha256(secret.encode()).hexdigest(),
    )
    with transaction.atomic():
        if user is not None:
            at_work(user, field="user")
        if ApiToken.objects.filter(name=name).exists():
            raise BadInput(gettext_noop("A token of this name exists."), field="name")
        # Under one name two systems would write over each other's incidents.
        if user is None and token.sends_as in integrations():
            raise BadInput(
                gettext_noop("Another system sends incidents as %(source)s."), field="name", source=token.sends_as
            )
        with first_come():
            token.save(force_insert=True)
        events.record("token.added", token, by=by, after={"source": source, "user": user})
    return token, secret


def revoke_token(token: ApiToken, *, by: Actor) -> ApiToken:
    """Make a token useless from now on."""
    through = require(by, "token.edit")
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
            events.record("token.revoked", token, by=by, through=through)
    token.refresh_from_db()
    return token


def _may_lend(lent: frozenset[str], *, by: Actor) -> None:
    """Who delegates for another holds that right, and lends no more than they hold themselves."""
    require_own(by, "delegation.edit")
    own = rights_of(by.roles)
    if Right.ADMIN not in own and not rights_of(lent) <= own:
        raise NotAllowed(gettext_noop("You can only lend rights that you hold yourself."), duty="delegation.edit")


def _roles(user: User) -> frozenset[str]:
    return frozenset(user.grants.values_list("role", flat=True))


def _is_outside(roles: frozenset[str]) -> bool:
    return all(ROLES[role].outside for role in roles)


def _known(roles: Iterable[str]) -> list[str]:
    held = sorted(set(roles))
    unknown = [role for role in held if role not in PERSONAL]
    if unknown:
        raise BadInput(
            gettext_noop("Unknown role %(role)s. Known are: %(known)s."),
            field="roles",
            role=unknown[0],
            known=", ".join(PERSONAL),
        )
    return held


def _set_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise BadInput(" ".join(weak.messages).replace("%", "%%"), field="password") from weak
    user.set_password(password)
