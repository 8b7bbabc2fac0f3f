"""How long every figure of the statistics takes over generated incidents.

The incidents lie in Parquet files as the product writes them, months apart, five years: 40 services, 5,000
configuration items, 200 categories, 30 teams, 3 sources, all of them skewed by Zipf's law, one incident in twenty
without category, one in fifty from a test environment, as many cancelled. Asked for are all sixty months by each
dimension, the last year with the year before beside it, and month by month; the asker sees all services, and once a
third of them. Each figure includes starting DuckDB; `seconds` are on the clock, `cpu` of both processors together;
`cpu_seconds` is that of all figures, `write_cpu_seconds` that of drawing the incidents and writing the files, `peak_mb`
of both.

Its bias: the files have just been written and lie in the machine's memory, values are short, and the database is not
asked. What a real site adds is reading the rows from the database: see docs/reference/engine.md.

    python -m bench.stats ROWS [SEED]
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from genyin.base.memory import peak_mb
from genyin.trends.statistics import cube, monthly
from genyin.trends.statistics.cube import Wanted

MONTHS = monthly.back("2026-06", 60)
SERVICES, ITEMS, CATEGORIES, TEAMS, SOURCES = 40, 5_000, 200, 30, 3
NOT_GIVEN, ELSEWHERE = 0.05, 0.02
IN_A_FILE = 200_000
#: The period, the one before it, and the same a year before.
WHOLE = {"period": ("2021-07", "2026-06"), "before": ("2016-07", "2021-06"), "year": ("2020-07", "2025-06")}
YEAR = {"period": ("2025-07", "2026-06"), "before": ("2024-07", "2025-06"), "year": ("2024-07", "2025-06")}

Columns = dict[str, NDArray[np.generic]]


def columns(first: int, rows: int, month: str, rng: np.random.Generator) -> Columns:
    """A file's worth of incidents of one month, with ids from `first` on."""
    service = _skewed(SERVICES, rows, rng)
    category = _named("category", CATEGORIES)[_skewed(CATEGORIES, rows, rng)]
    category[rng.random(rows) < NOT_GIVEN] = ""
    return {
        "id": np.arange(first, first + rows),
        "month": np.full(rows, month, dtype=object),
        "day": rng.integers(1, 29, rows).astype(np.int8),
        "service": service.astype(np.int64),
        # Items belong to a service: a permutation of its own part of them.
        "item": _named("srv", ITEMS)[(_skewed(ITEMS // SERVICES, rows, rng) * SERVICES + service) % ITEMS],
        "category": category,
        "team": _named("team", TEAMS)[_skewed(TEAMS, rows, rng)],
        "source": _named("desk", SOURCES)[_skewed(SOURCES, rows, rng)],
        "state": np.where(rng.random(rows) < ELSEWHERE, "canceled", "closed").astype(object),
        "environment": np.where(rng.random(rows) < ELSEWHERE, "test", "production").astype(object),
    }


def write(folder: Path, rows: int, rng: np.random.Generator) -> list[str]:
    """The files, and their names."""
    files: list[str] = []
    with cube.connected(folder) as engine:
        for first, count, month in _months(rows):
            files += _month(engine, folder, columns(first, count, month, rng), month)
    return files


def _month(engine: duckdb.DuckDBPyConnection, folder: Path, whole: Columns, month: str) -> Iterator[str]:
    for start in range(0, len(whole["id"]), IN_A_FILE):
        path = folder / f"{month}.{start}.parquet"
        cube.write(engine, path, {name: column[start : start + IN_A_FILE] for name, column in whole.items()})
        yield str(path)


def _months(rows: int) -> Iterator[tuple[int, int, str]]:
    cuts = np.linspace(0, rows, len(MONTHS) + 1).astype(int)
    yield from ((int(cuts[n]), int(cuts[n + 1] - cuts[n]), month) for n, month in enumerate(MONTHS))


def _skewed(size: int, rows: int, rng: np.random.Generator) -> NDArray[np.int64]:
    chances = 1 / np.arange(1, size + 1)
    return rng.choice(size, rows, p=chances / chances.sum())


def _named(name: str, size: int) -> NDArray[np.object_]:
    return np.array([f"{name} {n:05d}" for n in range(size)], dtype=object)


def main(rows: int, *, seed: int = 0) -> dict[str, object]:
    """Seconds of each figure over so many rows."""
    with tempfile.TemporaryDirectory(prefix="genyin-bench-") as made:
        began = time.process_time()
        files = write(Path(made), rows, np.random.default_rng(seed))
        written, size = time.process_time() - began, sum(Path(file).stat().st_size for file in files)
        figures = {name: _timed(ask) for name, ask in _questions(files).items()}
    seconds, cpu = ({name: told[n] for name, told in figures.items()} for n in (0, 1))
    return {
        "rows": rows, "seed": seed, "files": len(files), "files_mb": round(size / 2**20, 1), "threads": cube.THREADS,
        "seconds": seconds, "slowest": max(seconds.values()), "cpu_seconds": round(sum(cpu.values()), 2), "cpu": cpu,
        "write_cpu_seconds": round(written, 2), "peak_mb": peak_mb(),
    }  # fmt: skip


def _questions(files: list[str]) -> Mapping[str, Callable[[], object]]:
    """Every figure the product gives, as a call; each named by what it counts by."""
    names = {n: f"service {n}" for n in range(SERVICES)}
    everybody = Wanted(names)
    some = Wanted({n: names[n] for n in range(0, SERVICES, 3)})
    owned = Wanted({n: f"customer {n % 7}" for n in names})
    labelled = {"service": (everybody, "label"), "customer": (owned, "label")}
    plain = {by: (everybody, by) for by in cube.BY if by != "label"}
    asked = {**labelled, **plain, "item of some services": (some, "item")}
    last = [file for file in files if Path(file).name[:7] >= YEAR["before"][0]]
    paretos = {
        name: lambda wanted=wanted, by=by: cube.pareto(files, wanted, by=by, most=50, **WHOLE)
        for name, (wanted, by) in asked.items()
    }
    return {
        **paretos,
        "item, last year": lambda: cube.pareto(last, everybody, by="item", most=50, **YEAR),
        "months": lambda: cube.months(files, everybody),
        "months of some services": lambda: cube.months(files, some),
    }


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, which others on the machine lengthen, and of both processors together."""
    began, cpu = time.perf_counter(), time.process_time()
    ask()
    return round(time.perf_counter() - began, 3), round(time.process_time() - cpu, 3)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
