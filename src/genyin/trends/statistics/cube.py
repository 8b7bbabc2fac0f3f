"""Counts over Parquet files by DuckDB, and the writing of such files. Knows no Django, no clock, no database.

The files lie in one folder. A file holds incidents of one month, a row each. Columns: `id` BIGINT; `month` VARCHAR,
YYYY-MM; `day` of the month, TINYINT; `service` BIGINT, its id; `item`, `category`, `team`, `source`, `state`,
`environment` VARCHAR, "" where nothing was given. Values reach DuckDB as parameters or columns only: no statement is
built from what somebody wrote.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

THREADS = 2
MEMORY = "512MB"

#: What can be counted by; `label` is what the caller calls a service.
BY = ("label", "item", "category", "team", "source")
_TABLE = """
    WITH seen AS (SELECT unnest($services::BIGINT[]) AS service, unnest($labels::VARCHAR[]) AS label),
    wanted AS (
        SELECT * FROM read_parquet($files) JOIN seen USING (service)
        WHERE environment = $environment
        AND (CASE WHEN $state = '' THEN state <> 'canceled' ELSE state = $state END)
        AND ($category = '' OR category = $category)
        AND ($source = '' OR source = $source)
        AND ($team = '' OR team = $team)
    )
"""
_LISTED = "SELECT month, count(*), min(day) FROM wanted GROUP BY month ORDER BY month"
_MONTHS = "".join((_TABLE, _LISTED))
_RANKED = """,
    counted AS (
        SELECT {by} AS value,
            count(*) FILTER (month BETWEEN $since AND $until) AS n,
            count(*) FILTER (month BETWEEN $before_since AND $before_until) AS before,
            count(*) FILTER (month BETWEEN $year_since AND $year_until) AS year
        FROM wanted GROUP BY 1
    ),
    ranked AS (
        SELECT *, sum(n) OVER () AS total, sum(n) OVER (ORDER BY n DESC, value) AS running FROM counted WHERE n > 0
    )
    SELECT value, n, before, year, running, total, count(*) OVER (),
        count(*) FILTER ((running - n) * 10 < total * 8) OVER ()
    FROM ranked ORDER BY n DESC, value LIMIT $most
"""
# The column is one of ours: a parameter cannot name one.
_PARETO = {by: "".join((_TABLE, _RANKED.replace("{by}", by))) for by in BY}
_WRITE = "COPY (SELECT * FROM given ORDER BY service) TO $file (FORMAT parquet, COMPRESSION zstd)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents count: of these services, each with a label. "" is no restriction; no state: not cancelled."""

    services: Mapping[int, str]
    category: str = ""
    source: str = ""
    team: str = ""
    state: str = ""
    environment: str = "production"

    def parameters(self) -> dict[str, object]:
        told = {name: getattr(self, name) for name in ("category", "source", "team", "state", "environment")}
        return {**told, "services": list(self.services), "labels": list(self.services.values())}


@dataclass(frozen=True, slots=True)
class Counted:
    """A value with its count `n`, that of the period before and of the same period a year before.

    `running`: the counts down to and with this one; `total` of all values; `values`: how many there are, and `vital`:
    how many of them, the largest first, it takes to reach 80 % of the total.
    """

    value: str
    n: int
    before: int
    year: int
    running: int
    total: int
    values: int
    vital: int


Window = tuple[str, str]  # first and last month, both included


def pareto(
    files: Sequence[str], wanted: Wanted, *, by: str, period: Window, before: Window, year: Window, most: int
) -> list[Counted]:
    """The `most` frequent values of the period, the largest first; equal ones by their value."""
    if not files:
        return []
    windows = {
        "since": period[0], "until": period[1], "before_since": before[0], "before_until": before[1],
        "year_since": year[0], "year_until": year[1],
    }  # fmt: skip
    asked = {**wanted.parameters(), **windows, "files": list(files), "most": most}
    with connected(Path(files[0]).parent) as engine:
        return [Counted(str(row[0]), *map(int, row[1:])) for row in engine.execute(_PARETO[by], asked).fetchall()]


def months(files: Sequence[str], wanted: Wanted) -> list[tuple[str, int, int]]:
    """Month, incidents, and the first day of it that has one; oldest first, months without any left out."""
    if not files:
        return []
    with connected(Path(files[0]).parent) as engine:
        rows = engine.execute(_MONTHS, {**wanted.parameters(), "files": list(files)}).fetchall()
    return [(str(month), int(n), int(day)) for month, n, day in rows]


def write(engine: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, NDArray[np.generic]]) -> int:
    """Write the columns, all of one length, to a new file that survives a power cut; answers its size in bytes."""
    engine.register("given", dict(columns))
    try:
        engine.execute(_WRITE, {"file": str(path)})
    finally:
        engine.unregister("given")
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return os.fstat(file.fileno()).st_size


@contextmanager
def connected(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory, bounded: two threads, 512 MB, nothing spilled; it reaches this folder and nothing else.

    Extensions that are not built in would be fetched from the network: neither are they installed nor loaded.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": THREADS,
        "memory_limit": MEMORY,
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    with duckdb.connect(":memory:", config=settings) as engine:
        engine.execute("SET allowed_directories = $folders", {"folders": [str(folder)]})
        engine.execute("SET enable_external_access = false; SET lock_configuration = true")
        yield engine
