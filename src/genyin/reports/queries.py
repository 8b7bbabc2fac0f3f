"""Reads of reports and the register; each starts from what the actor may see."""

from datetime import datetime

from django.db.models import Q, QuerySet

from genyin.base import clock, files
from genyin.base.actor import Actor
from genyin.base.clock import month_window
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident, Service
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from genyin.procedure import queries as procedures
from genyin.reports import figures, freezing, gathering, month_end
from genyin.reports.catalogue import BY_CODE
from genyin.reports.facts import Scope, ScopeKind, Window
from genyin.reports.figures import Figures
from genyin.reports.gathering import EVERYTHING
from genyin.reports.metrics import Figure, Group
from genyin.reports.models import MonthEndConfirmation, ServiceReport
from genyin.reports.month_end import MonthEnd

# Figures whose records are incidents; every other figure is made of problems.
SCOPE_FIELDS = {ScopeKind.CUSTOMER: "customer_id", ScopeKind.PROJECT: "project_id"}
OF_INCIDENTS = frozenset(code for code, metric in BY_CODE.items() if metric.group is Group.INCIDENTS) - {
    "incidents_per_problem"
}


def visible_to(actor: Actor) -> QuerySet[ServiceReport]:
    """Issued reports, newest first: a report tells of every service of its scope, so all of them must be visible.

    None for the customer's side: a report holds internal text.
    """
    every = ServiceReport.objects.select_related("customer", "project").order_by("-month", "-id")
    if actor.sees_all:
        return every
    if is_outside(actor):
        return every.none()
    seen = incidents.visible_services(actor).values("id")
    hidden = Service.objects.exclude(id__in=seen)
    customers = hidden.exclude(customer=None).values("customer_id")
    projects = hidden.exclude(project=None).values("project_id")
    return every.filter(
        Q(scope=ScopeKind.CUSTOMER) & ~Q(customer_id__in=customers)
        | Q(scope=ScopeKind.PROJECT) & ~Q(project_id__in=projects)
    )


def get(number: str, *, seen_by: Actor) -> ServiceReport:
    """The issued report of that number. Raises NotFound."""
    report = visible_to(seen_by).filter(number=number).first()
    if report is None:
        raise NotFound(gettext_noop("There is no report %(ref)s that you may see."), ref=number)
    return report


def issued(month: str, *, scope: Scope = EVERYTHING, seen_by: Actor) -> ServiceReport | None:
    """The report of that month and scope as last issued; None while there is only a draft."""
    return of_scope(visible_to(seen_by), scope).filter(month=month).order_by("-version").first()


def of_scope(reports: QuerySet[ServiceReport], scope: Scope) -> QuerySet[ServiceReport]:
    """Reports of exactly this scope."""
    return reports.filter(
        scope=scope.kind,
        source=scope.source,
        **{field: scope.id for kind, field in SCOPE_FIELDS.items() if kind is scope.kind},
    )


def draft(month: str, *, scope: Scope = EVERYTHING, zone: str = "", seen_by: Actor) -> Figures:
    """The figures as they stand now; nothing is frozen. Raises BadInput for a month that is none."""
    return figures.compute(gathering.gather(month, seen_by=seen_by, scope=scope, zone=zone))


def figures_of(report: ServiceReport) -> Figures:
    """The figures as they were frozen."""
    return freezing.thaw(report.figures.encode())


def report_for(
    month: str, *, scope: Scope = EVERYTHING, zone: str = "", seen_by: Actor
) -> tuple[Figures, ServiceReport | None]:
    """The frozen figures where the month was issued, else the draft."""
    report = issued(month, scope=scope, seen_by=seen_by)
    if report is not None:
        return figures_of(report), report
    return draft(month, scope=scope, zone=zone, seen_by=seen_by), None


def recompute(report: ServiceReport) -> tuple[str, bool]:
    """Compute the frozen figures anew from the facts kept with them: the digest, and whether it is still the same."""
    facts = freezing.thaw_facts(files.read(report.facts_sha256))
    found = freezing.digest(freezing.freeze(figures.compute(facts)))
    return found, found == report.sha256 == freezing.digest(report.figures.encode())


