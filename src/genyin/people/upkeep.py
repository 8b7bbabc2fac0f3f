"""What changes about people who are already there: preferences, a delegation that ends early, a return."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, NotAllowed, gettext_noop
from genyin.people.holders import locked
from genyin.people.models import Delegation, User
from genyin.people.roles import require


def set_preferences(user: User, *, language: str | None = None, zone: str | None = None, by: Actor) -> User:
    """Set a person's language and zone (empty: the site's). Everybody sets their own."""
    if by.user_id != user.pk:
        raise NotAllowed(gettext_noop("Everybody sets their own language and zone."))
    if language is not None and language not in dict(settings.LANGUAGES):
        raise BadInput(gettext_noop("This language is not available."), field="language")
    if zone and zone not in clock.zones():
        raise BadInput(gettext_noop("There is no zone %(zone)s. An example is Asia/Shanghai."), field="zone", zone=zone)
    wanted = {key: value for key, value in (("language", language), ("zone", zone)) if value is not None}
    with transaction.atomic():
        held = locked(user)
        before = {key: getattr(held, key) for key in wanted}
        if wanted == before:
            return held
        User.objects.filter(pk=user.pk).update(**wanted)
        events.record("user.preferences_set", user, by=by, before=before, after=wanted)
    user.refresh_from_db()
    return user


def end_delegation(delegation: Delegation, *, by: Actor) -> None:
    """End a delegation before its last day; one that has not begun is removed."""
    through = None if by.user_id == delegation.giver_id else require(by, "delegation.edit")
    today = timezone.localtime(clock.now()).date()
    with transaction.atomic():
        held = Delegation.objects.select_for_update().filter(pk=delegation.pk, ends__gte=today).first()
        if held is None:
            raise BadInput(gettext_noop("This delegation has already ended."), field="delegation")
        if held.starts >= today:
            held.delete()
        else:
            held.ends = today - timedelta(days=1)
            held.save(update_fields=["ends"])
        after = {"to": delegation.taker.username, "ended": today}
        events.record("user.delegation_ended", delegation.giver, by=by, after=after, through=through)


def reactivate(user: User, *, by: Actor) -> User:
    """Let a person who left sign in again, with the roles they had. Their tokens stay revoked."""
    through = require(by, "user.edit")
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            events.record("user.reactivated", user, by=by, through=through)
    user.refresh_from_db()
    return user
