"""Unique values that two may want at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from genyin.base.errors import Conflict, gettext_noop

TAKEN = gettext_noop("Somebody else made the same meanwhile. Reload the page and look.")


@contextmanager
def first_come(told: str = TAKEN) -> Iterator[None]:
    """Write a unique value. Of two who write it at once the database lets the first; the second is told so.

    Put around the one statement that writes, within the verb's transaction, which ends with it. Raises Conflict.
    """
    try:
        yield
    except IntegrityError as taken:
        raise Conflict(told) from taken
