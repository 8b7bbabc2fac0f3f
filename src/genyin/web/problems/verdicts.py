"""What the recurrence watch says of a fix, in words and as a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from genyin.base.actor import Actor
from genyin.base.errors import gettext_noop
from genyin.problems.models import Problem
from genyin.reports.documents.text import DASH
from genyin.reviews.actions import latest_verdict
from genyin.reviews.models import WatchVerdict
from genyin.trends import watch
from genyin.trends.watch import Bin
from genyin.web.parts import Verdict

WORDS = {
    "stopped": (gettext_noop("Stopped"), "ok"),
    "reduced": (gettext_noop("Reduced"), "ok"),
    "unchanged": (gettext_noop("Unchanged"), "soon"),
    "worse": (gettext_noop("Worse"), "bad"),
    "too_little_data": (gettext_noop("Too little data"), ""),
    "not_applicable": (gettext_noop("Not applicable"), ""),
}
#: Why the watch cannot tell.
REASONS = {
    "no_incidents_before": gettext_noop("There were no incidents before the fix that could stop."),
    "baseline_too_short": gettext_noop("The time before the fix is too short to compare with."),
    "no_exposure": gettext_noop("No site with incidents has the fix yet."),
    "data_ended": gettext_noop("The sources have delivered nothing since; no data is not no incidents."),
    "watch_too_short": gettext_noop("The fix has not been live long enough."),
}
SHOWN = 13  # bins of two weeks: half a year


@dataclass(frozen=True, slots=True)
class Row:
    """Two weeks of the chart: figures as text, the event at its start, and its state (late, after or nothing)."""

    start: str
    count: str
    expected: str
    low: str
    high: str
    event: str
    state: str


@dataclass(frozen=True, slots=True)
class Watched:
    """The watch of a problem as its page shows it."""

    verdict: Verdict
    rows: Sequence[Row]
    until: datetime | None
    looked_at: datetime | None
    back: bool


def watched(problem: Problem, *, seen_by: Actor) -> Watched | None:
    """The watch over the present cycle; None while no fix is live."""
    if problem.fixed_at is None:
        return None
    held = watch.watch_of(problem, seen_by=seen_by)
    return Watched(
        verdict=shown(latest_verdict(problem), whole=watch.sees_whole(problem, actor=seen_by)),
        rows=rows(watch.series(problem, seen_by=seen_by)[-SHOWN:]),
        until=held.ends_at if held else None,
        looked_at=held.looked_at if held else None,
        back=bool(held and held.recurrence),
    )


def shown(verdict: WatchVerdict | None, *, whole: bool) -> Verdict:
    """The watch's last word, for who sees the `whole` of what it judges by with the figures it says it by."""
    if verdict is None:
        return Verdict(_(WORDS["too_little_data"][0]), _("The watch has not looked yet."), "")
    name, tone = WORDS[verdict.code]
    figures = _figures(verdict.text) if whole else _("It also judges by incidents that you may not see.")
    return Verdict(_(name), figures, tone)  # type: ignore[arg-type]


def rows(bins: Sequence[Bin]) -> list[Row]:
    """The table behind the chart. The line stands at the first two weeks with the fix."""
    first = next((place for place, one in enumerate(bins) if one.live), None)
    return [_row(one, marks=place == first) for place, one in enumerate(bins)]


def _row(one: Bin, *, marks: bool) -> Row:
    above = one.high is not None and one.count > one.high
    return Row(
        start=f"{one.start:%m-%d}",
        count=str(one.count) if one.told else "",
        expected=_number(one.expected),
        low=_number(one.low),
        high=_number(one.high),
        event=_("Fix live") if marks else "",
        state="late" if above else "after" if one.live else "",
    )


def _figures(said: dict[str, object]) -> str:
    """28 days 0; without the fix 10.8 expected (5–17): or why it cannot tell."""
    if why := said.get("why"):
        return f"{_(REASONS.get(str(why), str(why)))} {_patience(said.get('days_needed'))}".strip()
    if said.get("expected") is None:
        return ""
    return _("%(observed)s in %(days)s days; without the fix %(expected)s expected (%(low)s–%(high)s)") % {
        "observed": said.get("observed", DASH),
        "days": said.get("days", DASH),
        "expected": _number(said["expected"]),
        "low": _number(said.get("low")),
        "high": _number(said.get("high")),
    }


def _patience(days: object) -> str:
    """From when on it can tell, where that is known."""
    if not isinstance(days, int):
        return ""
    return ngettext("It can tell after %(n)s day.", "It can tell after %(n)s days.", days) % {"n": days}


def _number(value: object) -> str:
    """12.4, or 12 for a whole number; nothing where nothing is known."""
    if not isinstance(value, int | float):
        return ""
    return f"{value:.0f}" if value == round(value) else f"{value:.1f}"
