"""Fixtures that every test may use. The cast comes into each test's own transaction."""

from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from genyin.base import triggers
from genyin.base.models import ChainHead
from genyin.problems.models import Problem
from genyin.trends.statistics import store
from tests import cast as casting
from tests.cast import Cast

# Two busy cores are no reason for a property to fail: time is measured by the benches. And a property that fails does
# so for who changed something, not on a day of its own: every run tries the same examples.
settings.register_profile(
    "genyin", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("genyin")


@pytest.fixture(autouse=True)
def no_counts_of_another_test() -> None:
    """A test's rows go without a trace, and the next one's have their numbers: what was counted of them goes too."""
    store.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, in the test's own transaction."""
    return casting.enter()


@pytest.fixture
def restored_log(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give the emptied database its head and triggers back. Asked for before `transactional_db`: it ends after it."""
    yield
    with django_db_blocker.unblock():
        ChainHead.objects.get_or_create(id=1)
        triggers.install(connection)


@pytest.fixture
def transactional_db(restored_log: None, transactional_db: None) -> Iterator[None]:
    """A database whose commits are real, for threads, processes and browsers. The triggers hold during the test."""
    yield
    triggers.remove(connection)  # emptying the tables afterwards would be refused


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """Everybody, committed."""
    return casting.enter()


@pytest.fixture
def submitted_problem(cast: Cast) -> Problem:
    return cast.submitted()