def records(
    figure: Figure, code: str, *, part: str = "records", seen_by: Actor
) -> QuerySet[Problem] | QuerySet[Incident]:
    """The records behind a figure that the actor may see; `part` "of" gives those of the denominator."""
    ids = figure.of if part == "of" else figure.records
    if code in OF_INCIDENTS:
        return incidents.visible_to(seen_by).filter(id__in=ids).order_by("-occurred_at", "-id")
    return problems.visible_to(seen_by).filter(id__in=ids).order_by("-registered_at", "-id")


def month_end_check(month: str, *, scope: Scope = EVERYTHING, seen_by: Actor) -> MonthEnd:
    """What the register lacks of the month, and who has not confirmed it (R56)."""
    window = gathering.windows_up_to(month, zone=procedures.site().zone, as_of=clock.now())[-1]
    return month_end.check(gathering.problems_in(scope, seen_by), window)


def month_ends_due(actor: Actor) -> list[str]:
    """Months that the actor still has to confirm as an owner: this month from its last day on, and the last one."""
    zone = procedures.site().zone
    this = clock.month_of(clock.now(), zone)
    start, end = month_window(this, zone)
    last = clock.month_of(start - (end - start) / 2, zone)
    due = [last, this] if (end - clock.now()).days < 1 else [last]
    people = {p for p in (actor.user_id, *(d.user_id for d in actor.delegated)) if p is not None}
    mine = problems.visible_to(actor).filter(owner_id__in=people)
    return [month for month in due if unconfirmed(mine, month, zone)]


def unconfirmed(mine: QuerySet[Problem], month: str, zone: str) -> bool:
    """Whether an owner among these problems has not confirmed the month."""
    start, end = month_window(month, zone)
    owners = set(month_end.of_month(mine, Window(month, start, end, end)).values_list("owner_id", flat=True).distinct())
    done = MonthEndConfirmation.objects.filter(month=month, owner_id__in=owners).values_list("owner_id", flat=True)
    return bool(owners - set(done))


def after_freeze(month: str, *, scope: Scope, as_of: datetime, seen_by: Actor) -> list[tuple[str, int, int]]:
    """What arrived for months already issued, since they or a later report were: (month, incidents, problems).

    Each arrival is told once, in the next report that is issued.
    """
    earlier = of_scope(visible_to(seen_by), scope).exclude(month=month)
    frozen: dict[str, ServiceReport] = {}
    for report in earlier.order_by("issued_at", "id"):
        frozen[report.month] = report
    told = max((report.as_of for report in frozen.values()), default=None)
    found = []
    for name, report in sorted(frozen.items()):
        window = Window(name, *month_window(name, report.zone), as_of)
        since = max(report.as_of, told or report.as_of)
        late = late_arrivals(scope, window, since=since, until=as_of, seen_by=seen_by)
        if any(late):
            found.append((name, *late))
    return found


def late_arrivals(scope: Scope, window: Window, *, since: datetime, until: datetime, seen_by: Actor) -> tuple[int, int]:
    """Incidents and problems that belong to the window and were entered after `since`."""
    arrived = gathering.incidents_in(scope, seen_by).filter(
        gathering.between("opened_at", window.start, window.end), received_at__gt=since, received_at__lte=until
    )
    entered = gathering.problems_in(scope, seen_by).filter(
        gathering.between("registered_at", window.start, window.end),
        register_entry__entered_at__gt=since,
        register_entry__entered_at__lte=until,
    )
    return arrived.count(), entered.count()


def register(*, month: str = "", scope: Scope = EVERYTHING, seen_by: Actor) -> QuerySet[Problem]:
    """The register's problems, oldest first: all, or those registered in a month of the site's zone (R55)."""
    seen = gathering.problems_in(scope, seen_by)
    if month:
        window = gathering.windows_up_to(month, zone=procedures.site().zone, as_of=clock.now())[-1]
        seen = seen.filter(gathering.between("registered_at", window.start, window.end))
    return seen.select_related("service", "owner", "register_entry").order_by("registered_at", "id")
