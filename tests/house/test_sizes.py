"""A file fits in a head, a function on a screen. What grows is split by its verbs."""

import ast
from collections.abc import Iterator

from tests.house import repository

FILE = 300
FUNCTION = 45


def test_no_file_reaches_300_lines() -> None:
    long = {
        repository.place(path): lines
        for path in repository.sources()
        if (lines := len(path.read_text().splitlines())) >= FILE
    }
    assert not long


def test_no_function_reaches_45_lines() -> None:
    assert not dict(_long_functions())


def _long_functions() -> Iterator[tuple[str, int]]:
    for path in repository.sources():
        for node in ast.walk(repository.tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines >= FUNCTION:
                    yield f"{repository.place(path, node.lineno)} {node.name}", lines
