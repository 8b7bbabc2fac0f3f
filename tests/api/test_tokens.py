"""Whoever acts through a token is told apart from who acts at a screen."""

from genyin.base import events
from genyin.base.models import Event
from genyin.problems.lifecycle import Stage
from tests.api.conftest import Callers
from tests.cast import Cast


def test_what_a_persons_token_did_names_the_token(cast: Cast, callers: Callers) -> None:
    problem = cast.at(Stage.ASSIGNED)
    assert callers("owner").post(f"problems/{problem.number}/accept", {}).status == 200
    told = Event.objects.latest("seq")
    assert (told.actor_name, told.actor_token) == ("owner", "script of owner")
    timeline = callers("lead").get(f"problems/{problem.number}/timeline")["items"]
    assert [row["token"] for row in timeline if row["verb"] == told.verb] == ["script of owner"]
    assert events.verify().first_broken is None
