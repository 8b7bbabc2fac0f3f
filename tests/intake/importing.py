"""An import in a process of its own, to be killed: `python -m tests.intake.importing FILE SOURCE`.

Prints a line at each checkpoint and pauses for a moment, so that whoever kills it can choose where.
"""

import sys
import time
from pathlib import Path

import django


def main(path: str, source: str) -> None:
    django.setup()
    from genyin.base.actor import job  # noqa: PLC0415  Django must be set up first
    from genyin.intake import actions, progress  # noqa: PLC0415

    progress.MAX_CHUNK = 50
    progress.Meter.EVERY = 0.0

    def tell(at: progress.Progress) -> None:
        print(at.phase, at.rows, flush=True)
        if at.phase == "writing":
            time.sleep(0.02)

    run = actions.run(Path(path), source=source, progress=tell, by=job("command"))
    print("done", run.pk, run.created, run.updated, run.unchanged, run.rejected, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
