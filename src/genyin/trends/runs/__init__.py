"""A trend analysis: reads the incidents, groups them, tests for rises, lists candidates (R5, R10, R17, R39)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from django.db import transaction

from genyin.base import clock, events, jobs
from genyin.base.actor import Actor, Delegated, job
from genyin.base.errors import Conflict, gettext_noop
from genyin.base.memory import peak_mb
from genyin.people.roles import require
from genyin.procedure import queries as procedures
from genyin.procedure.models import ProcedureVersion
from genyin.sift.group import Grouping
from genyin.trends.models import Decision, Run
from genyin.trends.runs import families, listing, reading, rising
from genyin.trends.runs.assigning import assign, received
from genyin.trends.runs.grouping import grouped
from genyin.trends.runs.listing import Rule
from genyin.trends.runs.reading import History
from genyin.trends.runs.rising import Risen

__all__ = ["RunResult", "assign", "every_night", "nightly", "received", "run"]

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


def run(*, by: Actor, until: datetime | None = None) -> RunResult:
    """Analyse the incidents up to `until` (now, unless a replay says otherwise).

    Families keep their numbers; what people decided is kept to. Thinking is done outside the transaction; when
    somebody decided something meanwhile, or another run was quicker, it is done again.
    """
    through = require(by, "trend.run")
    started, moment = perf_counter(), until or clock.now()
    for _attempt in range(ATTEMPTS):
        seen = _decided_so_far()
        history = reading.history(moment)
        grouping = grouped(history.records)
        risen = rising.risen(grouping, history)
        with transaction.atomic():
            if _decided_so_far(lock=True) != seen:
                continue
            return _write(grouping, history, risen, started, by=by, through=through)
    raise Conflict(gettext_noop("Families are being changed all the time. Try again in a minute."))


def nightly() -> None:
    """The scheduled run."""
    run(by=job("trends"))


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
    rule = _rule()
    listed = listing.write(one, grouping, history, found, rule=rule)
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


def _rule() -> Rule:
    procedure = procedures.read(procedures.current())
    return Rule(procedure.interim_incidents, procedure.interim_days)


def _decided_so_far(*, lock: bool = False) -> Seen:
    """The last decision and the last run. Locked, two runs at once go one after the other."""
    if lock:
        # A statement of its own, so that what is read next was written by whoever was waited for. The first version is
        # there before the first run, and registering a problem does not wait for it.
        ProcedureVersion.objects.select_for_update(no_key=True).order_by("number").first()
    last = Run.objects.order_by("-id").values_list("id", flat=True).first()
    return last or 0, Decision.objects.order_by("-id").values_list("id", flat=True).first() or 0
