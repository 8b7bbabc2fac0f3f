"""Figures on time and on the quality of the work: those that imported history is left out of."""

from genyin.base.errors import gettext_noop
from genyin.reports import metrics as m
from genyin.reports.facts import Clock
from genyin.reports.metrics import Direction, Group, Metric, Unit

TIME = (
    Metric(
        "late_assignment",
        Group.TIME,
        gettext_noop("Late assignment"),
        gettext_noop("assigned later than planned ÷ total"),
        Unit.PERCENT,
        Direction.DOWN,
        lambda month: m.late(month, Clock.ASSIGNMENT),
    ),
    Metric(
        "late_cause",
        Group.TIME,
        gettext_noop("Late root cause"),
        gettext_noop("cause found later than planned ÷ total"),
        Unit.PERCENT,
        Direction.DOWN,
        lambda month: m.late(month, Clock.CAUSE),
    ),
    Metric(
        "late_solution",
        Group.TIME,
        gettext_noop("Late solution"),
        gettext_noop("solution planned later than due ÷ total"),
        Unit.PERCENT,
        Direction.DOWN,
        lambda month: m.late(month, Clock.SOLUTION),
    ),
    Metric(
        "on_time_rate",
        Group.TIME,
        gettext_noop("On-time rate"),
        gettext_noop(
            "on time ÷ resolved in the month with a plan; on time: by the planned finish, else solution by its target"
        ),
        Unit.PERCENT,
        Direction.UP,
        m.on_time,
    ),
    Metric(
        "mean_time_to_cause",
        Group.TIME,
        gettext_noop("Mean time to root cause"),
        gettext_noop("Σ(cause found − registered − on hold) ÷ causes found in the month"),
        Unit.DAYS,
        Direction.DOWN,
        lambda month: m.mean_days(
            (f, f.worked_to_cause) for f in month.counted if not f.imported and month.window.holds(f.cause_found_at)
        ),
    ),
    Metric(
        "mean_time_to_fix",
        Group.TIME,
        gettext_noop("Mean time to fix"),
        gettext_noop("Σ(fix live − registered − on hold) ÷ fixes live in the month"),
        Unit.DAYS,
        Direction.DOWN,
        lambda month: m.mean_days(
            (f, f.worked_to_fix) for f in month.counted if not f.imported and month.window.holds(f.fixed_at)
        ),
    ),
    Metric(
        "mean_time_to_solve",
        Group.TIME,
        gettext_noop("Mean time to solve"),
        gettext_noop("Σ(resolved − registered − on hold) ÷ resolved in the month"),
        Unit.DAYS,
        Direction.DOWN,
        lambda month: m.mean_days((f, f.worked_to_resolve) for f in month.native_solved),
    ),
)

QUALITY = (
    Metric(
        "review_rate",
        Group.QUALITY,
        gettext_noop("Review rate"),
        gettext_noop("resolved with an approved review ÷ resolved in the month; target 100%"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.native_solved if f.reviewed), month.native_solved),
    ),
    Metric(
        "minutes_rate",
        Group.QUALITY,
        gettext_noop("Minutes rate"),
        gettext_noop("resolved with minutes ÷ resolved in the month; target 100%"),
        Unit.PERCENT,
        Direction.UP,
        lambda month: m.share((f for f in month.native_solved if f.has_minutes), month.native_solved),
    ),
    Metric(
        "follow_ups_on_time",
        Group.QUALITY,
        gettext_noop("Action items on time"),
        gettext_noop("done by their date ÷ due in the month"),
        Unit.PERCENT,
        Direction.UP,
        m.follow_ups_on_time,
    ),
    Metric(
        "record_gap_share",
        Group.QUALITY,
        gettext_noop("Incomplete records"),
        gettext_noop("records missing a required field or link ÷ total"),
        Unit.PERCENT,
        Direction.DOWN,
        lambda month: m.share((f for f in month.native if f.missing), month.native),
    ),
    Metric(
        "waivers",
        Group.QUALITY,
        gettext_noop("Waivers"),
        gettext_noop("control points waived in the month"),
        Unit.COUNT,
        Direction.DOWN,
        m.waivers,
    ),
    Metric(
        "recurrence_rate",
        Group.QUALITY,
        gettext_noop("Problem recurrence"),
        gettext_noop("closed in the month and reopened within 180 days ÷ closed in the month"),
        Unit.PERCENT,
        Direction.DOWN,
        m.recurrence,
    ),
    Metric(
        "change_success",
        Group.QUALITY,
        gettext_noop("Change success"),
        gettext_noop("successful ÷ changes from problems finished in the month"),
        Unit.PERCENT,
        Direction.UP,
        m.change_success,
    ),
    Metric(
        "mean_reassignments",
        Group.QUALITY,
        gettext_noop("Mean reassignments"),
        gettext_noop("Σ reassignments ÷ unresolved at the end"),
        Unit.RATIO,
        Direction.DOWN,
        m.reassignments,
    ),
    Metric(
        "known_errors",
        Group.QUALITY,
        gettext_noop("Known errors in force"),
        gettext_noop("problems with a known error in force at the end"),
        Unit.COUNT,
        Direction.NONE,
        lambda month: m.count(m.known_errors(month)),
    ),
    Metric(
        "known_error_share",
        Group.QUALITY,
        gettext_noop("Known errors among unresolved"),
        gettext_noop("unresolved with a known error in force ÷ unresolved at the end"),
        Unit.PERCENT,
        Direction.NONE,
        lambda month: m.share({*m.known_errors(month)} & {*month.open_at_end}, month.open_at_end),
    ),
)
