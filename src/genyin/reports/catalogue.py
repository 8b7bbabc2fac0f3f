"""Which figures a service report prints, in the order it prints them: the four sure lines first."""

from genyin.base.errors import gettext_noop
from genyin.reports import metrics as m
from genyin.reports.compliance import QUALITY, TIME
from genyin.reports.facts import PROACTIVE_SOURCES
from genyin.reports.metrics import Direction, Group, Metric, Unit

SURE_LINES = (
    Metric(
        "problems_total",
        Group.SURE,
        gettext_noop("Problems this month"),
        gettext_noop("registered in the month; duplicates, cancelled, out of scope and void left out"),
        Unit.COUNT,
        Direction.NONE,
        lambda month: m.count(month.registered),
    ),
    Metric(
        "problems_resolved",
        Group.SURE,
        gettext_noop("Of these resolved"),
        gettext_noop("registered in the month and resolved when the report was computed"),
        Unit.COUNT,
        Direction.UP,
        lambda month: m.count(f for f in month.registered if f.resolved),
    ),
    Metric(
        "problems_unresolved",
        Group.SURE,
        gettext_noop("Of these unresolved"),
        gettext_noop("total − resolved"),
        Unit.COUNT,
        Direction.DOWN,
        lambda month: m.count(f for f in month.registered if not f.resolved),
    ),
    Metric(
        "resolution_rate",
        Group.SURE,
        gettext_noop("Resolution rate"),
        gettext_noop("resolved ÷ total"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.registered if f.resolved), month.registered),
    ),
)

FLOW = (
    Metric(
        "solved_in_month",
        Group.FLOW,
        gettext_noop("Resolved in the month"),
        gettext_noop("resolved in the month, whenever registered"),
        Unit.COUNT,
        Direction.UP,
        lambda month: m.count(month.solved),
    ),
    Metric(
        "carried_over",
        Group.FLOW,
        gettext_noop("Carried over"),
        gettext_noop("unresolved and not closed at the end of the month, older ones included"),
        Unit.COUNT,
        Direction.DOWN,
        lambda month: m.count(month.open_at_end),
    ),
    Metric(
        "resolution_rate_carried",
        Group.FLOW,
        gettext_noop("Resolution rate with carry-over"),
        gettext_noop("resolved in the month ÷ (unresolved at the start + registered)"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share(month.solved, {*month.open_at_start, *month.registered}),
    ),
    Metric(
        "close_rate",
        Group.FLOW,
        gettext_noop("Close rate"),
        gettext_noop("closed of this month's problems ÷ total"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.registered if f.closed_at), month.registered),
    ),
    Metric(
        "queue_rate",
        Group.FLOW,
        gettext_noop("Queue rate"),
        gettext_noop("closed in the month ÷ registered in the month; below 1 the backlog grows"),
        Unit.RATIO,
        Direction.UP,
        lambda month: m.ratio(
            len(month.closed), len(month.registered), records=m.ids(month.closed), of=m.ids(month.registered)
        ),
    ),
    Metric(
        "successful_close_rate",
        Group.FLOW,
        gettext_noop("Successful close rate"),
        gettext_noop("closed with a fix or an accepted workaround ÷ closed in the month"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.closed if f.resolved), month.closed),
    ),
    Metric(
        "root_solved_share",
        Group.FLOW,
        gettext_noop("Root-solved share"),
        gettext_noop("closed with a fix ÷ closed in the month"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.closed if f.outcome == "fixed"), month.closed),
    ),
    Metric(
        "major_share",
        Group.FLOW,
        gettext_noop("Major share"),
        gettext_noop("major problems ÷ total"),
        Unit.PERCENT,
        Direction.DOWN,
        lambda month: m.share((f for f in month.registered if f.is_major), month.registered),
    ),
    Metric(
        "proactive_share",
        Group.FLOW,
        gettext_noop("Proactive share"),
        gettext_noop("from trend analysis, monitoring or inspection ÷ total"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.registered if f.source in PROACTIVE_SOURCES), month.registered),
    ),
    Metric(
        "performance_index",
        Group.FLOW,
        gettext_noop("Performance index"),
        gettext_noop("(new and still unresolved + resolved) ÷ (not closed at the end + closed)"),
        Unit.RATIO,
        Direction.UP,
        m.performance_index,
    ),
)

INCIDENTS = (
    Metric(
        "incidents_opened",
        Group.INCIDENTS,
        gettext_noop("Incidents opened"),
        gettext_noop("opened in the month"),
        Unit.COUNT,
        Direction.DOWN,
        lambda month: m.arrivals(month.incidents.opened, month.incidents.opened_ids),
    ),
    Metric(
        "incidents_resolved",
        Group.INCIDENTS,
        gettext_noop("Incidents resolved"),
        gettext_noop("resolved in the month"),
        Unit.COUNT,
        Direction.NONE,
        lambda month: m.arrivals(month.incidents.resolved, month.incidents.resolved_ids),
    ),
    Metric(
        "incidents_closed",
        Group.INCIDENTS,
        gettext_noop("Incidents closed"),
        gettext_noop("closed in the month"),
        Unit.COUNT,
        Direction.NONE,
        lambda month: m.arrivals(month.incidents.closed, month.incidents.closed_ids),
    ),
    Metric(
        "incidents_by_known_error",
        Group.INCIDENTS,
        gettext_noop("Incidents solved by a known error"),
        gettext_noop("resolved in the month citing a known error"),
        Unit.COUNT,
        Direction.UP,
        lambda month: m.arrivals(month.incidents.by_known_error, month.incidents.by_known_error_ids),
    ),
    Metric(
        "incidents_per_problem",
        Group.INCIDENTS,
        gettext_noop("Incidents per problem"),
        gettext_noop("incidents opened ÷ problems registered; beyond 10 look for trouble"),
        Unit.RATIO,
        Direction.NONE,
        m.incidents_per_problem,
    ),
)

METRICS = SURE_LINES + FLOW + TIME + QUALITY + INCIDENTS
BY_CODE = {metric.code: metric for metric in METRICS}
