"""A process that writes an index and is killed meanwhile: run by test_folder."""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from genyin.sift.folder import Folder
from genyin.sift.index import Index
from genyin.sift.records import Record

YOUNG = 5
TAIL_ROWS = 8


def records(first: int, last: int) -> list[Record]:
    words = "disk full login fails timeout replica mail printer".split()  # noqa: SIM905
    return [
        Record(n, f"{words[n % 8]} {words[n % 3]} {words[n % 5]}", service=n % 3, codes=(("ci", f"ci-{n % 4}"),), day=n)
        for n in range(first, last)
    ]


def opened(path: Path) -> Folder:
    folder = Folder(path, Index(tail_rows=TAIL_ROWS, young=YOUNG))
    folder.refresh()
    return folder


def write_on(folder: Folder, until: int) -> None:
    """Add records up to a number, eight at a time, and write after each eight."""
    start = int(folder.note or 0)
    for first in range(start, until, TAIL_ROWS):
        folder.index.extend(records(first, first + TAIL_ROWS))
        folder.checkpoint(str(first + TAIL_ROWS))
        folder.settle()


def count_down(steps: list[int], step: Callable[..., Any]) -> Callable[..., Any]:
    """The same step, before which this process is killed when its turn has come."""

    def taken(*args: Any, **named: Any) -> Any:
        steps[0] -= 1
        if steps[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*args, **named)

    return taken


def die_at(path: Path, step: int, until: int) -> None:
    """Write, and be killed before the given step; steps are counted from 0 and end when everything is written."""
    folder, left = opened(path), [step]
    os.fsync = count_down(left, os.fsync)
    Path.replace = count_down(left, Path.replace)  # type: ignore[method-assign]
    Path.unlink = count_down(left, Path.unlink)  # type: ignore[method-assign]
    write_on(folder, until)


def die_everywhere(home: Path, until: int) -> None:
    """Each step in a child of its own, which takes less than starting anew for each; tells how each child ended."""
    for step in count():
        if not (child := os.fork()):
            die_at(home / str(step), step, until)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(ended, flush=True)
        if not ended:
            return


def tell(path: Path) -> None:
    """Write until killed; after each eight records, tell how many are written."""
    folder = opened(path)
    while True:
        write_on(folder, int(folder.note or 0) + TAIL_ROWS)
        print(folder.note, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "everywhere":
        die_everywhere(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        tell(Path(sys.argv[2]))
