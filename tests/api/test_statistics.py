"""Statistics over the API: each caller's own, refused in words, honest while they are being made."""

import pytest

from genyin.base import clock
from genyin.trends.statistics import standing, store
from tests.actions.test_statistics import in_month
from tests.api.conftest import Callers
from tests.cast import MONDAY, Cast


@pytest.mark.procedure("R5")
def test_a_caller_gets_the_figures_of_the_services_they_see_and_no_others(callers: Callers, cast: Cast) -> None:
    in_month(cast, "2026-07", 2, category="radiology")
    in_month(cast, "2026-08", 3, category="radiology")
    in_month(cast, "2026-08", 4, category="zeppelin", service="warehouse")
    asked = {"by": "category", "since": "2026-08", "until": "2026-08", "months": 2}
    with clock.at(MONDAY):
        lead, ours = (callers(who).get("statistics", **asked) for who in ("lead", "first_line"))
    assert lead.status == ours.status == 200
    assert [(one["value"], one["count"]) for one in lead["shares"]] == [("zeppelin", 4), ("radiology", 3)]
    assert (ours["total"], ours["shares"][0]["change"]) == (3, 0.5)
    assert [month["count"] for month in ours["months"]] == [2, 3]
    assert "zeppelin" not in repr(ours.body)
    assert not ours["behind"]


def test_what_is_no_month_or_no_dimension_is_refused(callers: Callers) -> None:
    lead = callers("lead")
    for asked in ({"by": "colour"}, {"since": "August"}, {"until": "2026-13"}, {"most": 0}, {"months": 99}):
        assert lead.get("statistics", **asked).status == 422, asked
    assert callers("representative").get("statistics").status == 403


def test_while_the_cache_is_being_made_the_answer_says_so(
    callers: Callers, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "AT_ONCE", 0)
    monkeypatch.setattr(standing._refreshing, "start", lambda: None)
    in_month(cast, "2026-08", 1)
    answer = callers("lead").get("statistics")
    assert (answer.status, answer["code"]) == (503, "not_available")


def test_a_cache_that_may_not_be_written_is_said_with_what_to_do(callers: Callers) -> None:
    lock = store.folder() / "reading"
    lock.mkdir(parents=True)  # stands for a file of somebody else, which root may write
    answer = callers("lead").get("statistics")
    assert (answer.status, answer["code"]) == (503, "not_available")
    assert str(store.folder()) in answer["message"]
