"""Homes that nobody has used yet, and tables to import."""

import csv
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from tests.cli.commands import SETUP, Home

Table = Callable[[str, Iterable[Iterable[str]]], Path]


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """Nothing is there."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """As `setup` leaves it. Made once: a database takes seconds."""
    home = Home(tmp_path_factory.mktemp("made") / "home")
    said = home.genyin(*SETUP)
    assert said.code == 0, said.err
    return home


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    """A site in UTC on which nothing has happened yet."""
    return made.copied(tmp_path / "home")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a csv file of that name."""
    return partial(write, tmp_path)


def write(folder: Path, name: str, rows: Iterable[Iterable[str]]) -> Path:
    """Rows as a csv file."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
