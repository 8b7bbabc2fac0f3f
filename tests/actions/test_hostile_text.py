"""Text that no database takes is refused with its field, on both databases alike; nothing is half written."""

from typing import Any

import pytest

from genyin.base.errors import BadInput
from genyin.base.models import Event
from genyin.changes import actions as changes
from genyin.knowledge import actions as knowledge
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.reviews import actions as reviews
from tests.cast import Cast


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"], ids=["NUL", "half a character"])
def test_a_character_that_cannot_be_stored_is_refused(cast: Cast, text: str) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    before = Event.objects.count()
    with pytest.raises(BadInput) as refused:
        problems.set_workaround(problem, text=text, by=cast.owner)
    assert refused.value.field == "text"
    with pytest.raises(BadInput):
        problems.edit(problem, description=text, by=cast.owner)
    with pytest.raises(BadInput):
        problems.cancel(problem, outcome="void", reason=text, by=cast.lead)
    assert Event.objects.count() == before


@pytest.mark.parametrize(("field", "longest"), [("contact", 120), ("subcategory", 80), ("title", 200)])
def test_an_edited_field_keeps_its_length(cast: Cast, field: str, longest: int) -> None:
    problem = cast.at(Stage.INVESTIGATING)
    with pytest.raises(BadInput) as refused:
        problems.edit(problem, **{field: "x" * (longest + 1)}, by=cast.owner)
    assert refused.value.field == field


@pytest.mark.parametrize(("field", "longest"), [("chair", 150), ("recorder", 150), ("place", 200)])
def test_minutes_keep_their_lengths(cast: Cast, field: str, longest: int) -> None:
    problem = cast.at(Stage.VERIFYING)
    long: dict[str, Any] = {field: "x" * (longest + 1)}
    minutes = reviews.Minutes(course="Found.", conclusion="Passed.", **long)
    with pytest.raises(BadInput) as refused:
        reviews.hold_review(problem, minutes=minutes, by=cast.lead)
    assert refused.value.field == field


def test_numbers_sites_and_titles_keep_their_lengths(cast: Cast) -> None:
    problem = cast.at(Stage.CHANGING)
    with pytest.raises(BadInput):
        changes.raise_change(problem, title="Upgrade", number="x" * 61, by=cast.owner)
    changes.record_success(problem.changes.get(), by=cast.owner)
    problem.refresh_from_db()
    with pytest.raises(BadInput):
        problems.fix_in_place(problem, kind="fix", site="x" * 121, by=cast.owner)
    with pytest.raises(BadInput) as refused:
        knowledge.publish_known_error(problem, symptom="Restarts.", title="x" * 201, by=cast.owner)
    assert refused.value.field == "title"
