"""Handing over: nobody with open work leaves before somebody else has it: problems, tasks, follow-ups of reviews."""

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.people.holders import at_work, keep_a_holder, locked
from genyin.people.models import User
from genyin.people.queries import actor_for
from genyin.people.roles import require
from genyin.problems.models import Problem, Task
from genyin.problems.queries import visible_to
from genyin.problems.stages import Stage
from genyin.reviews.actions import claimed
from genyin.reviews.models import FollowUp

MOST_NAMED = 10


def hand_over_follow_up(action: FollowUp, *, to: User, by: Actor) -> FollowUp:
    """Give an open follow-up to somebody else, who may see its problem; who may finish it may hand it over."""
    with transaction.atomic():
        held, through = claimed(action, by=by)
        problem, before = held.review.problem, {"content": held.content, "owner": held.owner}
        if not visible_to(actor_for(at_work(to, field="to"))).filter(pk=problem.pk).exists():
            raise BadInput(
                gettext_noop("%(name)s may not see this problem, so nobody would do the task."),
                field="to",
                name=to.name,
            )
        held.owner = to
        held.save(update_fields=["owner"])
        after = {"owner": to}
        events.record("review.follow_up_handed_over", problem, by=by, before=before, after=after, through=through)
    return held


def deactivate(user: User, *, by: Actor) -> User:
    """Take a person's sign-in away. Raises BadInput naming the open work that must be handed over first."""
    through = require(by, "user.edit")
    with transaction.atomic():
        user = locked(user)
        if work := _open_work(user):
            raise BadInput(
                gettext_noop("%(name)s still has open work: %(work)s. Hand it over first."),
                field="user",
                name=user.name,
                work=", ".join(work),
            )
        keep_a_holder(user)
        if user.is_active:
            User.objects.filter(pk=user.pk).update(is_active=False)
            user.tokens.filter(revoked_at=None).update(revoked_at=clock.now())
            events.record("user.deactivated", user, by=by, through=through)
    user.refresh_from_db()
    return user


def _open_work(user: User) -> list[str]:
    """The first numbers of problems that they own or have something to do for; a follow-up outlives its problem."""
    owned = Problem.objects.filter(owner=user).exclude(stage=Stage.CLOSED).values_list("number", flat=True)
    tasks = Task.objects.filter(owner=user, done_at=None).exclude(problem__stage=Stage.CLOSED)
    follow_ups = FollowUp.objects.filter(owner=user, done_at=None)
    found = [
        *owned.order_by("id")[:MOST_NAMED],
        *tasks.order_by("id").values_list("problem__number", flat=True)[:MOST_NAMED],
        *follow_ups.order_by("id").values_list("review__number", flat=True)[:MOST_NAMED],
    ]
    return list(dict.fromkeys(found))
