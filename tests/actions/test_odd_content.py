"""Whatever the event log accepts verifies again, on both databases, however odd it is."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from genyin.base import events
from genyin.base.errors import BadInput
from genyin.base.models import Event
from tests.cast import SETUP, Cast

SLOW_OR_SHARED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

# Every character, NUL and halves of characters too, and both ways to write an é.
TEXT = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from(
    ["é", "e\u0301", "\u2028", "\ufffe"]
)
ODD = [-0.0, 1.0, 1e16, 1e22, 1e-7, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, 2**53 + 1, 10**399]
SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(ODD) | TEXT | st.decimals()
    | st.datetimes(timezones=st.just(UTC)) | st.dates()
)  # fmt: skip
CONTENT = st.dictionaries(
    TEXT, st.recursive(SCALAR, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=8)
)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW_OR_SHARED)
@given(before=CONTENT, after=CONTENT, note=TEXT)
@example(before={"n": -0.0}, after={"n": [1.0, 1e22, 1e-7, 1e16]}, note="")
@example(
    before={"m": Decimal("1E+22"), "d": date(2026, 9, 7)}, after={"at": datetime(2026, 9, 7, tzinfo=UTC)}, note="é"
)
@example(before={"long": 0.1 + 0.2, "longer": 2**200}, after={"e\u0301": "é"}, note="e\u0301")
def test_what_is_accepted_verifies_again(db: None, before: dict[str, Any], after: dict[str, Any], note: str) -> None:
    with transaction.atomic():
        told = Event.objects.count()
        try:
            events.record("test.odd", None, by=SETUP, before=before, after=after, note=note)
        except BadInput:
            assert Event.objects.count() == told
        else:
            assert events.verify().first_broken is None
        transaction.set_rollback(True)


REFUSED = [math.nan, math.inf, -math.inf, 10**400, -(10**5000), "a\x00b", "\ud800", "\ud83d\ude00"]


@pytest.mark.parametrize("value", REFUSED, ids=range(len(REFUSED)))
@pytest.mark.parametrize("place", ["value", "within", "key", "note"])
def test_what_neither_database_could_give_back_is_refused_in_words(cast: Cast, value: Any, place: str) -> None:
    if place in ("key", "note") and not isinstance(value, str):
        return
    content = {"value": {"said": value}, "within": {"said": [{"x": value}]}, "key": {value: 1}, "note": {}}[place]
    told = events.head()
    with pytest.raises(BadInput), transaction.atomic():
        events.record("test.odd", None, by=SETUP, after=content, note=value if place == "note" else "")
    assert events.head() == told
