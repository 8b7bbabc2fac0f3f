"""Weights learned from confirmed links: what decides gets weight, and worse ones are not taken."""

import numpy as np
import pytest

from genyin.sift import learn
from genyin.sift.index import Index
from genyin.sift.records import Record
from genyin.sift.weights import SHIPPED, Weights

NAMES = ("words", "age")


def examples(n: int, *, seed: int, telling: int) -> list[learn.Example]:
    """Queries of 50 candidates whose right one stands out in the part `telling`; the other part is noise."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(n):
        parts = chance.normal(size=(50, 2)).astype(np.float32)
        parts[0, telling] += 3
        found.append(learn.Example(parts, np.arange(50) == 0))
    return found


def test_the_part_that_tells_right_from_wrong_gets_the_weight() -> None:
    learned = learn.fit(examples(80, seed=1, telling=1), NAMES)
    assert learned.of("age") > 5 * abs(learned.of("words"))
    assert learned.of("letters") == SHIPPED["letters"]


def test_a_sites_own_links_change_the_weights_only_where_they_find_more() -> None:
    mine = Weights({"words": 5.0, "age": 0.0})
    better = learn.refit(examples(80, seed=2, telling=1), NAMES, now=mine)
    assert learn.reciprocal_rank(examples(80, seed=3, telling=1), NAMES, better) > 0.7


def test_weights_that_rank_the_left_out_links_no_better_are_not_taken() -> None:
    perfect = Weights({"words": 1.0, "age": 0.0})
    few = [learn.Example(one.parts * (1, 3), one.right) for one in examples(12, seed=4, telling=0)]
    assert learn.fit(few, NAMES, start=perfect).values != perfect.values
    assert learn.refit(few, NAMES, now=perfect) is perfect
    assert learn.refit(few[:4], NAMES, now=Weights({"words": -1.0, "age": 0.0})).of("words") == -1  # too few to judge


def test_links_that_teach_nothing_are_refused() -> None:
    nothing = [learn.Example(np.zeros((3, 2), dtype=np.float32), np.zeros(3, dtype=bool))]
    with pytest.raises(ValueError, match="nothing to learn from"):
        learn.fit(nothing, NAMES)
    assert learn.reciprocal_rank(nothing, NAMES, Weights()) == 0.0


def test_an_example_is_the_parts_of_a_score() -> None:
    index = Index()
    for ref, title in enumerate(("disk full", "login fails"), start=1):
        index.add(Record(ref, title, day=float(ref)))
    scores = index.scores(Record(0, "disk full", day=3.0))
    one = learn.example(scores, np.array([True, False]), ("words", "age", "named", "shared:ci"))
    assert one.parts[:, 0] == pytest.approx(scores.text, abs=1e-6)
    assert one.parts[:, 1] == pytest.approx(-np.log1p([2.0, 1.0]), abs=1e-6)
    assert not one.parts[:, 2:].any()
