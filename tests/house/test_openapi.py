"""Programs that rely on the API learn of a change from a diff, not from a failure."""

from tests.house import openapi


def test_the_description_is_what_the_code_generates() -> None:
    assert openapi.SNAPSHOT.read_text() == openapi.generated(), "run: python -m tests.house.openapi --write"
