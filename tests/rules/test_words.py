"""Every code that is stored has a word, so that no screen ever shows a code."""

from genyin.problems import words
from genyin.problems.lifecycle import VERBS
from genyin.problems.stages import Outcome, Stage, Status
from genyin.procedure.content import LEVELS, default, parse


def test_every_stage_outcome_status_and_verb_has_a_word() -> None:
    assert set(words.STAGES) == set(Stage)
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.STATUSES) == set(Status)
    assert set(words.VERBS) == set(VERBS)


def test_every_code_of_the_shipped_procedure_has_a_word() -> None:
    procedure = parse(default())
    assert set(procedure.categories) <= set(words.CATEGORIES)
    assert set(procedure.sources) <= set(words.SOURCES)
    assert set(procedure.reasons) <= set(words.REASONS)
    assert set(procedure.cause_categories) <= set(words.CAUSES)
    assert {point.code for point in procedure.points} == set(words.POINTS)
    assert set(LEVELS) == set(words.LEVELS)
