"""ruff and mypy have nothing to say."""

import pytest

from tests.house import repository


def test_ruff_finds_nothing() -> None:
    code, said = repository.run("ruff", "check", "--output-format", "concise")
    assert code == 0, said


def test_every_file_is_formatted() -> None:
    code, said = repository.run("ruff", "format", "--check")
    assert code == 0, said


@pytest.mark.slow
def test_every_type_is_known() -> None:
    code, said = repository.run("mypy")
    assert code == 0, said
