"""Events of machines: lines of one statement belong together."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.machine_lines import STATEMENTS, logged
from genyin.sift.events import Catalogue, templates
from genyin.sift.lines import read, written
from genyin.sift.measure import grouping_accuracy
from tests.engine.costs import MOST, times_as_long

SYSTEMS = sorted(STATEMENTS)
USERS = ("alice", "bob", "carol", "dave", "erin", "frank")
PIECES = [
    "user", "alice", "bob", "READY", "a.b.c", "Intent.SCREEN_ON", "/var/log/x", "10.1.2.3:80", "17", "5 KB", "uid=0",
    "user=", "()", "[", "]", "(", ")", "{a: 1}", "''", "..", "...0", "*", "->", "-", "X+", "B", "true", "no", "=no",
    "磁盘使用率", "主机web01", "，", "【支付】", "SOCKS5", "IPv6", "aaafcde", "<num>", "<1 sec", "?", "x", "x x", "\t",
    "host:80", ":",
]  # fmt: skip
machine_lines = st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)
ANY_LINES = st.lists(machine_lines, max_size=25)


def partition(ids: Iterable[int]) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for row, event in enumerate(ids):
        groups.setdefault(event, set()).add(row)
    return {frozenset(rows) for rows in groups.values()}


@pytest.mark.parametrize(
    ("lines", "template"),
    [
        (["session 17 opened", "session 4711 opened"], "session * opened"),
        (["free 5.2 KB of 1 MB", "free 17 GB of 300 B"], "free * of *"),
        (["lifetime 00:02", "lifetime <1 sec"], "lifetime *"),
        (["delete blk_-1608999687919862906", "delete blk_1 blk_2 blk_3"], "delete *"),
        (["nodes [n-1, n-2, n-3] are down", "nodes [n-4] are down"], "nodes [*] are down"),
        (
            ["connection from 1.2.3.4 () at 10:00", "connection from 5.6.7.8 (a.b.net) at 11:12"],
            "connection from * at *",
        ),
        (["uid=0 logname= tty=ssh", "uid=7 logname=x.y.z tty=ssh"], "uid=* logname=* tty=ssh"),
        (["Reboot required: true", "Reboot required: false"], "Reboot required: *"),
        (["illegal instruction......0", "illegal instruction....1"], "illegal instruction .. *"),
        (["主机web01磁盘使用率95%", "主机db-2磁盘使用率7%"], "主机 * 磁盘使用率 *"),
    ],
)
def test_what_two_lines_of_one_statement_differ_in_is_a_slot(lines: list[str], template: str) -> None:
    assert templates(lines).templates == (template,)


@pytest.mark.parametrize(
    "lines",
    [
        ["Interface up", "Interface down"],
        ["task 7 moved from NEW to READY", "task 7 moved from READY to DONE", "task 7 moved from NEW to DONE"],
        ["cupsd startup succeeded", "klogd startup succeeded", "sdpd startup succeeded", "hcid startup succeeded"],
        ["user 0 opened", "user 0 closed"],
        ["via proxy 1 SOCKS5", "via proxy 1 HTTPS"],
        ["max.sizes.all : 5", "min.sizes.all : 5"],
        [f"use of host 1 by {name} = 5" for name in ("alice", "bob", "carol", "dave", "erin", "frank")],
        [f"bad page interrupt of {name}......5" for name in ("read", "write", "fetch", "flush", "load", "store")],
    ],
)
def test_lines_of_different_statements_stay_apart(lines: list[str]) -> None:
    assert len(templates(lines).templates) == len(lines)


def test_a_place_that_takes_many_words_is_a_slot_and_one_that_takes_few_is_not() -> None:
    logins = [f"session opened for user {user} by (uid=0)" for user in USERS]
    states = [f"session opened for user alice as {role}" for role in ("admin", "guest")]
    found = templates([*logins, *states])
    assert found.templates[0] == "session opened for user * by (uid=*)"
    assert len(set(found.ids[: len(logins)])) == 1
    assert len(found.templates) == 3


def test_a_value_found_in_one_place_is_sooner_found_behind_the_same_word_elsewhere() -> None:
    closed = [f"nightly run closed for job {name}" for name in USERS]
    few = [f"nightly run opened for job {name}" for name in USERS[:3]]
    assert len(templates(few).templates) == 3
    assert len(templates([*closed, *few]).templates) == 2


def test_full_names_of_any_length_fill_one_slot() -> None:
    names = [
        "Anna Smith",
        "Peter",
        "Windows Update Client",
        "Remote Print",
        "Health",
        "Zhang Wei",
        "Time",
        "Audio Link",
    ]
    assert templates([f"The {name} service entered the running state" for name in names * 2]).templates == (
        "The * service entered the running state",
    )


def test_a_phrase_that_the_program_wrote_is_no_full_name() -> None:
    lines = [f"Failed password for {user} from 10.0.0.1" for user in USERS]
    lines += [f"Failed password for invalid user {user} from 10.0.0.1" for user in USERS]
    assert set(templates(lines).templates) == {
        "Failed password for * from *",
        "Failed password for invalid user * from *",
    }


@given(lines=ANY_LINES, seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_lines_changes_nothing(lines: list[str], seed: int) -> None:
    order = random.Random(seed).sample(range(len(lines)), len(lines))
    shuffled = templates([lines[row] for row in order]).ids
    back = {row: int(event) for row, event in zip(order, shuffled, strict=True)}
    assert partition(templates(lines).ids.tolist()) == partition([back[row] for row in range(len(lines))])


@given(lines=ANY_LINES)
@settings(max_examples=60, deadline=None)
def test_logging_every_line_again_changes_nothing(lines: list[str]) -> None:
    once, twice = templates(lines), templates(lines * 2)
    assert once.templates == twice.templates
    assert [*once.ids, *once.ids] == [*twice.ids]


@given(line=machine_lines)
def test_a_template_read_as_a_line_is_its_own_template(line: str) -> None:
    assert read(written(read(line))) == read(line)


@given(line=st.text(max_size=60))
@settings(max_examples=40)
def test_any_text_is_read(line: str) -> None:
    assert templates([line]).ids.tolist() == [0]


@given(lines=ANY_LINES, later=ANY_LINES)
@settings(max_examples=60, deadline=None)
def test_ids_stay_when_lines_are_appended(lines: list[str], later: list[str]) -> None:
    catalogue = Catalogue()
    said = [catalogue.add(line) for line in lines]
    before = [catalogue.current(event) for event in said]
    for line in later:
        catalogue.add(line)
    for event, earlier in zip(said, before, strict=True):
        assert catalogue.current(event) == catalogue.current(earlier) <= earlier <= event
    for line, event in zip(lines, said, strict=True):
        assert catalogue.add(line) == catalogue.current(event), "a line met again belongs where it belonged"


@given(lines=ANY_LINES)
@settings(max_examples=60, deadline=None)
def test_ids_are_dense_and_in_the_order_of_the_first_line(lines: list[str]) -> None:
    found = templates(lines)
    assert list(dict.fromkeys(found.ids.tolist())) == list(range(len(found.templates)))


def test_lines_one_by_one_end_near_where_all_at_once_do() -> None:
    agreement = []
    for system in SYSTEMS:
        lines = logged(system, lines=60, seed=5).lines
        catalogue = Catalogue()
        said = [catalogue.add(line) for line in lines]
        agreement.append(grouping_accuracy(templates(lines).ids, [catalogue.current(event) for event in said]))
    assert sum(agreement) / len(agreement) >= 0.85


@pytest.mark.parametrize("system", ["cluster", "winevents", "service desk"])
def test_the_order_of_lines_with_many_values_changes_nothing(system: str) -> None:
    lines = logged(system, lines=150, seed=2).lines
    shuffled = random.Random(1).sample(lines, len(lines))
    assert sorted(templates(lines).templates) == sorted(templates(shuffled).templates)


def test_written_lines_of_many_systems_are_grouped_with_one_setting() -> None:
    systems = [logged(system, lines=100, seed=3) for system in SYSTEMS]
    found = [grouping_accuracy(system.truth, templates(system.lines).ids) for system in systems]
    assert sum(found) / len(found) >= 0.8


def test_a_new_line_does_not_cost_as_much_as_all_that_were_before() -> None:
    catalogue = Catalogue()
    lines = [line for system in SYSTEMS for line in logged(system, lines=30).lines]
    catalogue.extend(lines)
    few = [line for system in SYSTEMS for line in logged(system, lines=4, seed=9).lines]

    def one_by_one() -> None:
        for line in few:
            catalogue.add(line)

    assert times_as_long(one_by_one, than=lambda: Catalogue().extend(lines)) < 2


@pytest.mark.parametrize("piece", ["a=", "[1 ", "( ", "x.", "..", "1, ", "a b 1 ", "磁盘 "])
def test_a_hostile_line_is_read_in_bounded_time(piece: str) -> None:
    hostile, harmless = [piece * 1_000], ["word " * (len(piece) * 200)]
    assert times_as_long(lambda: templates(hostile), than=lambda: templates(harmless)) < MOST
