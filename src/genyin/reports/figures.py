"""All figures of one report, computed from its facts: what is frozen when the report is issued."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from genyin.reports import breakdowns
from genyin.reports.breakdowns import AgeRow, Count, Handling
from genyin.reports.catalogue import METRICS
from genyin.reports.facts import Clock, Facts, IncidentCounts, ProblemFact, RegisterGap, Scope, Window
from genyin.reports.findings import Finding, findings
from genyin.reports.metrics import DEFINITIONS, Figure, Month

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Line:
    """A problem that the report names in words: major, carried over, risk accepted, incomplete."""

    id: int
    ref: str
    title: str
    stage: str
    level: str
    outcome: str
    registered_at: datetime
    owner: str = ""
    service: str = ""
    customer: str = ""
    due_at: datetime | None = None
    until: datetime | None = None
    cause: str = ""
    action: str = ""
    verdict: str = ""
    reason: str = ""
    waiting_for: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """One report in numbers. `values` is code -> month or "total" -> figure; `months` is oldest first."""

    definitions: str
    scope: Scope
    zone: str
    month: str
    start: datetime
    end: datetime
    as_of: datetime
    months: tuple[str, ...]
    values: dict[str, dict[str, Figure]]
    counts: dict[str, tuple[Count, ...]]
    handling: tuple[Handling, ...]
    ages_by_stage: tuple[AgeRow, ...]
    ages_by_level: tuple[AgeRow, ...]
    left_out: tuple[tuple[str, tuple[int, ...]], ...]
    imported: tuple[int, ...]
    findings: tuple[Finding, ...]
    major: tuple[Line, ...] = ()
    carried: tuple[Line, ...] = ()
    risks: tuple[Line, ...] = ()
    gaps: tuple[Line, ...] = ()
    register_gaps: tuple[RegisterGap, ...] = ()
    unconfirmed: tuple[str, ...] = ()

    def of_month(self, code: str) -> Figure:
        """The figure of the reported month."""
        return self.values[code][self.month]

    def before(self, code: str) -> Figure | None:
        """The figure of the month before, where the report has one."""
        return self.values[code][self.months[-2]] if len(self.months) > 1 else None


def summary(figures: Figures) -> dict[str, dict[str, int | float | None]]:
    """The sure lines and the incidents of the month as plain numbers, for programs; no rate where the total is zero."""
    rate = figures.of_month("resolution_rate").value
    problems = {
        code: int(figures.of_month(f"problems_{code}").numerator) for code in ("total", "resolved", "unresolved")
    }
    incidents = {
        code: int(figures.of_month(f"incidents_{code}").numerator) for code in ("opened", "resolved", "closed")
    }
    return {
        "problems": {**problems, "resolution_rate": None if rate is None else round(float(rate), 6)},
        "incidents": {**incidents},
    }


def compute(facts: Facts) -> Figures:
    """Every figure of the report. The same facts always give the same figures."""
    arrivals = {counts.month: counts for counts in facts.incidents}
    months = {w.month: Month(facts.problems, w, arrivals.get(w.month, IncidentCounts(w.month))) for w in facts.windows}
    whole = Month(facts.problems, whole_window(facts), summed(arrivals[m] for m in months if m in arrivals))
    month = months[facts.window.month]
    columns = {**months, TOTAL: whole}
    return Figures(
        definitions=DEFINITIONS,
        scope=facts.scope,
        zone=facts.zone,
        month=facts.window.month,
        start=facts.window.start,
        end=facts.window.end,
        as_of=facts.window.as_of,
        months=tuple(months),
        values={metric.code: {key: metric.compute(column) for key, column in columns.items()} for metric in METRICS},
        counts={dimension: breakdowns.counts(month, dimension) for dimension in breakdowns.DIMENSIONS},
        handling=breakdowns.handling(month),
        ages_by_stage=breakdowns.ages(month, lambda fact: fact.stage, breakdowns.STAGES),
        ages_by_level=breakdowns.ages(month, lambda fact: fact.level, breakdowns.LEVELS),
        left_out=breakdowns.left_out(month),
        imported=tuple(sorted(fact.id for fact in month.registered if fact.imported)),
        findings=findings(month),
        major=lines(month, major_in),
        carried=lines(month, lambda m: m.open_at_end),
        risks=lines(month, lambda m: (f for f in m.counted if f.risk_until and f.risk_until >= m.window.start)),
        gaps=lines(month, lambda m: (f for f in m.native if f.missing)),
        register_gaps=facts.register_gaps,
        unconfirmed=facts.unconfirmed,
    )


def major_in(month: Month) -> list[ProblemFact]:
    """Major problems that the month has to tell of: registered, solved or closed in it, or still open."""
    told = {*month.registered, *month.solved, *month.closed, *month.open_at_end}
    return [fact for fact in told if fact.is_major]


def lines(month: Month, select: Callable[[Month], Iterable[ProblemFact]]) -> tuple[Line, ...]:
    """The chosen problems as lines, oldest first."""
    chosen = sorted(select(month), key=lambda fact: (fact.registered_at, fact.id))
    return tuple(line(fact, month.window) for fact in chosen)


def line(fact: ProblemFact, window: Window) -> Line:
    """A problem as the report tells of it."""
    return Line(
        id=fact.id,
        ref=fact.ref,
        title=fact.title,
        stage=fact.stage,
        level=fact.level,
        outcome=fact.outcome,
        registered_at=fact.registered_at,
        owner=fact.owner,
        service=fact.service,
        customer=fact.customer,
        due_at=fact.due_at or fact.solution_due_at,
        until=fact.risk_until or fact.held_until,
        cause=fact.cause,
        action=fact.solution,
        verdict=fact.verdict,
        reason=fact.hold_reason,
        waiting_for=fact.waiting_for,
        missing=fact.missing,
        late=tuple(clock.value for clock in Clock if not fact.imported and fact.late_at(clock, window.as_of)),
    )


def whole_window(facts: Facts) -> Window:
    """All columns together."""
    first, last = facts.windows[0], facts.windows[-1]
    return Window(TOTAL, first.start, last.end, last.as_of)


def summed(months: Iterable[IncidentCounts]) -> IncidentCounts:
    """The incidents of several months; ids are kept by the reported month alone."""
    every = tuple(months)
    return IncidentCounts(
        TOTAL,
        opened=sum(m.opened for m in every),
        resolved=sum(m.resolved for m in every),
        closed=sum(m.closed for m in every),
        by_known_error=sum(m.by_known_error for m in every),
    )
