"""Statistics agree with the database to the last incident, for every reader, whatever became of the incidents."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q

from genyin.base import clock
from genyin.base.actor import Actor, job
from genyin.base.errors import BadInput
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData, State
from genyin.incidents.models import ConfigurationItem, Incident
from genyin.incidents.queries import visible_to
from genyin.procedure.models import Site
from genyin.trends.statistics import standing, store
from genyin.trends.statistics.figures import Statistics, behind_figure, statistics
from genyin.trends.statistics.partitions import refresh
from genyin.trends.statistics.scope import DIMENSIONS, Scope
from tests.cast import MONDAY, Cast

ZONE = "Asia/Shanghai"
DESK = job("desk")
HOSTILE = (
    "network", "", "'; DROP TABLE wanted; --", 'say "no"', "two\nlines", "网络, 中断", "$category", "{by}", "a\\b\t%",
)  # fmt: skip


def figures(actor: Actor, **asked: Any) -> Statistics:
    with clock.at(MONDAY):
        told = statistics(actor, **asked)
    assert told is not None
    return told


def in_month(cast: Cast, month: str, times: int, **more: Any) -> list[Incident]:
    start, _end = clock.month_window(month, ZONE)
    moments = [start + n * timedelta(hours=6) for n in range(times)]
    return [cast.incident(occurred_at=at, opened_at=at, **more) for at in moments]


def arrival(number: str, at: datetime, **more: Any) -> IncidentData:
    told = {"service": "network", "state": State.CLOSED, "title": "Switch", **more}
    return IncidentData(source="desk", external_id=number, occurred_at=at, opened_at=at, **told)


def scattered(cast: Cast, count: int) -> None:
    """Incidents of every service, month, state and environment, with texts that mean something elsewhere."""
    chance, services = random.Random(7), sorted(cast.services)
    items = {
        name: [ConfigurationItem.objects.create(service=cast.services[name], name=text or "ci") for text in HOSTILE[:4]]
        for name in services
    }
    for _ in range(count):
        at = datetime(2025, 5, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(16 * 30 * 24 * 60))
        service = chance.choice(services)
        cast.incident(
            service=service, occurred_at=at, opened_at=at, category=chance.choice(HOSTILE), team=chance.choice(HOSTILE),
            source=chance.choice(("desk", "'monitor'")), state=chance.choice(("open", "closed", "canceled")),
            environment=chance.choice(("production", "production", "test")),
            item=chance.choice([None, *items[service]]),
        )  # fmt: skip


def by_hand(actor: Actor, column: str, since: str, until: str, **more: Any) -> list[tuple[str, int]]:
    """The same, counted row by row from the database; the largest first, equal ones by their value."""
    window = clock.month_window(since, ZONE)[0], clock.month_window(until, ZONE)[1]
    rows = visible_to(actor).filter(environment="production", occurred_at__gte=window[0], occurred_at__lt=window[1])
    values = rows.filter(~Q(state="canceled"), **more).values_list(column, flat=True)
    return sorted(Counter(value or "" for value in values).items(), key=lambda one: (-one[1], one[0].encode()))


@pytest.mark.parametrize("reader", ["lead", "first_line", "harbour_first_line", "city_first_line", "representative"])
def test_every_figure_is_what_a_count_in_the_database_gives_for_each_reader(cast: Cast, reader: str) -> None:
    scattered(cast, 150)
    actor = getattr(cast, reader)
    for since, until in (("2026-03", "2026-03"), ("2025-06", "2026-08")):
        for by, column in DIMENSIONS.items():
            told = figures(actor, by=by, since=since, until=until)
            expected = by_hand(actor, column, since, until)
            assert [(one.value, one.count) for one in told.shares] == expected
            assert told.total == sum(n for _value, n in expected)
            assert told.values == len(expected)
            for one in told.shares:
                opened = behind_figure(actor, since=since, until=until, by=by, value=one.value)
                assert opened.count() == one.count
    for month in figures(actor, until="2026-08").months:
        assert month.count == sum(n for _value, n in by_hand(actor, "source", month.month, month.month))


@pytest.mark.parametrize(
    ("scope", "same"),
    [
        (Scope(service="network"), {"service__name": "network"}),
        (Scope(category=HOSTILE[2]), {"category": HOSTILE[2]}),
        (Scope(source="'monitor'", team="two\nlines"), {"source": "'monitor'", "team": "two\nlines"}),
        (Scope(customer="harbour customer"), {"service__customer__name": "harbour customer"}),
        (Scope(state="open"), {"state": "open"}),
    ],
)
def test_a_scope_narrows_every_figure(cast: Cast, scope: Scope, same: dict[str, str]) -> None:
    scattered(cast, 80)
    told = figures(cast.lead, by="category", since="2025-06", until="2026-08", scope=scope)
    assert [(s.value, s.count) for s in told.shares] == by_hand(cast.lead, "category", "2025-06", "2026-08", **same)
    opened = behind_figure(cast.lead, since="2025-06", until="2026-08", scope=scope)
    assert opened.count() == told.total


def test_cancelled_and_test_incidents_count_only_when_asked_for(cast: Cast) -> None:
    in_month(cast, "2026-08", 3, state="canceled")
    in_month(cast, "2026-08", 2, environment="test")
    assert figures(cast.lead).total == 0
    assert figures(cast.lead, until="2026-08", scope=Scope(state="canceled")).total == 3
    assert figures(cast.lead, until="2026-08", scope=Scope(environment="test")).total == 2


def test_nothing_and_one_incident_are_figures_too(cast: Cast) -> None:
    empty = figures(cast.lead)
    assert (empty.total, empty.values, empty.shares, empty.until) == (0, 0, (), "2026-09")
    assert [month.count for month in empty.months] == [0] * 12
    in_month(cast, "2026-08", 1)
    (one,) = figures(cast.lead, by="category").shares
    assert (one.value, one.count, one.share, one.cumulative, one.vital) == ("", 1, 1.0, 1.0, True)


def test_the_value_that_crosses_eighty_percent_is_one_of_the_few(cast: Cast) -> None:
    for category, times in (("a", 14), ("b", 4), ("c", 1), ("d", 1)):
        in_month(cast, "2026-08", times, category=category)
    told = figures(cast.lead, by="category", most=2)
    assert [(one.value, one.vital) for one in told.shares] == [("a", True), ("b", True)]
    assert (told.total, told.values, told.vital) == (20, 4, 2)
    assert told.shares[1].cumulative == pytest.approx(0.9)


def test_months_and_values_say_how_they_changed_and_nothing_where_there_is_no_yardstick(cast: Cast) -> None:
    for month, times in (("2025-07", 1), ("2025-08", 5), ("2026-06", 4), ("2026-07", 6), ("2026-08", 3)):
        in_month(cast, month, times)
    told = figures(cast.lead, by="category", until="2026-08", last=4)
    assert [one.count for one in told.months] == [0, 4, 6, 3]
    assert [one.change for one in told.months] == [None, None, pytest.approx(0.5), pytest.approx(-0.5)]
    assert told.months[-1].year_change == pytest.approx(-0.4)
    (one,) = told.shares
    assert [one.change, one.year_change] == pytest.approx([-0.5, -0.4])
    (two,) = figures(cast.lead, by="category", since="2026-07", until="2026-08").shares
    assert [two.count, two.change, two.year_change] == pytest.approx([9, 1.25, 0.5])


def test_a_month_that_the_data_cover_in_part_is_no_yardstick(cast: Cast) -> None:
    start, _end = clock.month_window("2026-06", ZONE)
    cast.incident(occurred_at=start + timedelta(days=26), opened_at=start)
    in_month(cast, "2026-07", 6)
    in_month(cast, "2026-08", 3)
    told = figures(cast.lead, until="2026-08", last=3)
    assert [one.change for one in told.months] == [None, None, pytest.approx(-0.5)]
    assert figures(cast.lead, until="2026-07").shares[0].change is None


def test_a_month_begins_in_the_sites_zone_and_is_cut_anew_when_that_moves(cast: Cast) -> None:
    start, _end = clock.month_window("2026-08", ZONE)
    assert start.month == 7
    cast.incident(occurred_at=start, opened_at=start)
    assert [one.count for one in figures(cast.lead, until="2026-08", last=2).months] == [0, 1]
    Site.objects.update_or_create(id=1, defaults={"zone": "UTC"})
    assert [one.count for one in figures(cast.lead, until="2026-08", last=2).months] == [1, 0]


def test_the_running_month_is_marked(cast: Cast) -> None:
    assert [one.running for one in figures(cast.lead, until="2026-09", last=2).months] == [False, True]


@pytest.mark.parametrize("month", ["August", "2026-13", "2026", "0001-01", "9999-12", "2026-08'"])
def test_a_month_that_is_none_is_refused_in_words(cast: Cast, month: str) -> None:
    for asked in ({"until": month}, {"since": month}):
        with pytest.raises(BadInput):
            figures(cast.lead, **asked)


def test_a_period_without_an_end_ends_with_the_newest_incident_also_where_that_is_long_ago(cast: Cast) -> None:
    in_month(cast, "2004-02", 2)
    told = figures(cast.lead, since="2004-01")
    assert (told.since, told.until, told.total) == ("2004-01", "2004-02", 2)


def test_what_cannot_be_asked_is_refused_in_words(cast: Cast) -> None:
    for asked in ({"by": "colour"}, {"last": 0}, {"since": "2026-08", "until": "2026-07"}, {"since": "1999-01"}):
        with pytest.raises(BadInput):
            figures(cast.lead, **asked)
    with pytest.raises(BadInput, match="nobody's"):  # zeros would look like an answer
        figures(cast.lead, scope=Scope(service="nobody's"))


def test_an_incident_that_moves_changes_or_goes_is_counted_where_it_is_now(cast: Cast) -> None:
    july, august = (clock.month_window(month, ZONE)[0] for month in ("2026-07", "2026-08"))
    at_first = [arrival("1", july), arrival("2", july, category="a"), arrival("3", august, category="a")]
    incidents.receive_many(at_first, source="desk", by=DESK)
    assert counts(cast) == {"2026-07": {"": 1, "a": 1}, "2026-08": {"a": 1}}
    incidents.receive_many([arrival("1", august), arrival("2", july, category="b")], source="desk", by=DESK)
    assert counts(cast) == {"2026-07": {"b": 1}, "2026-08": {"": 1, "a": 1}}
    incidents.receive(arrival("3", august, category="c"), by=DESK)
    assert counts(cast) == {"2026-07": {"b": 1}, "2026-08": {"": 1, "c": 1}}
    Incident.objects.get(external_id="1").delete()
    refresh()  # nothing tells of a row deleted by hand: the nightly job finds it
    assert counts(cast) == {"2026-07": {"b": 1}, "2026-08": {"c": 1}}


def counts(cast: Cast) -> dict[str, dict[str, int]]:
    told = {month: figures(cast.lead, by="category", until=month) for month in ("2026-07", "2026-08")}
    return {month: {one.value: one.count for one in seen.shares} for month, seen in told.items()}


def test_only_months_in_which_something_changed_are_written_anew(cast: Cast) -> None:
    months = {name: clock.month_window(name, ZONE)[0] for name in ("2026-06", "2026-07", "2026-08")}
    at_first = [arrival(name, at) for name, at in months.items()]
    incidents.receive_many(at_first, source="desk", by=DESK)
    before = files()
    assert files() == before  # nothing happened: nothing is written
    incidents.receive_many([arrival("2026-07", months["2026-07"], category="x")], source="desk", by=DESK)
    in_month(cast, "2026-08", 1)
    after = files()
    assert [month for month in months if before[month] != after[month]] == ["2026-07", "2026-08"]


def files() -> dict[str, str]:
    found = refresh()
    assert found is not None
    return {part.month: part.file for part in found.parts}


def test_what_a_killed_writer_left_is_swept_and_a_file_cut_off_is_written_anew(cast: Cast) -> None:
    in_month(cast, "2026-08", 2)
    before = files()["2026-08"]
    orphan = store.new_file("2026-08")
    orphan.write_bytes(b"PAR1 and then the power went")
    (store.folder() / before).write_bytes(b"PAR1")
    assert figures(cast.lead).total == 2
    assert not orphan.exists()
    assert files()["2026-08"] != before
    (store.folder() / "manifest.json").write_text('{"format": 1, "parts"')
    assert figures(cast.lead).total == 2


def test_of_two_writers_the_second_leaves_it_to_the_first_and_a_readers_files_stay(cast: Cast) -> None:
    in_month(cast, "2026-08", 2)
    before = files()["2026-08"]
    with store.writing(wait=True) as alone:
        assert alone
        assert refresh(wait=False) is None
    with store.reading() as manifest:
        in_month(cast, "2026-08", 1, category="x")
        assert files()["2026-08"] != before
        assert manifest is not None
        assert all((store.folder() / part.file).exists() for part in manifest.parts)
    refresh()
    assert not (store.folder() / before).exists()


def test_a_log_that_no_longer_holds_the_event_we_knew_means_that_all_is_read_again(cast: Cast) -> None:
    in_month(cast, "2026-08", 2)
    found = refresh()
    assert found is not None
    store.save(store.Manifest("Asia/Shanghai", found.seq + 9, "f" * 64, found.last, found.at, found.parts))
    assert files()["2026-08"] != found.parts[0].file


def test_where_much_is_to_be_read_nobody_waits_and_older_figures_say_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(standing, "AT_ONCE", 2)
    monkeypatch.setattr(standing._refreshing, "start", lambda: asked.append(True))
    in_month(cast, "2026-08", 3)
    with clock.at(MONDAY):
        assert statistics(cast.lead) is None
        refresh()
        told = statistics(cast.lead)
    in_month(cast, "2026-08", 1)
    with clock.at(MONDAY + timedelta(hours=1)):
        later = statistics(cast.lead)
    assert told is not None
    assert later is not None
    assert (told.total, told.behind, told.as_of) == (3, False, MONDAY)
    assert (later.total, later.behind, later.as_of) == (3, True, MONDAY)
    assert asked == [True, True]


def test_a_thread_beside_the_page_makes_the_cache(committed_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "AT_ONCE", 0)
    in_month(committed_cast, "2026-08", 3)
    assert statistics(committed_cast.lead) is None
    standing._refreshing.join(30)
    told = statistics(committed_cast.lead)
    assert told is not None
    assert (told.total, told.behind) == (3, False)
