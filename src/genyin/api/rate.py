"""How often one caller may ask of one web process.

The shared cache is the database, so a shared count would cost a write for every read, on SQLite the one write lock.
N processes therefore let a caller ask N times as often; the API's description and `serve --help` say so.
"""

import threading
import time
from collections import OrderedDict

from genyin.api.errors import TooMany
from genyin.base.actor import Actor
from genyin.base.errors import gettext_noop

PER_MINUTE = 1200
MOST_CALLERS = 10_000  # remembered at a time; the one that was silent longest is forgotten first

_lock = threading.Lock()
_seen: OrderedDict[tuple[int | None, int | None], tuple[int, int]] = OrderedDict()


def forget() -> None:
    """Count everybody anew: for tests, where another caller gets the same number."""
    with _lock:
        _seen.clear()


def count(actor: Actor) -> None:
    """One more request in this minute. Raises TooMany."""
    now = time.monotonic()
    minute = int(now // 60)
    caller = (actor.user_id, actor.token_id)
    with _lock:
        last, asked = _seen.pop(caller, (minute, 0))
        asked = asked + 1 if last == minute else 1
        _seen[caller] = (minute, asked)
        if len(_seen) > MOST_CALLERS:
            _seen.popitem(last=False)
    if asked > PER_MINUTE:
        wait = 60 - int(now % 60)
        raise TooMany(gettext_noop("Too many requests. Try again in %(wait)s seconds."), wait=wait)
