"""A scene that a whole module looks at: made once in the database, rolled back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def rolled_back(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written within is there for the tests of the module and nobody else."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
