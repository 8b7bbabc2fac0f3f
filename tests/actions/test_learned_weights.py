"""The weights of matching follow what people linked, on every node the same, and only where that finds more."""

from collections.abc import Iterator

import pytest
from django_q.models import Schedule

from genyin.base import events
from genyin.base.actor import job
from genyin.base.errors import NotAllowed
from genyin.base.models import Event
from genyin.incidents.models import ConfigurationItem, Incident
from genyin.knowledge import matching
from genyin.knowledge.matching import cache, learning, records
from genyin.knowledge.models import LearnedWeights
from genyin.problems import actions as problems
from genyin.sift.weights import Weights
from genyin.wiring import schedule
from tests.cast import Cast

JOB = job("matching")


@pytest.fixture(autouse=True)
def nothing_indexed() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


def told_by_item(cast: Cast, *, items: int = 12, each: int = 6) -> None:
    """Problems of a site where words mislead: each incident reads like those of others, the item alone tells."""
    rows = [ConfigurationItem.objects.create(service=cast.services["network"], name=f"sw-{n}") for n in range(items)]
    found: list[list[Incident]] = [[] for _ in rows]
    for turn in range(each):
        for number, item in enumerate(rows):
            word = chr(ord("a") + (number + turn) % items) * 6
            found[number].append(cast.incident(f"{word} {word}{word}", item=item))
    for incidents in found:
        problems.link_incident(cast.submitted(title="Link is down"), linked=incidents, by=cast.lead)


def scores(asked: Incident, cast: Cast) -> dict[int, float]:
    found = matching.similar_incidents(asked, seen_by=cast.lead, k=9)
    assert all(hit.score == pytest.approx(sum(why.value for why in hit.why)) for hit in found)
    return {hit.pk: hit.score for hit in found}


def test_what_tells_a_sites_problems_apart_gains_weight_and_an_event_says_so(cast: Cast) -> None:
    told_by_item(cast)
    learned = learning.learn_weights(by=JOB)
    assert learned is not None
    assert learned.links == 60
    assert learned.rank_before < learned.rank_after
    assert learned.values["shared:item"] > Weights().of("shared:item")
    event = Event.objects.select_related("content").get(verb="matching.weights_learned")
    assert event.actor_name == "matching"
    assert event.content.after["links"] == 60
    assert event.content.after["shared:item"] == learned.values["shared:item"]
    assert events.verify().first_broken is None


def test_matching_uses_them_from_the_next_question_on(cast: Cast) -> None:
    item = ConfigurationItem.objects.get(name="network-core-01")
    asked, same_item = cast.incident("Link is down", item=item), cast.incident("Link is down again", item=item)
    cast.incident("Link is down")
    shipped = scores(asked, cast)
    values = {**Weights().values, "shared:item": 9.0}
    LearnedWeights.objects.create(values=values, links=1, rank_before=0, rank_after=0, learned_at=asked.occurred_at)
    found = scores(asked, cast)
    assert found[same_item.pk] > shipped[same_item.pk] + 3
    matching.forget()  # another node
    assert scores(asked, cast) == pytest.approx(found, abs=1e-5)  # a little older by now
    earlier = matching.earlier(records.from_incident(same_item), services=[asked.service_id], k=9)
    assert {match.ref: match.score for match in earlier}[asked.pk] > shipped[same_item.pk] + 3


def test_too_few_links_change_nothing(cast: Cast) -> None:
    told_by_item(cast, items=6, each=6)
    assert learning.learn_weights(by=JOB) is None
    assert not LearnedWeights.objects.exists()
    assert not Event.objects.filter(verb="matching.weights_learned").exists()


def test_weights_that_find_no_more_are_not_taken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "ENOUGH", 12)
    for n in range(8):  # each problem has words of its own: the shipped weights are right every time
        word = chr(ord("a") + n) * 7
        mine = [cast.incident(f"{word} {word}{word}") for _n in range(3)]
        problems.link_incident(cast.submitted(title=word), linked=mine, by=cast.lead)
    assert learning.learn_weights(by=JOB) is None


def test_what_was_linked_to_no_problem_teaches_nothing(cast: Cast) -> None:
    told_by_item(cast)
    for problem in cast.services["network"].problems.all():
        problems.cancel(problem, outcome="not_a_problem", reason="A test of the alarm.", by=cast.lead)
    assert learning.learn_weights(by=JOB) is None


def test_only_the_lead_and_the_timetable_may_have_them_learned(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        learning.learn_weights(by=cast.first_line)
    schedule()
    assert Schedule.objects.get(name="matching weights").func == "genyin.knowledge.matching.learning.monthly"
    learning.monthly()
    assert cache.fresh().incidents.index.weights == Weights()
