"""Programs that rely on the API learn of a change from a diff, not from a failure."""

from tests.house import openapi

# What any call may answer besides its own success: not signed in, not allowed, too many.
EVERYWHERE = frozenset({"401", "403", "429"})


def test_the_description_is_what_the_code_generates() -> None:
    assert openapi.SNAPSHOT.read_text() == openapi.generated(), "run: python -m tests.house.openapi --write"


def test_every_operation_documents_its_refusals() -> None:
    assert not openapi.undocumented(EVERYWHERE)
