"""Action items of a review through the API."""

from datetime import date

from genyin.problems.lifecycle import Stage
from genyin.reviews import actions as reviews
from tests.api.conftest import Callers
from tests.cast import Cast


def test_a_follow_up_is_handed_over(cast: Cast, callers: Callers) -> None:
    problem = cast.at(Stage.VERIFYING)
    item = reviews.Action("Check the other switches", cast.user("analyst"), date(2199, 12, 1))
    minutes = reviews.Minutes(course="Found.", conclusion="Works.")
    review = reviews.hold_review(problem, minutes=minutes, follow_ups=[item], by=cast.lead)
    address = f"follow-ups/{review.follow_ups.get().pk}"
    assert callers("analyst").post(f"{address}/hand-over", {"to": "nobody"}).status == 422
    assert callers("analyst").post(f"{address}/hand-over", {"to": "owner"})["owner"]["login"] == "owner"
    assert callers("analyst").post(f"{address}/hand-over", {"to": "analyst"}).status == 403
