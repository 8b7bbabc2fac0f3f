"""Keyset pages give every row once, whatever the directions."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from genyin.base import clock
from genyin.base.errors import BadInput
from genyin.incidents.models import Incident
from genyin.web.paging import page
from tests.cast import Cast


@pytest.mark.parametrize("by", [("-occurred_at", "-id"), ("occurred_at", "-id"), ("title", "id")])
def test_pages_give_every_row_once_and_in_order(cast: Cast, by: tuple[str, ...]) -> None:
    start = clock.now()
    for number in range(23):
        cast.incident(f"title {number % 4}", occurred_at=start - timedelta(hours=number // 3))
    seen: list[int] = []
    after = ""
    while True:
        shown = page(
            RequestFactory().get("/", {"after": after} if after else {}), Incident.objects.all(), by=by, size=5
        )
        seen += [row.pk for row in shown.rows]
        after = shown.next
        if not after:
            break
    assert seen == list(Incident.objects.order_by(*by).values_list("pk", flat=True))
    assert (shown.total, shown.more_than) == (23, False)


@pytest.mark.parametrize("after", ["x", "bnVsbA", "WyJhIl0", "WyJhIiwgImIiXQ", "����"])
def test_a_page_that_never_was_is_refused(db: None, after: str) -> None:
    with pytest.raises(BadInput):
        page(RequestFactory().get("/", {"after": after}), Incident.objects.all(), by=("-occurred_at", "-id"))
