"""Statistics (procedure.md 7): Pareto with cumulative share, 环比 and 同比, by value and by month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents.models import Incident
from genyin.procedure import queries as procedures
from genyin.trends.statistics import cube, monthly
from genyin.trends.statistics.cube import Counted, Window
from genyin.trends.statistics.scope import EVERYTHING, Scope, having, known, period
from genyin.trends.statistics.standing import Standing, standing

MONTHS = 12  # that are listed
LONGEST = 60  # months a period may have, or be listed
MOST = 50


@dataclass(frozen=True, slots=True)
class Month:
    """Incidents of a month. 环比 `change` = (this - last) / last, 同比 `year_change` likewise against the same month a
    year ago; None where that one had none (printed "/"), or where the data do not cover it from its first day on: a
    part of a month is no yardstick. `running`: the month is not over, its changes compare a part with a whole.
    """

    month: str
    count: int
    change: float | None
    year_change: float | None
    running: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of a Pareto: count, share and cumulative share (0 to 1). `vital`: among the few that make 80 %.

    `change` is against the period of the same length before, `year_change` against the same one a year ago; None as
    in `Month`. A value "" was not given.
    """

    value: str
    count: int
    share: float
    cumulative: float
    vital: bool
    change: float | None = None
    year_change: float | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What one reader may see. `shares`: the most frequent of `values` values, of which `vital` make 80 % of `total`
    incidents from month `since` to `until`; `months`: up to and with `until`, oldest first.

    `as_of`: until when the data reach. `behind`: newer ones are being read.
    """

    by: str
    since: str
    until: str
    total: int
    values: int
    vital: int
    shares: tuple[Share, ...]
    months: tuple[Month, ...]
    as_of: datetime
    behind: bool


def statistics(
    actor: Actor,
    *,
    by: str = "service",
    since: str = "",
    until: str = "",
    scope: Scope = EVERYTHING,
    most: int = MOST,
    last: int = MONTHS,
) -> Statistics | None:
    """Figures of the months `since` to `until` (YYYY-MM, both included; by default the newest that has incidents).

    None: the cache is being made, ask again. Raises BadInput.
    """
    zone, now = procedures.site().zone, clock.now()
    wanted = scope.wanted(actor, by=known(by))
    if not 1 <= last <= LONGEST:
        raise BadInput(gettext_noop("Choose 1 to %(most)s months."), field="months", most=LONGEST)
    _window(since, until, since or until or clock.month_of(now, zone))  # refused before anything is read
    with standing() as found:
        if found is None:
            return None
        counted = cube.months(found.manifest.files(), wanted)
        window = _window(since, until, counted[-1][0] if counted else clock.month_of(now, zone))
        told = _pareto(found, wanted, by=by, window=window, whole=_whole_since(counted), most=most)
        first = told[0][0] if told else Counted("", 0, 0, 0, 0, 0, 0, 0)
        return Statistics(
            by, *window, first.total, first.values, first.vital, tuple(share for _counted, share in told),
            tuple(_months(counted, window[1], last, zone)), found.as_of, found.behind,
        )  # fmt: skip


def behind_figure(
    actor: Actor, *, since: str, until: str, by: str = "", value: str = "", scope: Scope = EVERYTHING
) -> QuerySet[Incident]:
    """The incidents that a figure counts, in the database: of a value of a dimension, or where `by` is "" of all."""
    window = monthly.month(since), monthly.month(until)
    seen = scope.counted(actor).filter(period(*window, procedures.site().zone))
    return seen.filter(having(by, value)) if by else seen


def share(one: Counted, *, change: float | None = None, year_change: float | None = None) -> Share:
    """A value's bar. The value that crosses 80 % still belongs to the few."""
    vital = (one.running - one.n) * 10 < one.total * 8
    return Share(one.value, one.n, one.n / one.total, one.running / one.total, vital, change, year_change)


def _pareto(
    found: Standing, wanted: cube.Wanted, *, by: str, window: Window, whole: str, most: int
) -> list[tuple[Counted, Share]]:
    length = monthly.between(*window) + 1
    now, before = monthly.back(window[1], length), monthly.back(window[1], 2 * length)[:length]
    year = monthly.back(window[1], 12 + length)[:length]
    rows = cube.pareto(
        found.manifest.files(*now, *before, *year), wanted, by=by if by in cube.BY else "label", period=window,
        before=(before[0], before[-1]), year=(year[0], year[-1]), most=most,
    )  # fmt: skip
    return [
        (
            one,
            share(
                one,
                change=_change(one.n, one.before) if before[0] >= whole else None,
                year_change=_change(one.n, one.year) if year[0] >= whole else None,
            ),
        )
        for one in rows
    ]


def _months(counted: Sequence[tuple[str, int, int]], until: str, last: int, zone: str) -> Iterator[Month]:
    counts, whole = {month: n for month, n, _day in counted}, _whole_since(counted)
    names = monthly.back(until, last + 12)
    for place in range(12, len(names)):
        month, before, year = names[place], names[place - 1], names[place - 12]
        n = counts.get(month, 0)
        yield Month(
            month=month,
            count=n,
            change=_change(n, counts.get(before, 0)) if before >= whole else None,
            year_change=_change(n, counts.get(year, 0)) if year >= whole else None,
            running=clock.month_window(month, zone)[1] > clock.now(),
        )


def _whole_since(counted: Sequence[tuple[str, int, int]]) -> str:
    """The first month that the data cover from its first day on."""
    if not counted:
        return monthly.NEVER
    month, _n, day = counted[0]
    return month if day == 1 else monthly.after(month)


def _window(since: str, until: str, newest: str) -> Window:
    """The months asked for, the newest one where none is. Raises BadInput."""
    last = monthly.month(until) if until else max(newest, monthly.month(since) if since else newest)
    first = monthly.month(since) if since else last
    if not 0 <= monthly.between(first, last) < LONGEST:
        raise BadInput(gettext_noop("Choose 1 to %(most)s months."), field="months", most=LONGEST)
    return first, last


def _change(this: int, before: int) -> float | None:
    return (this - before) / before if before else None
