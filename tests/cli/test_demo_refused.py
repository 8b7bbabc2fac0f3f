"""Apart from the demo's own tests: they keep one loaded, in which no other database in use can be."""

from datetime import date

import pytest

from genyin.base.actor import job
from genyin.base.errors import BadInput
from genyin.base.models import Event
from genyin.demo.load import load
from tests.cast import Cast


@pytest.mark.once
def test_a_database_in_use_is_refused(cast: Cast) -> None:
    before = Event.objects.count()
    with pytest.raises(BadInput):
        load(today=date(2026, 11, 23), by=job("demo"))
    assert Event.objects.count() == before
