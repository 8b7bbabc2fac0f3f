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
    found = learn.refit(examples(80, seed=2, telling=1), NAMES, now=mine)
    better = found.weights
    assert found.before < found.after
    assert learn.reciprocal_rank(examples(80, seed=3, telling=1), NAMES, better) > 0.7


def test_weights_that_rank_the_left_out_links_no_better_are_not_taken() -> None:
    perfect = Weights({"words": 1.0, "age": 0.0})
    few = [learn.Example(one.parts * (1, 3), one.right) for one in examples(12, seed=4, telling=0)]
    assert learn.fit(few, NAMES, start=perfect).values != perfect.values
    assert learn.refit(few, NAMES, now=perfect).weights is perfect
    # Nothing that is shared may count against a pair: a part that misleads is left out instead.
    assert learn.refit(examples(80, seed=6, telling=1), NAMES, now=perfect).weights.of("words") >= 0
    wrong = Weights({"words": -1.0, "age": 0.0})
    assert learn.refit(few[:4], NAMES, now=wrong).weights is wrong  # too few to judge


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


def test_chinese_and_latin_text_teach_weights_of_their_own() -> None:
    index = Index()
    index.add(Record(1, "核心交换机 restarts", day=1.0))
    scores = index.scores(Record(0, "核心交换机 restarts", day=3.0))
    names = ("words", "words:cjk", "age")
    one = learn.example(scores, np.array([True]), names, cjk=0.7)
    assert one.parts[0, :2] == pytest.approx([0.3 * scores.text[0], 0.7 * scores.text[0]], abs=1e-6)
    weights = Weights({"words": 5.0, "words:cjk": 9.0, "age": 0.0})
    whole = float(one.parts[0] @ [weights.of(name) for name in names])
    assert whole == pytest.approx(weights.of("words", cjk=0.7) * scores.text[0], abs=1e-5)


def test_the_hardest_candidates_and_the_right_ones_are_kept() -> None:
    (one,) = examples(1, seed=5, telling=0)
    weights = Weights({"words": -1.0, "age": 0.0})
    kept = learn.hardest(one, NAMES, weights, most=10)
    assert kept.right.sum() == 1
    assert len(kept.parts) == 11
    assert learn.reciprocal_rank([kept], NAMES, Weights({"words": 1.0, "age": 0.0})) == 1.0


def test_a_part_that_no_link_has_keeps_its_weight() -> None:
    names = (*NAMES, "named", "shared:ci")
    unseen = [
        learn.Example(np.hstack([one.parts, np.zeros((50, 2), dtype=np.float32)]), one.right)
        for one in examples(80, seed=7, telling=1)
    ]
    learned = learn.refit(unseen, names, now=Weights({"words": 5.0, "age": 0.0, "named": 1.5, "shared": 0.3})).weights
    assert learned.of("age") > 1
    assert (learned.of("named"), learned.of("shared:ci")) == (1.5, 0.3)
