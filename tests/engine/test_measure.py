"""Measures against values worked out by hand and against a loop over all pairs."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genyin.sift.measure import adjusted_rand, grouping_accuracy, mean_reciprocal_rank, pairwise, recall_at

labelled = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=2, max_size=25)


def test_a_miss_stays_in_the_denominator() -> None:
    assert recall_at([1, 3, None, 11], 10) == 0.5
    assert mean_reciprocal_rank([1, 4, None, None]) == pytest.approx(1.25 / 4)


def test_grouping_accuracy_counts_exactly_right_groups_only() -> None:
    assert grouping_accuracy([1, 1, 2, 2, 3], [7, 7, 8, 9, 5]) == pytest.approx(3 / 5)


def test_adjusted_rand_of_a_textbook_table() -> None:
    # Hubert and Arabie's index for the partitions {abc}{def} and {ab}{cd}{ef}.
    assert adjusted_rand([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]) == pytest.approx(0.2424242, abs=1e-6)


@given(labelled)
def test_pairwise_equals_a_loop_over_all_pairs(labels: list[tuple[int, int]]) -> None:
    truth, found = [t for t, _ in labels], [f for _, f in labels]

    def together(labelling: list[int]) -> set[tuple[int, int]]:
        pairs = combinations(range(len(labelling)), 2)
        return {(i, j) for i, j in pairs if labelling[i] == labelling[j] != -1}

    true_pairs, found_pairs = together(truth), together(found)
    both = len(true_pairs & found_pairs)
    precision, recall, f1 = pairwise(truth, found)
    assert precision == pytest.approx(both / len(found_pairs) if found_pairs else 1.0)
    assert recall == pytest.approx(both / len(true_pairs) if true_pairs else 1.0)
    sizes = len(found_pairs) + len(true_pairs)
    assert f1 == pytest.approx(2 * both / sizes if sizes else 1.0)


@given(labelled)
def test_the_truth_itself_scores_one(labels: list[tuple[int, int]]) -> None:
    truth = [t for t, _ in labels]
    assert pairwise(truth, truth) == (1.0, 1.0, 1.0)
    assert adjusted_rand(truth, truth) == 1.0
    assert grouping_accuracy(truth, truth) == 1.0


def test_labels_of_different_items_are_refused() -> None:
    with pytest.raises(ValueError, match="same items"):
        pairwise([1], [1, 2])
