"""Similar incidents, known errors that may help, problems that may be the same; never from another customer."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from genyin.base import clock
from genyin.base.aside import Aside
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import Incident
from genyin.knowledge import actions as knowledge
from genyin.knowledge import matching
from genyin.knowledge.matching import cache
from genyin.knowledge.models import KnownError
from genyin.sift.index import Index
from genyin.sift.records import Match, Record
from tests.cast import MONDAY, SETUP, Cast


@pytest.fixture(autouse=True)
def nothing_indexed() -> Iterator[None]:
    matching.forget()
    yield
    matching.forget()


def published(cast: Cast) -> KnownError:
    problem = cast.at("solving")
    return knowledge.publish_known_error(
        problem, title="Firmware leak on core switches", symptom="The core switch restarts by itself at night.",
        workaround="Restart it in the maintenance window.", by=cast.owner,
    )  # fmt: skip


def test_the_most_similar_incident_comes_first_and_says_why(cast: Cast) -> None:
    cast.incident("Printer prints empty pages")
    alike = cast.incident("Core switch restarted at night in ward two")
    found = matching.similar_incidents("switch restarts every night", seen_by=cast.first_line)
    assert [hit.ref for hit in found] == [alike.ref]
    words = {why.detail for why in found[0].why if why.code == "term"}
    assert {"switch", "night"} <= words
    assert found[0].score == pytest.approx(sum(why.value for why in found[0].why), abs=1e-9)


def test_chinese_and_english_in_one_text_are_matched(cast: Cast) -> None:
    cast.incident("打印机卡纸")
    alike = cast.incident("HIS 登录超时,门诊无法挂号")
    (hit, *_rest) = matching.similar_incidents("门诊 HIS 登录很慢,经常超时", seen_by=cast.first_line)
    assert hit.ref == alike.ref


def test_an_incident_is_not_similar_to_itself(cast: Cast) -> None:
    one, other = cast.incident("Core switch restarts"), cast.incident("Core switch restarts again")
    assert [hit.pk for hit in matching.similar_incidents(one, seen_by=cast.lead)] == [other.pk]


def test_another_customers_incidents_are_neither_hits_nor_push_others_off_the_list(cast: Cast) -> None:
    mine = cast.incident("Gateway is slow in radiology")
    for n in range(20):
        cast.incident(f"Gateway timeout at crane {n}", service="warehouse")
    found = matching.similar_incidents("Gateway timeout", seen_by=cast.first_line, k=5)
    assert [hit.ref for hit in found] == [mine.ref]
    assert "crane" not in repr(found)
    assert len(matching.similar_incidents("Gateway timeout", seen_by=cast.lead, k=5)) == 5


def test_what_arrives_later_is_found_without_starting_anew(cast: Cast) -> None:
    cast.incident("Printer prints empty pages")
    assert matching.similar_incidents("core switch", seen_by=cast.lead) == []
    arrived = cast.incident("Core switch restarts")
    assert [hit.ref for hit in matching.similar_incidents("core switch", seen_by=cast.lead)] == [arrived.ref]


def told(title: str, number: str = "A-1") -> IncidentData:
    return IncidentData(source="desk", external_id=number, title=title, service="network", state=State.OPEN,
                        occurred_at=MONDAY, opened_at=MONDAY)  # fmt: skip


@pytest.mark.parametrize("many", [False, True])
def test_an_incident_that_changed_is_found_by_its_new_words_only(cast: Cast, many: bool) -> None:
    def arrive(title: str) -> None:
        if many:
            incidents.receive_many([told(title)], source="desk", by=SETUP)
        else:
            incidents.receive(told(title), by=SETUP)

    arrive("Core switch restarts")
    assert len(matching.similar_incidents("core switch", seen_by=cast.lead)) == 1
    arrive("Telephone exchange silent")
    assert matching.similar_incidents("core switch", seen_by=cast.lead) == []
    assert len(matching.similar_incidents("telephone exchange", seen_by=cast.lead)) == 1


def test_a_database_that_is_another_one_is_read_anew(cast: Cast) -> None:
    """After a restore the same numbers may mean other incidents."""
    cast.incident("Core switch restarts")
    assert matching.similar_incidents("core switch", seen_by=cast.lead)
    Incident.objects.update(title="Telephone exchange silent", digest="restored")
    shelves = cache.fresh()
    assert shelves.mark is not None
    shelves.mark = replace(shelves.mark, hash="0" * 64)
    assert matching.similar_incidents("core switch", seen_by=cast.lead) == []


def test_a_known_error_is_found_by_its_symptom(cast: Cast) -> None:
    known = published(cast)
    (hit,) = matching.known_errors_for("core switch restarts during the night", seen_by=cast.first_line)
    assert (hit.ref, hit.kind, hit.state) == (known.number, "known_error", "active")
    assert any(why.code == "term" and why.detail == "switch" for why in hit.why)


def test_a_known_error_is_found_through_an_incident_of_its_problem(cast: Cast) -> None:
    known = published(cast)
    assert known.problem is not None
    linked = cast.incident("Kartenleser ohne Verbindung")
    known.problem.links.create(incident=linked, linked_at=clock.now(), linked_by="lead")
    (hit,) = matching.known_errors_for("kartenleser ohne verbindung in zimmer drei", seen_by=cast.first_line)
    assert hit.ref == known.number
    assert (hit.why[0].code, hit.why[0].detail) == ("linked_incident", linked.ref)


def test_a_retired_known_error_is_offered_no_more(cast: Cast) -> None:
    known = published(cast)
    assert matching.known_errors_for("core switch restarts", seen_by=cast.lead)
    knowledge.retire_known_error(known, reason="Replaced by a new model.", by=cast.owner)
    assert matching.known_errors_for("core switch restarts", seen_by=cast.lead) == []


def test_known_errors_are_internal_and_stay_with_their_customer(cast: Cast) -> None:
    published(cast)
    for actor in (cast.representative, cast.harbour_first_line, cast.city_first_line):
        assert matching.known_errors_for("core switch restarts", seen_by=actor) == []


def test_a_problem_that_may_be_the_same_is_shown_while_registering(cast: Cast) -> None:
    problem = cast.submitted(title="Core switch restarts")
    cast.submitted(title="Portal certificate expires", service="portal")  # its description tells of a switch too
    found = matching.similar_problems("the core switch restarted", service=cast.services["network"], seen_by=cast.lead)
    assert found[0].ref == problem.number
    assert any(why.code == "same_service" for why in found[0].why)
    assert matching.similar_problems("core switch", seen_by=cast.harbour_first_line) == []
    besides = matching.similar_problems("core switch restarts", seen_by=cast.lead, besides=problem)
    assert problem.number not in [hit.ref for hit in besides]


def test_nothing_asked_is_nothing_found(cast: Cast) -> None:
    cast.incident("Core switch restarts")
    for text in ("", "   ", "\n\n", "!?"):
        assert matching.similar_incidents(text, seen_by=cast.lead) == []


def test_matching_is_ready_at_once_where_there_is_little(cast: Cast) -> None:
    cast.incident("Core switch restarts")
    assert matching.ready()


def test_a_long_way_behind_is_said_instead_of_waited_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[bool] = []
    monkeypatch.setattr(cache, "AT_ONCE", 2)
    monkeypatch.setattr(cache._preparing, "start", lambda: prepared.append(True))
    for _n in range(3):
        cast.incident("Core switch restarts")
    assert not matching.ready()
    assert prepared
    cache.fresh()
    assert matching.ready()


def test_while_everything_is_read_each_who_asks_is_told_at_once(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, end = threading.Event(), threading.Event()

    def read_everything() -> None:
        with cache._lock:
            begun.set()
            end.wait(60)

    preparing = Aside("matching", read_everything)
    monkeypatch.setattr(cache, "AT_ONCE", 0)
    monkeypatch.setattr(cache, "_preparing", preparing)
    committed_cast.incident("Core switch restarts")
    assert not matching.ready()
    assert begun.wait(60)
    monkeypatch.setattr(cache, "PATIENCE", 600)
    assert [matching.ready() for _n in range(3)] == [False, False, False]
    assert preparing.is_on  # nobody waited for its end
    end.set()
    preparing.join(60)


def test_nobody_waits_long_for_another_one_who_reads(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "PATIENCE", 0.01)
    with ThreadPoolExecutor(1) as beside, cache._lock:
        assert beside.submit(matching.ready).result(60) is False


class SlowlyMade(threading.Thread):
    """So that two who look at once both see none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        time.sleep(0.05)
        super().__init__(*args, **kwargs)


