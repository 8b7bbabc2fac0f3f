"""Takes the facts of a report from the database: only what the actor may see, in a fixed number of queries."""

import re
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.clock import month_window
from genyin.base.errors import BadInput, NotAllowed, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Customer, Incident, Project
from genyin.knowledge.models import KnownErrorState, Trial
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.models import IncidentLink, Problem
from genyin.problems.stages import Outcome, Stage
from genyin.procedure import queries as procedures
from genyin.reports import month_end
from genyin.reports.facts import Facts, IncidentCounts, Scope, ScopeKind, Window
from genyin.reports.problem_facts import facts_of

MONTHS = 12
A_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
EVERYTHING = Scope()


def gather(
    month: str, *, seen_by: Actor, scope: Scope = EVERYTHING, zone: str = "", as_of: datetime | None = None
) -> Facts:
    """The facts for the report of `month` (YYYY-MM, cut in the site's zone or `zone`), known at `as_of` (now).

    Raises BadInput for a month that is none or has not begun, UnknownReference for a source nothing came from, and
    NotAllowed for the customer's side: figures and lines are made from internal text.
    """
    if is_outside(seen_by):
        raise NotAllowed(gettext_noop("Reports are internal; ask your provider for the issued one."))
    zone, as_of = zone or procedures.site().zone, as_of or clock.now()
    windows = windows_up_to(month, zone=zone, as_of=as_of)
    # What another machine, its clock ahead, stamped later is left to the next report, which tells it as late.
    seen = problems_in(scope, seen_by).exclude(register_entry__entered_at__gt=as_of)
    arrived = incidents_in(scope, seen_by).filter(received_at__lte=as_of)
    if scope.source and not arrived.exists():
        nothing = gettext_noop("No incident that you may see came from “%(source)s”.")
        raise UnknownReference(nothing, field="source", source=scope.source)
    windows = from_the_first_record(windows, seen, arrived)
    told = told_of(seen, windows[0])
    check = month_end.check(seen, windows[-1])
    return Facts(
        scope=scope,
        zone=zone,
        windows=windows,
        problems=facts_of(told, zone=zone, as_of=as_of),
        incidents=counts(arrived, windows),
        register_gaps=check.gaps,
        unconfirmed=tuple(sorted(owner.name for owner in check.unconfirmed)),
    )


def scope_of(*, customer: Customer | None = None, project: Project | None = None, source: str = "") -> Scope:
    """The scope in words and ids. A project is narrower than its customer and is taken when both are given."""
    if project is not None:
        return Scope(ScopeKind.PROJECT, project.pk, project.name, source)
    if customer is not None:
        return Scope(ScopeKind.CUSTOMER, customer.pk, customer.name, source)
    return Scope(source=source)


def problems_in(scope: Scope, actor: Actor) -> QuerySet[Problem]:
    """Problems of the scope that the actor may see; with a source, those that an incident of it is linked to."""
    seen = problems.visible_to(actor)
    if scope.kind is not ScopeKind.ALL:
        field = "service__customer_id" if scope.kind is ScopeKind.CUSTOMER else "service__project_id"
        seen = seen.filter(**{field: scope.id})
    if scope.source:
        seen = seen.filter(id__in=IncidentLink.objects.filter(incident__source=scope.source).values("problem_id"))
    return seen


def incidents_in(scope: Scope, actor: Actor) -> QuerySet[Incident]:
    """Incidents of the scope that the actor may see."""
    seen = incidents.visible_to(actor)
    if scope.kind is not ScopeKind.ALL:
        field = "service__customer_id" if scope.kind is ScopeKind.CUSTOMER else "service__project_id"
        seen = seen.filter(**{field: scope.id})
    return seen.filter(source=scope.source) if scope.source else seen


