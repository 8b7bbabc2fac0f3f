"""`python -m tests.runner [--quick] [--only PART] [--json]`: what `./genyin test` calls once all is installed."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from tests.house import traceability
from tests.runner import parts, summary
from tests.runner.cluster import NoCluster, cluster
from tests.runner.summary import Outcome

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    wanted = _parse(arguments)
    # With --json the last line of standard output is one JSON object; everything else is prose.
    output = sys.stderr if wanted.json else sys.stdout
    outcomes: list[Outcome] = []
    try:
        with _stopped_by_sigterm():
            for part in _chosen(wanted):
                print(f"\n### {part.title}", file=output, flush=True)
                outcomes.append(_run(part, output))
    except KeyboardInterrupt:
        print("Interrupted; what had been started is stopped.", file=sys.stderr)
        return INTERRUPTED
    print("\n".join([*_not_yet_proved(), *summary.lines(outcomes)]), file=output, flush=True)
    if wanted.json:
        print(json.dumps(summary.as_json(outcomes)))
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _not_yet_proved() -> list[str]:
    left = traceability.uncovered()
    return ["", f"Requirements without a proof through a surface ({len(left)}): {', '.join(left)}"] if left else []


def _run(part: parts.Part, output: TextIO) -> Outcome:
    if part is not parts.POSTGRESQL:
        return parts.run(part, output=output)
    try:
        with cluster() as url:
            return parts.run(part, database_url=url, output=output)
    except NoCluster as refusal:
        print(refusal, file=output)
        return Outcome(part.title, 0, 1, 0, 0.0, "PostgreSQL did not start")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="genyin test", description="Run Genyin's tests.")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--quick", action="store_true", help="SQLite only, no browser, nothing slow")
    which.add_argument("--only", choices=[part.name for part in parts.FULL], help="one part alone")
    parser.add_argument("--json", action="store_true", help="end standard output with one JSON object")
    return parser.parse_args(arguments)


def _chosen(wanted: argparse.Namespace) -> tuple[parts.Part, ...]:
    if wanted.quick:
        return (parts.QUICK,)
    return tuple(part for part in parts.FULL if wanted.only in (None, part.name))


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """A SIGTERM ends the run as Ctrl-C does: through every `finally`, so that no server is left behind."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # SIGINT too: a shell that starts us in the background has it ignored, and Python then leaves it so.
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
