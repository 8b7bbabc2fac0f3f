"""The repository says what it is and nothing of where it was made."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import repository

# Spelled in pieces: this file must pass its own test.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
HOME = re.compile(r"/(?:home|Users)/[A-Za-z][\w.-]*/|(?<![\w.])/ro" + r"ot/")
REGISTRY = re.compile(
    r"\b(?:py" + r"pi|files|registry|deb|ftp|mirrors?|proxy)\.[a-z-]+\.(?:org|com|io|net|cn)\b|\bpy" + r"pi\.org\b"
)
MAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")
EXAMPLE = re.compile(r"(?:^|\.)example\.(?:com|org|net)$")
# Other people's work keeps its authors and its comments as it came.
NOT_OURS = ("static/vendor", "LICENSE", "NOTICE", "ATTRIBUTION")


def test_nothing_is_left_for_later() -> None:
    assert not list(_found(UNFINISHED, suffixes={".py", ".html", ".js", ".css", ".md", ".toml", ".sh", ".typ"}))


def test_no_path_of_a_home_folder() -> None:
    assert not list(_found(HOME))


def test_no_path_of_this_checkout() -> None:
    # Where this runs is known only now, so a path that slipped in is found on the machine it slipped in from.
    here = re.compile("|".join(re.escape(f"{path}/") for path in (repository.ROOT, repository.ROOT.parent / "shared")))
    assert not list(_found(here))


def test_no_package_registry_is_named() -> None:
    assert not list(_found(REGISTRY))


def test_addresses_are_at_example_com() -> None:
    strangers = [
        f"{repository.place(path, line)}: {match.group()}"
        for path, line, match in _matches(MAIL)
        if not EXAMPLE.search(match.group(1).lower())
    ]
    assert not strangers


def _found(pattern: re.Pattern[str], suffixes: set[str] | None = None) -> Iterator[str]:
    for path, line, match in _matches(pattern):
        if suffixes is None or path.suffix in suffixes:
            yield f"{repository.place(path, line)}: {match.group()}"


def _matches(pattern: re.Pattern[str]) -> Iterator[tuple[Path, int, re.Match[str]]]:
    for path, text in repository.texts():
        if any(part in path.as_posix() for part in NOT_OURS):
            continue
        for match in pattern.finditer(text):
            yield path, text.count("\n", 0, match.start()) + 1, match
