"""Which series rise, over a year of daily looks, and with how few false alarms."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genyin.sift.counts import Floats, discovery_limit
from genyin.sift.surprise import YEAR, surprises

Counts = NDArray[np.int64]
Days = NDArray[np.int64] | int | None

QUIET = 28  # days without evidence after which a rise is over, and the next one an alarm of its own
_SPEAKS = 0.5  # evidence that keeps a known rise up: as much comes to be seen in every second year


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rise, told once.

    series : row of the counts
    raised : column of the look that told it
    last   : column of the last look at which there was evidence of it
    on     : whether it was still on at the last look of all; False also where the data have ended
    p      : its evidence at the best of these looks, see `Rises`
    """

    series: int
    raised: int
    last: int
    on: bool
    p: float


@dataclass(frozen=True, slots=True)
class Rises:
    """What a run of daily looks tells.

    p      : (n_series,) at the last look, in [0, 1]: how often in a year of daily looks a series without a
             rise comes to show as much on any day. NaN where there is too little data to say anything
    alarms : the rises that were told, in the order of their looks
    """

    p: Floats
    alarms: tuple[Alarm, ...]


def rises(
    counts: Counts, *, looks: int = YEAR, since: Days = None, until: Days = None, false_share: float = 0.1
) -> Rises:
    """Look at many series every day, and tell each rise once.

    counts : (n_series, n_days) incidents per day, oldest first, UTC days
    looks  : how many last days are looked at, each as if the later ones had not come yet
    since  : first day with data, as a column number, one for all or (n_series,); default the first
    until  : last day with data, likewise; default the last
    false_share : share of false alarms among all alarms of a year that is accepted on average

    A look needs nothing that the looks before it had to remember: whoever calls it again with the same
    counts gets the same answer. A series is told when its p is small enough for Benjamini and
    Hochberg (1995) over all series that are looked at, each with its smallest p of the year so far. As
    p is valid for a year of looks, the false discovery rate holds for the year, not for the day; with
    no rise at all it is the probability of any alarm in the year.

    A series with less than 28 days of data before a window, or with days without data inside it, is
    not looked at: too little data, or an extraction that ended, is not "no rise".
    """
    if counts.ndim != 2:
        raise ValueError(f"counts has {counts.ndim} dimensions; it must be (n_series, n_days).")
    n, days = counts.shape
    looks = min(looks, days)
    p = np.full((n, looks), np.nan)
    if n:
        for column, found in surprises(
            counts.T.astype(np.float32, order="C"), _seen(n, days, since, until), looks=looks
        ):
            p[:, column - days + looks] = found
    told = _told(p, false_share)
    alarms = [
        alarm for series in np.flatnonzero(told.any(axis=1)).tolist() for alarm in _episodes(p, told, series, days)
    ]
    return Rises(p[:, -1] if looks else np.full(n, np.nan), tuple(sorted(alarms, key=lambda one: one.raised)))


def _seen(n: int, days: int, since: Days, until: Days) -> NDArray[np.bool_]:
    """(days, n) True where there is data."""
    first = np.broadcast_to(np.asarray(0 if since is None else since), (n,))
    last = np.broadcast_to(np.asarray(days - 1 if until is None else until), (n,))
    column = np.arange(days)[:, None]
    return np.asarray((column >= first) & (column <= last))


def _told(p: Floats, false_share: float) -> NDArray[np.bool_]:
    """(n, looks) True where the evidence of that very day is enough."""
    told = np.zeros(p.shape, dtype=np.bool_)
    # Only these can ever pass: all others are 20,000 rows a look.
    some = np.flatnonzero(np.nanmin(p, axis=1, initial=1) <= false_share)
    for look in range(p.shape[1]):
        year = np.nanmin(p[some, max(look - YEAR + 1, 0) : look + 1], axis=1, initial=1)
        tested = int((~np.isnan(p[:, look])).sum())
        told[some, look] = p[some, look] <= discovery_limit(year, false_share, tested=tested)
    return told


def _episodes(p: Floats, told: NDArray[np.bool_], series: int, days: int) -> Iterator[Alarm]:
    """One alarm for all looks at the same rise."""
    looks = p.shape[1]
    first = days - looks
    speaks = np.flatnonzero(p[series] <= _SPEAKS)
    for stretch in np.split(speaks, np.flatnonzero(np.diff(speaks) > QUIET) + 1):
        found = stretch[told[series, stretch]]
        if len(found):
            best = float(p[series, stretch[stretch >= found[0]]].min())
            on = not np.isnan(p[series, -1]) and looks - 1 - int(stretch[-1]) <= QUIET
            yield Alarm(int(series), first + int(found[0]), first + int(stretch[-1]), on, best)