def windows_up_to(month: str, *, zone: str, as_of: datetime) -> tuple[Window, ...]:
    """Twelve months, oldest first, ending with `month`. Raises BadInput."""
    if not A_MONTH.fullmatch(month):
        raise BadInput(gettext_noop("“%(month)s” is no month. Write it as 2026-10."), field="month", month=month)
    start, _end = month_window(month, zone)
    if start > as_of:
        raise BadInput(gettext_noop("%(month)s has not begun yet."), field="month", month=month)
    year, number = (int(part) for part in month.split("-"))
    last = year * 12 + number - 1
    names = [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(last - MONTHS + 1, last + 1)]
    return tuple(Window(name, *month_window(name, zone), as_of) for name in names)


def from_the_first_record(
    windows: tuple[Window, ...], seen: QuerySet[Problem], arrived: QuerySet[Incident]
) -> tuple[Window, ...]:
    """Without the months before anything was recorded: a column of zeros would look like a quiet month."""
    first = [
        seen.order_by().aggregate(first=Min("registered_at"))["first"],
        arrived.order_by().aggregate(first=Min("opened_at"))["first"],
    ]
    begins = min((moment for moment in first if moment), default=windows[-1].start)
    return tuple(window for window in windows[:-1] if window.end > begins) + windows[-1:]


def told_of(seen: QuerySet[Problem], first: Window) -> QuerySet[Problem]:
    """The problems that any figure of the shown months can depend on."""
    return seen.filter(
        Q(registered_at__gte=first.start)
        | ~Q(stage=Stage.CLOSED)
        | Q(closed_at__gte=first.start)
        | Q(resolved_at__gte=first.start)
        | Q(outcome=Outcome.RISK_ACCEPTED)
        | Q(id__in=seen.filter(known_errors__state=KnownErrorState.ACTIVE).values("id"))
    )


def counts(arrived: QuerySet[Incident], windows: tuple[Window, ...]) -> tuple[IncidentCounts, ...]:
    """Opened, resolved and closed by month; of the reported month the incidents themselves."""
    opened, resolved, closed = (
        by_month(arrived, field, windows) for field in ("opened_at", "resolved_at", "closed_at")
    )
    trials = Trial.objects.filter(result="worked", incident_id__in=arrived.order_by().values("id"))
    helped = by_month(trials, "at", windows, key="incident_id")  # two known errors may have helped with one
    last = windows[-1]
    return tuple(
        IncidentCounts(
            window.month,
            opened=opened[window.month],
            resolved=resolved[window.month],
            closed=closed[window.month],
            by_known_error=helped[window.month],
            opened_ids=within(arrived, "opened_at", window) if window is last else (),
            resolved_ids=within(arrived, "resolved_at", window) if window is last else (),
            closed_ids=within(arrived, "closed_at", window) if window is last else (),
            by_known_error_ids=within(trials, "at", window, key="incident_id") if window is last else (),
        )
        for window in windows
    )


def by_month(
    rows: QuerySet[Incident] | QuerySet[Trial], field: str, windows: tuple[Window, ...], *, key: str = "id"
) -> dict[str, int]:
    """How many incidents fall into each window: one query, cut at the same moments as everything else in the report."""
    whole = rows.filter(between(field, windows[0].start, windows[-1].end))
    names = {f"m{place}": window for place, window in enumerate(windows)}
    found = whole.order_by().aggregate(
        **{
            name: Count(key, filter=between(field, window.start, window.end), distinct=key != "id")
            for name, window in names.items()
        }
    )
    return {window.month: found[name] for name, window in names.items()}


def within(
    rows: QuerySet[Incident] | QuerySet[Trial], field: str, window: Window, *, key: str = "id"
) -> tuple[int, ...]:
    """The ids of the incidents that fall into the window, ascending."""
    chosen = rows.filter(between(field, window.start, window.end))
    return tuple(chosen.order_by(key).values_list(key, flat=True).distinct())


def between(field: str, start: datetime, end: datetime) -> Q:
    """From start up to, not including, end."""
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})
