"""What every test gets by where it lies and what it uses, so that nobody has to remember a marker."""

from pathlib import Path

import pytest

from tests.house.query_counts import QueryCounts

TESTS = Path(__file__).parent / "tests"
BY_FOLDER = ("browser", "house")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write", action="store_true", help="house tests write their baselines instead of comparing")


@pytest.hookimpl(tryfirst=True)  # before pytest's own -m looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in BY_FOLDER:
            item.add_marker(folder)
        if stands_in_a_scene(item):
            item.add_marker("django_db")  # else, alone in a run, it would find no tables
        if touches_database(item):
            item.add_marker("database")


def touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db"):
        return True
    return not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def stands_in_a_scene(item: pytest.Item) -> bool:
    """Whether it looks at what its module's fixture made in the database, and asks for no database itself."""
    return not touches_database(item) and "django_db_setup" in getattr(item, "fixturenames", ())


@pytest.fixture
def queries_of(db: None, request: pytest.FixtureRequest) -> QueryCounts:
    """`queries_of("problem list", client, url)` holds a page to its committed number of queries."""
    return QueryCounts(write=request.config.getoption("--write"))
