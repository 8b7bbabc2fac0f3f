"""Whether the cache can answer at once, and who brings it up to date: who asks, a thread beside them, or the worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from genyin.base import clock, jobs
from genyin.base.aside import Aside
from genyin.base.errors import gettext_noop
from genyin.base.models import Event
from genyin.incidents.models import Incident
from genyin.procedure import queries as procedures
from genyin.trends.statistics import store
from genyin.trends.statistics.partitions import is_current, refresh
from genyin.trends.statistics.store import Manifest

NOT_YET = gettext_noop("The figures are being prepared. Ask again in a minute.")
AT_ONCE = 30_000  # so many incidents are read while somebody waits; more in the background


@dataclass(frozen=True, slots=True)
class Standing:
    """The cache as it may be read now: until when its data reach, and whether newer ones are being read."""

    manifest: Manifest
    as_of: datetime
    behind: bool


@contextmanager
def standing() -> Iterator[Standing | None]:
    """The cache, kept as it is until the end of the block. None: it is being made; say so, and ask again.

    Who can wait, however long it takes, calls `refresh` before.
    """
    zone = procedures.site().zone
    behind = not _is_current(zone)
    if behind and _is_small():
        refresh()
        behind = False
    elif behind:
        _refreshing.start()
    with store.reading() as manifest:
        # Months cut in another zone are no answer.
        if manifest is None or manifest.zone != zone:
            yield None
        else:
            yield Standing(manifest, manifest.at if behind else clock.now(), behind)


def nightly() -> None:
    """The scheduled job: what no event tells of, such as rows deleted by hand, is found too."""
    refresh()


def every_night() -> None:
    """Make sure the job is on the schedule: at 18:30 UTC, half past two in the morning in Shanghai."""
    jobs.every("statistics", "genyin.trends.statistics.standing.nightly", cron="30 18 * * *")


def imported(event: Event) -> None:
    """After an import: the reaction to its end."""
    refresh()


def _is_current(zone: str) -> bool:
    with store.reading() as manifest:
        return manifest is not None and is_current(manifest, zone)


def _is_small() -> bool:
    return Incident.objects.all()[: AT_ONCE + 1].count() <= AT_ONCE


_refreshing = Aside("statistics", lambda: refresh(wait=False))
