"""Whoever acts through a token is told apart from who acts at a screen."""

from genyin.base import events
from genyin.base.models import Event
from genyin.problems.lifecycle import Stage
from tests.api.conftest import Callers
from tests.cast import Cast


def test_what_a_persons_token_did_names_the_token(cast: Cast, callers: Callers) -> None:
    problem = cast.at(Stage.ASSIGNED)
    assert callers("owner").post(f"problems/{problem.number}/accept", {}).status == 200
    assert Event.objects.latest("seq").actor_name == "owner [script of owner]"
    timeline = callers("lead").get(f"problems/{problem.number}/timeline").body
    assert "owner [script of owner]" in str(timeline)
    assert events.verify().first_broken is None
