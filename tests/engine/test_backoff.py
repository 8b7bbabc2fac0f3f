"""A known error guessed from coded fields: narrower is believed sooner, older fades, nothing is known beforehand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.backoff import BackOff, Codes

LEVELS = (("category",), ("ci",), ("ci", "urgency"))


def codes(ci: str, urgency: str = "low", category: str = "network") -> Codes:
    return (("category", category), ("ci", ci), ("urgency", urgency))


def taught(rows: list[tuple[Codes, str]], **more: object) -> BackOff:
    known = BackOff(LEVELS, **more)  # type: ignore[arg-type]
    for told, answer in rows:
        known.update(told, answer)
    return known


def test_the_narrowest_level_that_knows_the_record_decides() -> None:
    known = taught([(codes("a"), "KE-1")] * 20 + [(codes("b"), "KE-2")] * 40)
    first, second = known.rank(codes("a"))
    assert (first.answer, second.answer) == ("KE-1", "KE-2")
    assert (first.level, first.seen, first.of) == (("ci", "urgency"), 20, 20)
    assert second.level == ("category",)


def test_what_is_unknown_at_a_level_is_answered_by_the_one_before() -> None:
    known = taught([(codes("a"), "KE-1")] * 9 + [(codes("b", category="printing"), "KE-2")] * 20)
    assert known.rank(codes("c"))[0].answer == "KE-1"
    assert known.rank((("ci", "b"),))[0].answer == "KE-2"  # the category is missing, not wrong


def test_a_fading_level_follows_a_change() -> None:
    rows = [(codes("a"), "KE-1")] * 200 + [(codes("a"), "KE-2")] * 20
    assert taught(rows).rank(codes("a"))[0].answer == "KE-1"
    assert taught(rows, fading=[(("ci",), 10.0)]).rank(codes("a"))[0].answer == "KE-2"


def test_nothing_learned_is_nothing_guessed() -> None:
    assert BackOff(LEVELS).rank(codes("a")) == []


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["low", "high"]), st.sampled_from(["1", "2", "3"]))),
    st.sampled_from([0.5, 10.0]),
)
def test_probabilities_are_those_of_all_answers_together(rows: list[tuple[str, str, str]], lasting: float) -> None:
    told = [(codes(ci, urgency), answer) for ci, urgency, answer in rows]
    known = taught(told, fading=[(("ci", "urgency"), lasting)])
    found = known.rank(codes("a"), k=10)
    assert {guess.answer for guess in found} == {answer for _, _, answer in rows}
    assert sum(guess.probability for guess in found) == pytest.approx(1 if rows else 0)
    assert all(1 <= guess.seen <= guess.of and guess.seen == int(guess.seen) for guess in found)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["low", "high"]), st.sampled_from(["1", "2", "3"]))),
    st.sets(st.sampled_from(["1", "2", "3"])),
)
def test_answers_that_do_not_count_are_as_if_never_seen(rows: list[tuple[str, str, str]], among: set[str]) -> None:
    told = [(codes(ci, urgency), answer) for ci, urgency, answer in rows]
    seen = [(row, answer) for row, answer in told if answer in among]
    assert taught(told).rank(codes("a"), among=among) == taught(seen).rank(codes("a"))
