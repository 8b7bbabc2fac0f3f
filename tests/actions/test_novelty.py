"""The first of its kind, in the product: judged once, among the incidents of one customer, waived with a reason."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from genyin.base import clock, events
from genyin.base.errors import BadInput, Conflict, NotAllowed, NotFound
from genyin.base.models import Event
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from genyin.knowledge import matching
from genyin.problems import actions as problems
from genyin.trends import actions, corrections, novelties, runs
from genyin.trends.models import Novelty, NoveltyState
from genyin.trends.runs import novelty
from tests.actions.at_once import at_once
from tests.cast import Cast

DAY = timedelta(days=1)
NEW = "Badge readers lost their clock"
KNOWN = "Core switch restarts and the ward loses network"


@pytest.fixture(autouse=True)
def nothing_indexed() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


def history(cast: Cast, *, service: str = "network", times: int = 500, judged: int = 200, title: str = KNOWN) -> None:
    """So many incidents of one kind long ago, the first of them judged."""
    first, moment = cast.arrived, clock.now() - 100 * DAY
    cast.arrived += times
    made = Incident.objects.bulk_create(
        Incident(
            source="desk", external_id=f"INC{first + n:05d}", digest=str(n), title=f"{title} {n}", state="closed",
            service=cast.services[service], occurred_at=at, opened_at=at, received_at=at,
        )
        for n, at in enumerate(moment + timedelta(minutes=n) for n in range(times))
    )  # fmt: skip
    Novelty.objects.bulk_create(
        Novelty(incident=one, kind="latin", alike=0.9, state=NoveltyState.KNOWN) for one in made[:judged]
    )


def judged(cast: Cast, title: str = NEW, **more: Any) -> Novelty:
    return novelty.judge(cast.incident(title, **more))


def test_what_is_unlike_anything_before_is_suggested_and_says_why(cast: Cast) -> None:
    history(cast)
    found = judged(cast, "Badge readers lost their network clock")
    assert (found.state, found.kind) == (NoveltyState.SUGGESTED, "latin")
    seen = novelties.of_incident(found.incident, seen_by=cast.first_line)
    assert seen is not None
    assert {"badge", "readers", "lost", "clock"} <= {*seen.unseen, "lost"}
    assert "network" not in seen.unseen
    assert seen.nearest is not None
    assert seen.nearest.title.startswith(KNOWN)
    assert 0 < seen.alike < 0.3


def test_what_is_known_is_not_suggested(cast: Cast) -> None:
    history(cast)
    assert judged(cast, KNOWN).state == NoveltyState.KNOWN
    assert not novelties.suggestions(cast.lead).exists()


def test_the_second_of_its_kind_is_not_the_first(cast: Cast) -> None:
    history(cast)
    moment = clock.now() - timedelta(hours=2)
    first, second = (judged(cast, occurred_at=moment) for _ in range(2))
    assert (first.state, second.state) == (NoveltyState.SUGGESTED, NoveltyState.KNOWN)


@pytest.mark.parametrize("short", [{"times": 499}, {"judged": 199}], ids=["few incidents", "few judged"])
def test_a_short_history_says_nothing(cast: Cast, short: dict[str, Any]) -> None:
    history(cast, **short)
    found = judged(cast)
    assert found.state == NoveltyState.TOO_LITTLE
    assert (found.alike is None) == ("times" in short)


def test_a_site_gathers_by_itself_what_it_judges_by(cast: Cast) -> None:
    history(cast, times=705, judged=0)
    young = cast.incident(NEW)
    assert novelty.catch_up() == 706
    assert [one.incident for one in novelties.suggestions(cast.lead)] == [young]


def test_another_customers_incidents_are_not_among_what_it_is_compared_with(cast: Cast) -> None:
    history(cast)
    cast.incident(NEW, service="warehouse", occurred_at=clock.now() - 3 * DAY)
    found = judged(cast)
    assert found.state == NoveltyState.SUGGESTED
    assert judged(cast, service="warehouse").state == NoveltyState.TOO_LITTLE
    seen = novelties.of_incident(found.incident, seen_by=cast.lead)
    assert seen is not None
    assert seen.nearest is None
    assert {"badge", "clock"} <= set(seen.unseen)
    assert not novelties.suggestions(cast.harbour_first_line).exists()
    with pytest.raises(NotFound):
        novelties.suggestion(found.incident.ref, seen_by=cast.harbour_first_line)


def test_an_old_incident_that_comes_late_is_history(cast: Cast) -> None:
    history(cast)
    assert judged(cast, occurred_at=clock.now() - 8 * DAY).state == NoveltyState.KNOWN


def test_a_test_ticket_is_not_judged(cast: Cast) -> None:
    history(cast, judged=500)
    cast.incident(NEW, environment="test")
    cast.incident(NEW, state="canceled")
    assert novelty.catch_up() == 0


def test_a_single_arrival_is_judged_by_the_reaction_and_judging_again_changes_nothing(cast: Cast) -> None:
    history(cast)
    now = clock.now()
    told = IncidentData(
        source="desk", external_id="N-1", title=NEW, state=State.OPEN, opened_at=now, occurred_at=now,
        service=cast.services["network"].name,
    )  # fmt: skip
    incident, _received = incidents.receive(told, by=cast.first_line)
    event = Event.objects.select_related("content").order_by("-seq")[0]
    for _again in range(2):
        novelty.received(event)
    found = Novelty.objects.get(incident=incident)
    assert found.state == NoveltyState.SUGGESTED
    actions.waive_novelty(found, reason="Known to the carrier.", by=cast.first_line)
    novelty.received(event)
    assert novelty.judge(incident).state == NoveltyState.WAIVED


def test_what_came_by_file_is_judged_at_night_and_only_what_is_young_is_suggested(cast: Cast) -> None:
    history(cast, judged=500)
    cast.incident("Lift stops between floors", occurred_at=clock.now() - 30 * DAY)
    young = cast.incident(NEW)
    runs.nightly()
    assert [one.incident for one in novelties.suggestions(cast.lead)] == [young]
    assert not Incident.objects.filter(novelty=None).exists()
    before = list(Novelty.objects.order_by("id").values())
    assert novelty.catch_up() == 0
    assert list(Novelty.objects.order_by("id").values()) == before


def test_every_suggestion_is_counted_once_by_what_became_of_it(cast: Cast) -> None:
    history(cast)
    made, waived, _waits = (judged(cast, title) for title in (NEW, "Lift stops between floors", "Pharmacy fridge warm"))
    problem = cast.submitted()
    problems.link_incident(problem, linked=[made.incident], by=cast.lead)
    actions.waive_novelty(waived, reason="A drill.", by=cast.first_line)
    assert novelties.counts(cast.lead) == novelties.Counts(suggested=3, open=1, in_problem=1, waived=1)
    assert novelties.counts(cast.harbour_first_line).suggested == 0


def test_a_waiver_needs_a_reason_and_the_right_and_is_one_event(cast: Cast) -> None:
    history(cast)
    found = judged(cast)
    with pytest.raises(BadInput):
        actions.waive_novelty(found, reason=" ", by=cast.first_line)
    with pytest.raises(NotAllowed):
        actions.waive_novelty(found, reason="A drill.", by=cast.owner)
    before = Event.objects.count()
    actions.waive_novelty(found, reason="A drill.", by=cast.first_line)
    assert Event.objects.count() == before + 1
    with pytest.raises(Conflict):
        actions.waive_novelty(found, reason="A drill.", by=cast.lead)
    (event,) = events.of(found)
    assert event.verb == "novelty.waived"


def test_it_is_not_suggested_any_more_when_an_analysis_finds_it_in_a_family_that_was_there(cast: Cast) -> None:
    history(cast)
    found = judged(cast)
    older = Incident.objects.filter(title__startswith=KNOWN)[0]
    runs.run(by=cast.lead)
    family = older.membership.family
    corrections.same(family, incident=found.incident, reason="The same clock.", by=cast.lead)
    assert not novelties.suggestions(cast.lead).exists()
    assert novelties.counts(cast.lead).suggested == 0


@pytest.mark.fault
def test_two_workers_at_once_make_one_suggestion(committed_cast: Cast) -> None:
    history(committed_cast)
    incident = committed_cast.incident(NEW)
    assert at_once(lambda: novelty.judge(incident), lambda: novelty.judge(incident)) == []
    assert Novelty.objects.filter(incident=incident).count() == 1
