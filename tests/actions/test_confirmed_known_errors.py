"""Known errors by coded fields: learned from what people confirmed, and only from what the asker may see."""

from collections.abc import Iterator
from typing import Any

import pytest

from genyin.base import events
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import ConfigurationItem, Incident
from genyin.knowledge import actions as knowledge
from genyin.knowledge import matching
from genyin.knowledge.matching import Similar, coded
from genyin.knowledge.models import KnownError
from genyin.problems import actions as problems
from tests.cast import MONDAY, SETUP, Cast


@pytest.fixture(autouse=True)
def nothing_learned() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


def known_error(cast: Cast, title: str = "Firmware leak", *, service: str = "network") -> KnownError:
    problem = cast.at("solving", title=title, service=service)
    return knowledge.publish_known_error(problem, symptom=f"{title}, always.", by=cast.owner)


def on(cast: Cast, title: str, item: str = "network-core-01", *, service: str = "network", **more: Any) -> Incident:
    row = ConfigurationItem.objects.get_or_create(service=cast.services[service], name=item)[0]
    return cast.incident(title, service=service, item=row, **{"urgency": "high", **more})


def link(cast: Cast, known: KnownError, *linked: Incident) -> None:
    assert known.problem is not None
    problems.link_incident(known.problem, linked=linked, by=cast.lead)


def told(hits: list[Similar]) -> list[tuple[str, str, str]]:
    """(known error, fields, share) of the hits that people confirmed."""
    return [(hit.ref, why.field, why.detail) for hit in hits for why in hit.why if why.code == "confirmed"]


def asked(cast: Cast, title: str = "zzz", **more: Any) -> list[Similar]:
    return matching.known_errors_for(on(cast, title, **more), seen_by=cast.first_line)


def test_what_was_confirmed_on_the_same_item_is_suggested_with_its_share(cast: Cast) -> None:
    known, other = known_error(cast), known_error(cast, "Fan worn out")
    link(cast, known, *(on(cast, f"aaa{n}") for n in range(3)))
    link(cast, other, on(cast, "bbb"), on(cast, "ccc", urgency="low"))
    assert told(asked(cast)) == [
        (known.ref, "item+urgency", "3/4"),
        (other.ref, "item+urgency", "1/4"),
    ]
    assert told(asked(cast, urgency="low"))[0] == (other.ref, "item+urgency", "1/1")


def test_text_and_fields_together_make_one_hit_whose_reasons_add_up(cast: Cast) -> None:
    known = known_error(cast, "Firmware leak")
    link(cast, known, on(cast, "aaa"))
    (hit,) = asked(cast, "Firmware leak again")
    assert hit.ref == known.ref
    assert {"confirmed", "term"} <= {why.code for why in hit.why}
    assert hit.score == pytest.approx(sum(why.value for why in hit.why))
    (by_text,) = matching.known_errors_for("Firmware leak again", seen_by=cast.first_line)
    assert by_text.score < hit.score


def test_a_hit_through_a_linked_incident_has_reasons_that_add_up(cast: Cast) -> None:
    known = known_error(cast)
    link(cast, known, cast.incident("Kartenleser ohne Verbindung"))
    (hit,) = matching.known_errors_for("kartenleser ohne verbindung in zimmer drei", seen_by=cast.first_line)
    assert hit.score == pytest.approx(sum(why.value for why in hit.why))


def coded_only(cast: Cast, category: str) -> Incident:
    """Without a word: its title is put together from the codes."""
    return cast.incident(category, category=category)