def test_two_who_begin_at_once_begin_one_work(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    end = threading.Event()

    def work() -> None:
        done.append("begun")
        end.wait(60)

    aside = Aside("test", work)
    monkeypatch.setattr(threading, "Thread", SlowlyMade)
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda _n: aside.start(), range(4)))
    end.set()
    aside.join(60)
    assert done == ["begun"]


def test_why_preparing_failed_is_in_the_log_and_it_is_begun_anew(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[bool] = []

    def fails() -> None:
        tried.append(True)
        raise ValueError("no such column")

    aside = Aside("matching", fails)
    for _n in range(2):
        aside.start()
        aside.join(60)
    assert len(tried) == 2
    assert aside.failed
    assert "no such column" in caplog.text


def test_coded_incidents_are_alike_by_their_codes(cast: Cast) -> None:
    codes = {"category": "Category 26", "subcategory": "Subcategory 174", "symptom": "Symptom 491"}
    one = cast.incident("Category 26 / Subcategory 174 / Symptom 491", **codes)
    twin = cast.incident("Category 26 / Subcategory 174 / Symptom 491", **codes)
    cast.incident("Category 9 / Subcategory 1", category="Category 9", subcategory="Subcategory 1")
    found = matching.similar_incidents(one, seen_by=cast.lead)
    assert [hit.pk for hit in found] == [twin.pk]
    assert {why.field for why in found[0].why if why.code == "same_code"} == set(codes)


def test_of_an_endless_first_line_the_start_alone_is_the_title(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as an incident's may be: the rest is compared as body."""
    asked = records_asked_for(monkeypatch)
    line = "核心交换机重启" * 200
    matching.similar_incidents(f"{line}\nevery night", seen_by=cast.lead)
    assert [(record.title, record.body) for record in asked] == [(line[:500], f"{line[500:]}\nevery night")]


def test_a_title_of_usual_length_stays_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = records_asked_for(monkeypatch)
    matching.similar_incidents("Core switch restarts\nevery night", seen_by=cast.lead)
    assert [(record.title, record.body) for record in asked] == [("Core switch restarts", "every night")]


def records_asked_for(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    asked = list[Record]()

    def match(_index: Index, record: Record, **_options: object) -> list[Match]:
        asked.append(record)
        return []

    monkeypatch.setattr(Index, "match", match)
    return asked
