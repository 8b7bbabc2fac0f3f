"""A trend analysis that somebody asked for at the screen, carried out by the worker."""

from genyin.base import jobs
from genyin.base.actor import Actor
from genyin.base.errors import NotAllowed, gettext_noop
from genyin.people.models import User
from genyin.people.queries import actor_for
from genyin.people.roles import require
from genyin.trends import runs


def run_later(*, by: Actor) -> None:
    """Queue an analysis in this person's name. Asked for twice it runs twice, and the second finds nothing new."""
    require(by, "trend.run")
    if by.user_id is None:
        raise NotAllowed(gettext_noop("Only a person asks for an analysis; the schedule makes its own."))
    jobs.later("genyin.trends.runs.asked.run_for", by.user_id)


def run_for(user_id: int) -> None:
    """The job: with the rights the person has when it starts."""
    runs.analyse(by=actor_for(User.objects.get(pk=user_id)))