def test_of_a_category_what_is_more_than_usual_is_suggested_where_there_are_no_words(cast: Cast) -> None:
    known, other = known_error(cast), known_error(cast, "Fan worn out")
    link(cast, known, coded_only(cast, "Storage"))
    link(cast, other, *(coded_only(cast, "Network") for _n in range(3)))
    (asked_now, worded) = (coded_only(cast, "storage"), cast.incident("Disk is slow", category="Storage"))
    assert told(matching.known_errors_for(asked_now, seen_by=cast.first_line)) == []  # one may be a coincidence
    link(cast, known, coded_only(cast, "STORAGE"))
    assert told(matching.known_errors_for(asked_now, seen_by=cast.first_line)) == [(known.ref, "category", "2/2")]
    assert told(matching.known_errors_for(worded, seen_by=cast.first_line)) == []  # many causes have that category
    alike = cast.incident("Firmware leak on the storage", category="Storage")
    assert told(matching.known_errors_for(alike, seen_by=cast.first_line)) == [(known.ref, "category", "2/2")]


def test_a_category_that_is_as_usual_as_the_service_tells_nothing(cast: Cast) -> None:
    known = known_error(cast)
    link(cast, known, *(coded_only(cast, "Storage") for _n in range(5)))
    assert told(matching.known_errors_for(coded_only(cast, "Storage"), seen_by=cast.first_line)) == []


def test_a_known_error_with_the_number_of_the_incident_is_another_thing(cast: Cast) -> None:
    known = known_error(cast)
    incident = cast.incident("Firmware leak, always", pk=known.pk)
    assert [hit.ref for hit in matching.known_errors_for(incident, seen_by=cast.first_line)] == [known.ref]


def test_the_service_alone_suggests_nothing(cast: Cast) -> None:
    known = known_error(cast)
    link(cast, known, *(on(cast, f"aaa{n}") for n in range(5)))
    found = matching.known_errors_for("zzz", service=cast.services["network"], seen_by=cast.first_line)
    assert found == []
    assert asked(cast, item="another-item", urgency="") == []


def test_that_it_worked_counts_as_a_link_does_and_that_it_did_not_takes_it_away(cast: Cast) -> None:
    known, incident = known_error(cast), on(cast, "aaa")
    knowledge.say_result(known, incident=incident, result="worked", by=cast.first_line)
    assert told(asked(cast)) == [(known.ref, "item+urgency", "1/1")]
    link(cast, known, incident)
    assert told(asked(cast)) == [(known.ref, "item+urgency", "1/1")]  # one incident, confirmed twice
    knowledge.say_result(known, incident=incident, result="failed", by=cast.first_line)
    assert asked(cast) == []


def test_what_is_unlinked_or_retired_is_unlearned(cast: Cast) -> None:
    known, incident = known_error(cast), on(cast, "aaa")
    assert known.problem is not None
    link(cast, known, incident, on(cast, "bbb"))
    assert told(asked(cast))[0][2] == "2/2"
    known.problem.refresh_from_db()
    problems.unlink_incident(known.problem, incident=incident, reason="Another cause.", by=cast.lead)
    assert told(asked(cast))[0][2] == "1/1"
    known.problem.refresh_from_db()
    known.refresh_from_db()
    knowledge.retire_known_error(known, reason="Gone.", by=cast.owner)
    assert asked(cast) == []


def test_links_that_move_to_the_original_are_learned_there(cast: Cast) -> None:
    known = known_error(cast)
    double = cast.submitted(title="The same once more")
    problems.link_incident(double, linked=[on(cast, "aaa")], by=cast.lead)
    assert asked(cast) == []
    double.refresh_from_db()
    assert known.problem is not None
    problems.mark_duplicate(double, original=known.problem, by=cast.lead)
    assert told(asked(cast)) == [(known.ref, "item+urgency", "1/1")]


@pytest.mark.parametrize("many", [False, True])
def test_an_incident_whose_item_changed_teaches_the_new_one(cast: Cast, many: bool) -> None:
    def arrive(item: str) -> None:
        row = IncidentData(
            source="desk", external_id="A-1", title="aaa", service="network", ci=item, state=State.OPEN,
            customer="hospital customer", occurred_at=MONDAY, opened_at=MONDAY,
        )  # fmt: skip
        if many:
            incidents.receive_many([row], source="desk", by=SETUP)
        else:
            incidents.receive(row, by=SETUP)

    known = known_error(cast)
    arrive("switch-1")
    link(cast, known, Incident.objects.get(external_id="A-1"))
    assert told(asked(cast, item="switch-1"))[0][1] == "item"
    arrive("switch-2")
    assert asked(cast, item="switch-1") == []
    assert told(asked(cast, item="switch-2"))[0][1] == "item"


