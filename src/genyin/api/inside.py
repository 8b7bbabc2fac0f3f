"""What is for our own people only: the customer's side reads of a problem what is meant for it, and nothing else."""

from genyin.api.signing import Request
from genyin.base.actor import Actor
from genyin.base.errors import NotAllowed, gettext_noop
from genyin.people.roles import is_outside


def inside(request: Request) -> Actor:
    """The actor, when it is not on the customer's side. Raises NotAllowed."""
    if is_outside(request.auth):
        raise NotAllowed(gettext_noop("This is internal. You see the problems you were invited to."))
    return request.auth
