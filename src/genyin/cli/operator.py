"""Whoever sits at the command line holds the database, so no right is kept from them; the log names their login."""

import os
import pwd

from genyin.base.actor import Actor, ActorKind


def operator() -> Actor:
    """The actor behind every command."""
    try:
        login = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that has no name
        login = str(os.getuid())
    return Actor(
        kind=ActorKind.JOB,
        name=f"command line ({login})",
        roles=frozenset({"job", "administrator", "lead"}),
        sees_all=True,
    )