def test_a_share_is_counted_from_what_the_asker_may_see(cast: Cast) -> None:
    """Incidents of one service may belong to problems of another that the asker must not see."""
    known = known_error(cast)
    link(cast, known, on(cast, "aaa"))
    hidden = knowledge.publish_known_error(
        _foreign(cast), symptom="Something of the harbour.", title="Crane stands still", by=cast.lead
    )
    link(cast, hidden, *(on(cast, f"ccc{n}") for n in range(3)))
    mine = on(cast, "zzz")
    assert told(matching.known_errors_for(mine, seen_by=cast.first_line)) == [(known.ref, "item+urgency", "1/1")]
    all_of_it = told(matching.known_errors_for(mine, seen_by=cast.lead))
    assert all_of_it == [(hidden.ref, "item+urgency", "3/4"), (known.ref, "item+urgency", "1/4")]
    assert matching.known_errors_for(mine, seen_by=cast.representative) == []


def _foreign(cast: Cast) -> Any:
    problem = cast.submitted(title="Crane stands still", service="warehouse")
    problems.dispatch(problem, owner=cast.user("lead"), by=cast.deputy)
    problems.accept(problem, by=cast.lead)
    problems.form_team(problem, members=[cast.user("deputy")], by=cast.lead)
    problems.note_reproduction(problem, reproduced="yes", text="Always.", by=cast.lead)
    cause = problems.CauseFound("software_defect", "Wrong firmware.", "Vendor notice.")
    problems.find_cause(problem, causes=[cause], by=cast.lead)
    return problem


def test_every_node_learns_the_same_whatever_it_saw_on_the_way(cast: Cast) -> None:
    known, other = known_error(cast), known_error(cast, "Fan worn out")
    for n in range(12):
        link(cast, (known, other)[n % 2], on(cast, f"aaa{n}", urgency=("low", "high")[n % 3 == 0]))
        known.problem.refresh_from_db()  # type: ignore[union-attr]
        other.problem.refresh_from_db()  # type: ignore[union-attr]
        asked(cast)
    incident = on(cast, "zzz")
    step_by_step = matching.known_errors_for(incident, seen_by=cast.first_line)
    matching.forget()
    assert matching.known_errors_for(incident, seen_by=cast.first_line) == step_by_step


def test_nothing_is_read_again_while_nothing_was_confirmed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    known = known_error(cast)
    link(cast, known, on(cast, "aaa"))
    asked(cast)
    assert known.problem is not None
    monkeypatch.setattr(coded, "_confirmed", lambda: pytest.fail("read again"))
    problems.comment(known.problem, text="A remark.", by=cast.lead)
    incidents.receive(
        IncidentData(source="desk", external_id="B-1", title="bbb", service="network", state=State.OPEN,
                     customer="hospital customer", occurred_at=MONDAY, opened_at=MONDAY), by=SETUP
    )  # fmt: skip
    assert told(asked(cast))


def test_an_import_of_new_incidents_alone_reads_nothing_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    link(cast, known_error(cast), on(cast, "aaa"))
    asked(cast)
    monkeypatch.setattr(coded, "_learn", lambda: pytest.fail("learned again"))
    incidents.receive_many(
        [IncidentData(source="desk", external_id="A-2", title="bbb", service="network", state=State.OPEN,
                      occurred_at=MONDAY, opened_at=MONDAY)], source="desk", by=SETUP,
    )  # fmt: skip
    assert asked(cast)


def test_another_database_is_learned_anew(cast: Cast) -> None:
    known = known_error(cast)
    link(cast, known, on(cast, "aaa"))
    assert asked(cast)
    seq, _hash = events.head()
    coded._learned.mark = (seq, "0" * 64)
    known.problem.links.all().delete()  # type: ignore[union-attr]
    assert asked(cast) == []
