"""Figures that are frozen stay the same to the byte."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.base.clock import month_window
from genyin.reports import figures, freezing
from genyin.reports.documents.text import decimal, figure_text, printable, shortened
from genyin.reports.facts import ChangeFact, Closing, Facts, IncidentCounts, ProblemFact, RegisterGap, Scope, Window
from genyin.reports.metrics import Unit
from genyin.reports.rules import record_gaps, register_gaps

START = datetime(2026, 9, 20, tzinfo=UTC)


def facts() -> Facts:
    names = ("2026-09", "2026-10")
    windows = tuple(Window(n, *month_window(n, "Asia/Shanghai"), datetime(2026, 11, 2, tzinfo=UTC)) for n in names)
    made = random.Random(4)
    problems = tuple(
        ProblemFact(
            id=number,
            ref=f"WT-{number}",
            title="交换机重启 “core” \U0001f525",
            registered_at=START + timedelta(hours=made.randrange(900)),
            stage="closed" if number % 3 else "solving",
            outcome="fixed" if number % 3 else "",
            source="trend",
            category="software",
            level=made.choice(("high", "medium", "low")),
            is_major=number % 5 == 0,
            resolved_at=START + timedelta(days=40) if number % 3 else None,
            closed_at=START + timedelta(days=41) if number % 3 else None,
            worked_to_resolve=made.randrange(10**6),
            closings=(Closing(START),),
            changes=(ChangeFact("C", "failed", START),),
        )
        for number in range(1, 30)
    )
    gaps = (RegisterGap(3, "WT-3", "交换机", "owner", ("solution",)),)
    incidents = (IncidentCounts("2026-10", 9, 8, 7, 1, (1, 2, 3, 9), (4,), ()),)
    return Facts(Scope(), "Asia/Shanghai", windows, problems, incidents, gaps, ("owner",))


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    plain = facts()
    mixed = list(plain.problems)
    random.Random(1).shuffle(mixed)
    first = freezing.freeze(figures.compute(plain))
    assert freezing.freeze(figures.compute(replace(plain, problems=tuple(mixed)))) == first


def test_figures_computed_from_frozen_facts_have_the_same_seal() -> None:
    plain = facts()
    again = freezing.thaw_facts(freezing.freeze_facts(plain))
    assert again == plain
    assert freezing.digest(freezing.freeze(figures.compute(again))) == freezing.digest(
        freezing.freeze(figures.compute(plain))
    )


def test_what_was_frozen_comes_back_whole() -> None:
    computed = figures.compute(facts())
    content = freezing.freeze(computed)
    assert freezing.thaw(content) == computed
    assert freezing.freeze(freezing.thaw(content)) == content


def test_another_figure_gives_another_seal() -> None:
    plain = facts()
    fewer = replace(plain, problems=plain.problems[1:])
    assert freezing.digest(freezing.freeze(figures.compute(fewer))) != freezing.digest(
        freezing.freeze(figures.compute(plain))
    )


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        freezing.canonical({"rate": [0.5]})


@given(st.sets(st.integers(min_value=1, max_value=500)))
def test_runs_of_ids_hold_exactly_the_ids(ids: set[int]) -> None:
    assert freezing.unrun(freezing.runs(ids)) == tuple(sorted(ids))


def test_the_incidents_of_one_import_take_one_pair() -> None:
    assert freezing.runs(range(1, 8996)) == [[1, 8995]]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(0), 1, "0.0"),
        (Fraction(2, 3), 1, "0.7"),
        (Fraction(-1, 1000), 1, "0.0"),
        (Fraction(123456789, 1), 1, "123456789.0"),
    ],
)
def test_numbers_round_half_away_from_zero(value: Fraction, places: int, text: str) -> None:
    assert decimal(value, places) == text


def test_exactly_all_is_told_from_nearly_all() -> None:
    assert figure_text(Fraction(1), Unit.PERCENT) == "100%"
    assert figure_text(Fraction(9999, 10000), Unit.PERCENT) == "100.0%"
    assert figure_text(None, Unit.PERCENT) == "—"


@given(st.text(st.characters(exclude_categories=[])))
def test_printable_text_fits_into_any_document(text: str) -> None:
    clean = printable(text)
    clean.encode("utf-8")
    assert not [letter for letter in clean if ord(letter) < 32 and letter not in "\n\t"]
    assert len(shortened(text, 20)) <= 20


def test_a_record_lacks_what_its_stage_asks_for() -> None:
    asked = ("title", "description", "category", "level", "source", "reason", "service", "submitter_name")
    values = dict.fromkeys(asked, "x")
    assert record_gaps(values, stage="submitted", outcome="") == ()
    assert record_gaps(values, stage="solving", outcome="") == ("owner", "root_cause")
    assert record_gaps(values, stage="closed", outcome="void") == ()
    assert record_gaps({**values, "owner": 1}, stage="closed", outcome="cause_not_found") == ()
    assert record_gaps({**values, "owner": 1}, stage="closed", outcome="no_solution") == ("root_cause",)
    assert record_gaps({**values, "source": "incident"}, stage="submitted", outcome="") == ("incidents",)


def test_the_register_asks_a_complete_row_of_what_is_resolved_only() -> None:
    assert register_gaps({}, stage="solving", outcome="") == ()
    assert "solution" in register_gaps({}, stage="resolved", outcome="")
    assert register_gaps({}, stage="closed", outcome="risk_accepted") == ()
