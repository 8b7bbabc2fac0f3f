"""The monthly reports of the demo: month-end confirmations and the issued report of each month that is over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from genyin.base import clock
from genyin.demo.scene import Scene
from genyin.demo.stories import ZONE
from genyin.demo.text import Text
from genyin.reports import actions as reports
from genyin.reports import queries

#: A report is issued in the first days of the next month.
ISSUED_AFTER = timedelta(days=2, hours=10)
MONTHS = 11

REMARKS = Text(
    "本月重点：跟进仍在处理的高级别问题；邮件退信（SPF）与 VPN 早高峰认证失败呈上升趋势，建议下月优先立项。",
    "This month: open problems of high level; bounced mail (SPF) and VPN authentication are rising, take them up next.",
)


def due(today: date) -> Iterator[tuple[str, datetime]]:
    """The months that are over, oldest first, with the moment at which each is reported; never after `today` began."""
    latest = datetime.combine(today, time(), ZONE)
    first = today.replace(day=1)
    for month_end in reversed([_months_back(first, back) for back in range(MONTHS)]):
        month = (month_end - timedelta(days=1)).strftime("%Y-%m")
        yield month, min(datetime.combine(month_end, time(), ZONE) + ISSUED_AFTER, latest)


def issue(scene: Scene, month: str) -> None:
    """Every owner confirms the month's register rows, then a lead issues the report."""
    scene.arrivals.receive_until(clock.now())
    lead = scene.actors["lead"]
    for owner in queries.month_end_check(month, seen_by=lead).unconfirmed:
        reports.confirm_month_end(month, by=scene.actors[owner.username])
    if month == _last(scene.today):
        reports.issue(month, remarks=REMARKS.said_in(scene.language), by=lead)
    else:
        reports.issue(month, formats=(), by=lead)


def _months_back(first: date, back: int) -> date:
    total = first.year * 12 + first.month - 1 - back
    return date(total // 12, total % 12 + 1, 1)


def _last(today: date) -> str:
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
