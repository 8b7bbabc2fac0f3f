"""How many queries each page makes, against a committed baseline: a page that grows with its rows is found here.

A test measures with the fixture `queries_of` (root conftest):

    queries_of("problem list", client, "/problems/")

`python -m pytest tests/web --write` writes what it measured to query_counts.json.
"""

import json
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BASELINE = Path(__file__).with_name("query_counts.json")
#: Savepoints and settings differ between databases; a cursor that PostgreSQL declares is a SELECT.
COUNTED = ("SELECT", "DECLARE", "INSERT", "UPDATE", "DELETE", "WITH")


class QueryCounts:
    """The baseline, and what this run has measured."""

    def __init__(self, *, write: bool, path: Path = BASELINE) -> None:
        self.write = write
        self.path = path

    def __call__(self, page: str, client: Client, url: str) -> int:
        """Open the page twice and compare the second time: the first one may fill caches."""
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert response.status_code == 200, f"{page} ({url}) answered {response.status_code}"
        count = sum(query["sql"].lstrip(" (").upper().startswith(COUNTED) for query in captured.captured_queries)
        if self.write:
            self._save({**self._load(), page: count})
        expected = self._load().get(page)
        queries = "\n".join(query["sql"] for query in captured.captured_queries)
        assert count == expected, f"{page}: {count} queries, the baseline says {expected}\n{queries}"
        return count

    def _load(self) -> dict[str, int]:
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def _save(self, counts: dict[str, int]) -> None:
        self.path.write_text(json.dumps(counts, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
