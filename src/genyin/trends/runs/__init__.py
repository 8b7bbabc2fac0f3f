"""A trend analysis: reads the incidents, groups them, tests for rises, lists candidates (R5, R10, R17, R39)."""

import importlib
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from django.db import transaction

from genyin.base import clock, events, jobs
from genyin.base.actor import Actor, Delegated, job
from genyin.base.errors import BadInput, Conflict, gettext_noop
from genyin.base.memory import peak_mb
from genyin.people.roles import require
from genyin.sift.group import Grouping
from genyin.trends.models import Decision, Run
from genyin.trends.runs import families, listing, novelty, reading, rising, turns
from genyin.trends.runs.assigning import assign, received
from genyin.trends.runs.grouping import grouped
from genyin.trends.runs.reading import History
from genyin.trends.runs.rising import Risen

__all__ = ["RunResult", "analyse", "assign", "every_night", "nightly", "received", "run"]

ATTEMPTS = 3

#: What the event says of a run.
TOLD = ("incidents", "families", "rising", "candidates", "held_back", "since", "until", "watermark")

Seen = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did: incidents read, families there are now, candidates new on the list, time and memory."""

    run: Run
    incidents: int
    families: int
    candidates: int
    seconds: float
    peak_mb: float


def run(*, by: Actor, until: datetime | None = None, scheduler: str = "") -> RunResult:
    """Analyse the incidents up to `until` (now, unless a replay says otherwise), on the Dask cluster of a scheduler
    where one is named: the families are the same. Raises BadInput when it does not answer.

    Families keep their numbers; what people decided is kept to. Thinking is done outside the transaction; when
    somebody decided something meanwhile, or another run was quicker, it is done again.
    """
    through = require(by, "trend.run")
    started, moment = perf_counter(), until or clock.now()
    for _attempt in range(ATTEMPTS):
        seen, first = _decided_so_far(), families.next_number()
        history = reading.history(moment)
        grouping = _grouped(history, scheduler)
        risen = rising.risen(grouping, history)
        with transaction.atomic():
            turns.take()
            if _decided_so_far() != seen:
                continue
            grouping, risen = families.renumbered(grouping, risen, first)
            return _write(grouping, history, risen, started, by=by, through=through)
    raise Conflict(gettext_noop("Families are being changed all the time. Try again in a minute."))


def _grouped(history: History, scheduler: str) -> Grouping:
    if not scheduler:
        return grouped(history.records)
    try:
        cluster = importlib.import_module("genyin.trends.runs.cluster")
    except ModuleNotFoundError as lacking:
        why = gettext_noop("A cluster needs the package %(name)s: install Genyin with its extra “cluster”.")
        raise BadInput(why, field="scheduler", name=lacking.name) from lacking
    with ExitStack() as stack:
        try:
            spread = stack.enter_context(cluster.on(scheduler))
        except OSError as silent:
            why = gettext_noop(
                "No scheduler answers at %(address)s; start it and its workers, or leave --scheduler out."
            )
            raise BadInput(why, field="scheduler", address=scheduler) from silent
        return grouped(history.records, spread)


def analyse(*, by: Actor, scheduler: str = "") -> RunResult:
    """`run`, and what came by file is judged: is it the first of its kind?"""
    done = run(by=by, scheduler=scheduler)
    novelty.catch_up()
    return done


def nightly() -> None:
    """The scheduled run."""
    analyse(by=job("trends"))


def every_night() -> None:
    """Make sure the run is on the schedule: at 19:00 UTC, three in the morning in Shanghai."""
    jobs.every("trends.run", "genyin.trends.runs.nightly", cron="0 19 * * *")


def _write(
    grouping: Grouping,
    history: History,
    risen: Risen,
    started: float,
    *,
    by: Actor,
    through: Delegated | None,
) -> RunResult:
    found = families.write(grouping, history, risen.families)
    one = _record(history, by=by)
    listed = listing.write(one, grouping, history, found)
    one.families, one.rising = len(found), len(risen.families)
    one.risen = list(risen.services)
    one.candidates, one.held_back = listed.new, listed.held_back
    one.seconds, one.peak_mb = round(perf_counter() - started, 2), peak_mb()
    one.save()
    after = {name: getattr(one, name) for name in TOLD}
    events.record("trend.run", one, by=by, after=after, through=through)
    return RunResult(one, one.incidents, one.families, one.candidates, one.seconds, one.peak_mb)


def _record(history: History, *, by: Actor) -> Run:
    days = history.day
    sources = {
        name: {"incidents": source.incidents, "from": reading.day_of(source.first), "to": reading.day_of(source.last)}
        for name, source in sorted(history.sources.items())
    }
    return Run.objects.create(
        at=clock.now(),
        by=by.name,
        since=datetime.fromtimestamp(int(days.min()) * 86400, UTC) if len(days) else None,
        until=history.until,
        window_days=reading.WINDOW_DAYS,
        watermark=history.watermark,
        sources=events.plain(sources),
        incidents=len(history.records),
    )


def _decided_so_far() -> Seen:
    """The last decision and the last run."""
    last = Run.objects.order_by("-id").values_list("id", flat=True).first()
    return last or 0, Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0
