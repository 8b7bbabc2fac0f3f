"""Action items of past reviews: most were done by their day, some a little late."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from genyin.demo.scene import Scene
from genyin.demo.stories import moment, stories
from genyin.demo.text import Text
from genyin.reviews import actions as reviews
from genyin.reviews.models import FollowUp

DONE = Text("已完成，结果已更新到台账。", "Done, the documentation is updated.")
#: Every so many is done a few days after its day.
LATE_EVERY = 5


def due(today: date) -> Iterator[tuple[str, Text, datetime]]:
    """Problem, content and moment of every action item that was due before today."""
    number = 0
    for story in stories():
        for step in story.steps:
            for row in step.said.get("follow_ups", ()):  # type: ignore[attr-defined]
                if not row["due"].startswith("+"):
                    number += 1
                    late = timedelta(days=4 if number % LATE_EVERY == 0 else 0)
                    yield story.key, row["text"], moment(f"{row['due']} 16:00", today) + late


def finish(scene: Scene, story_key: str, content: Text) -> None:
    """Its owner says that it is done."""
    said = content.said_in(scene.language)
    action = FollowUp.objects.select_related("owner", "review__problem").get(
        review__problem=scene.problems[story_key], content=said
    )
    by = scene.actors[action.owner.username] if action.owner else scene.actors["lead"]
    reviews.finish_follow_up(action, result=DONE.said_in(scene.language), by=by)
