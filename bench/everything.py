"""Every measurement of the engine in one go, one after the other; `quick` with fewer records, in a few minutes.

What needs real data is left out, and said to be, where the folder is not there.

    python -m bench.everything [quick]
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import assign, candidates, chinese, codes, events, group, index, match, novelty, rise, stats

Measured = dict[str, object]
Bench = Callable[[], Measured]

MILLION = 1_000_000
SIZES = (10_000, 100_000, MILLION)


def benches(data: Path | None, *, quick: bool) -> Iterator[tuple[str, Bench | None]]:
    """(name, what to call; None for want of data)."""

    def real(bench: Callable[..., Measured], *names: str, **settings: Any) -> Bench | None:
        if data is None or not all((data / name).exists() for name in names):
            return None
        paths = [data / name for name in names]
        return lambda: bench(*paths, **settings)

    reports, pairs = "vscode_multilingual/vscode_multilingual.first70.csv.xz", "zh_bq_corpus/bq_dev.tsv.xz"
    yield "match", real(match.main, "jira_apache")
    yield "chinese", real(chinese.main, pairs) if quick else real(chinese.main, pairs, reports)
    yield "codes", real(codes.main, "bpi2014_rabobank_partial/incident_at_open.first70.csv.xz")
    yield "events", real(events.main, "loghub_2k")
    for n in SIZES[:1] if quick else SIZES:
        yield f"group {n}", lambda n=n: group.main(n)  # type: ignore[misc]
        yield f"group {n}, a third of the CIs dirty", lambda n=n: group.main(n, dirty=0.3)  # type: ignore[misc]
        yield f"assign {n}", lambda n=n: assign.main(n)  # type: ignore[misc]
        yield f"index {n}", lambda n=n: index.main(n)  # type: ignore[misc]
    yield "candidates", lambda: candidates.main(20_000)
    yield "novelty", lambda: novelty.main(5_000 if quick else 25_000, data=None if quick else data)
    yield "rise", lambda: rise.main(data, quick=quick)
    yield "stats", lambda: stats.main(MILLION if quick else 10 * MILLION)


def main(
    data: Path | None = None, *, quick: bool = False, tell: Callable[[str, Measured | None], None] = lambda *_: None
) -> dict[str, object]:
    """The figures by name, None where there is no data; `seconds` on the clock for all of them.

    tell : gets each as soon as it is there: the whole takes long, and what one has measured is not lost with the next
    """
    started, found = time.perf_counter(), {}
    for name, bench in benches(data, quick=quick):
        found[name] = bench() if bench else None
        tell(name, found[name])
    return {**found, "quick": quick, "seconds": round(time.perf_counter() - started, 1)}


if __name__ == "__main__":
    main(quick="quick" in sys.argv[1:], tell=lambda name, figures: print(json.dumps({name: figures}), flush=True))
