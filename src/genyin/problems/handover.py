"""Nobody with open work leaves before it is handed over."""

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.people.models import User
from genyin.people.roles import require
from genyin.problems.models import Problem, Task
from genyin.problems.stages import Stage


def deactivate(user: User, *, by: Actor) -> User:
    """Take a person's sign-in away. Raises BadInput naming the open work that must be handed over first."""
    through = require(by, "user.edit")
    owned = list(Problem.objects.filter(owner=user).exclude(stage=Stage.CLOSED).values_list("number", flat=True)[:10])
    tasks = Task.objects.filter(owner=user, done_at=None).exclude(problem__stage=Stage.CLOSED)
    owned += list(tasks.values_list("problem__number", flat=True)[:10])
    if owned:
        raise BadInput(
            gettext_noop("%(name)s still has open work: %(work)s. Hand it over first."),
            field="user",
            name=user.name,
            work=", ".join(dict.fromkeys(owned)),
        )
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False)
        user.tokens.filter(revoked_at=None).update(revoked_at=clock.now())
        events.record("user.deactivated", user, by=by, through=through)
    user.refresh_from_db()
    return user
