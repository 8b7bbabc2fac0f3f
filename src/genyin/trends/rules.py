"""Pure decisions of the trend analysis: until when a source has data, what is a candidate, what is new evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p, log2
from statistics import median

GROWN = 1.5  # a dismissed family is proposed again when it has grown by half
PER_THOUSAND = 20  # candidates per 1,000 incidents: what a person can read
SHORTEST_LIST = 5
KEPT_FROM = (0.5, 0.9)  # shares of the list from which on a place costs one incident more than the rule asks for
FALSE_RISES = 0.1  # share of false alarms accepted among the rises told in a year of nightly runs

UNRESOLVED = 2  # incidents of one family closed without a cause: one may be an oversight
_WITHOUT_CAUSE = re.compile(
    r"work[ -]?around|temporar|(?:not|un)[ -]?(?:solved|resolved|reproduc)|(?:cannot|can't|could not) (?:be )?reproduc"
    r"|(?:no|unknown) (?:root )?(?:cause|fault)|(?:cause|reason) (?:unknown|not found)"
    r"|变通|临时|(?:原因|根因)(?:未查明|未找到|不明|未知|未明)|未查明|(?:无法|未能?)(?:复现|重现|解决)",
    re.IGNORECASE,
)

DEAD_SHARE = 0.1
QUIET_DAYS = 4


def data_end(per_day: Sequence[int]) -> int | None:
    """The last day, as a position, on which a source still told something; None when it never did.

    A source that has fallen silent, or to a trickle, has ended: what follows is no data, not no incidents.
    Silent: no incident for four days plus the time in which seven are usual. Trickle: a week with less than a
    tenth of the usual week, where the usual one has seven or more.
    """
    told = [day for day, count in enumerate(per_day) if count]
    if not told:
        return None
    last = len(per_day) - 1
    weeks = [sum(per_day[max(0, day - 6) : day + 1]) for day in range(told[0], last + 1)]
    usual = median(week for week in weeks if week)
    if last - told[-1] > QUIET_DAYS + 49 / usual:
        last = told[-1]
    if usual < 7:
        return last
    alive = [day for day in range(told[0], last + 1) if weeks[day - told[0]] >= DEAD_SHARE * usual]
    return alive[-1] if alive[-1] < last else last


@dataclass(frozen=True, slots=True)
class Seen:
    """What speaks for a candidate: incidents of the period not yet in a problem, all of them, a rise, major ones, and
    those that were closed without a cause."""

    recent: int
    size: int
    ratio: float = 0.0  # observed to expected where the family rises, else 0
    major: int = 0
    outage_minutes: int = 0
    unresolved: int = 0


def rules_met(seen: Seen, *, at_least: int) -> tuple[str, ...]:
    """Codes of the rules that make a candidate: major, rise, count, unresolved. Empty: none."""
    met = {
        "major": seen.major > 0,
        "rise": seen.ratio > 0 and seen.recent > 0,
        "count": seen.recent >= at_least,
        "unresolved": seen.unresolved >= UNRESOLVED,
    }
    return tuple(code for code, is_met in met.items() if is_met)


def rank(seen: Seen) -> float:
    """Order of the list, higher first: how often lately, how steeply, how badly. Doublings count as one."""
    steep = 2 * min(4.0, log2(1 + seen.ratio)) if seen.ratio else 0.0
    badly = 4 * log2(1 + seen.major) + log1p(seen.outage_minutes) / 2
    return log2(1 + seen.recent) + steep + badly + log2(1 + seen.unresolved)


def is_without_cause(resolution_code: str) -> bool:
    """Whether an incident was closed around its cause, or without one (R37): what the code of its source says."""
    return _WITHOUT_CAUSE.search(resolution_code) is not None


def has_place(one: float, *, listed: int, incidents: int, at_least: int) -> bool:
    """Whether the list still takes a candidate of this rank.

    one       : as from `rank`
    listed    : candidates of the period that were listed already
    incidents : those of the period; a person can read so many candidates of them
    at_least  : what the rule asks for

    Whatever meets a rule takes a place in the first half. From there on it must say as much as one incident more than
    the rule asks for, at the last tenth as two more: the small families of a busy month come before its storm, and
    would leave no place for it.
    """
    length = max(SHORTEST_LIST, incidents * PER_THOUSAND // 1000)
    more = sum(listed >= max(SHORTEST_LIST, share * length) for share in KEPT_FROM)
    return listed < length and (not more or one >= rank(Seen(recent=at_least + more, size=0)))


def is_new_evidence(*, size: int, size_then: int, rise_from: date | None, seen_until: date) -> bool:
    """Whether a family somebody decided on may be proposed again: grown by half, or a rise that began afterwards."""
    return size >= GROWN * max(size_then, 1) or (rise_from is not None and rise_from >= seen_until)


def recurrence(code: str, *, had_stopped: bool, observed: int, recent: int, at_least: int) -> str:
    """Why a resolved problem seems to be back, as a code; empty when it does not.

    not_fewer : the watch says that incidents have not become fewer
    came_back : they had stopped, and there are some again
    recurring : as many since as make a problem by themselves, and the fix is not proved to have reduced them
    """
    if code in ("unchanged", "worse"):
        return "not_fewer"
    if had_stopped and observed:
        return "came_back"
    if recent >= at_least and code != "reduced":
        return "recurring"
    return ""
