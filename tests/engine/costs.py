"""How much more CPU one thing takes than another: a ratio holds on any machine, seconds do not."""

import time
from collections.abc import Callable

TRIED = 3
MOST = 200  # times as long as harmless text: room for what is looked at twice, none for backtracking


def times_as_long(work: Callable[[], object], than: Callable[[], object]) -> float:
    """The CPU of `work` over that of `than`, each the least of some tries."""
    return _least(work) / _least(than)


def _least(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _n in range(TRIED))


def _seconds(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return max(time.thread_time() - started, 1e-4)
