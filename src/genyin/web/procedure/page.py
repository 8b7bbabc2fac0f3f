"""What the procedure says: the version in force or an older one, who holds its roles, and the states of a problem."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_safe

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents.queries import people_in_sight
from genyin.people.roles import PERSONAL
from genyin.procedure import queries
from genyin.procedure.content import CLOCKS, LEVELS, Point, Procedure
from genyin.procedure.models import ProcedureVersion
from genyin.web import respond, times
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.procedure import diagram
from genyin.web.words import listed, word

VERSIONS_SHOWN = 50
HOLIDAYS_SHOWN = 40
HOLDERS_SHOWN = 12
MONDAY = 5  # a date in January 1970 whose weekday is known


@dataclass(frozen=True, slots=True)
class PointRow:
    """A control point of a version: at which levels it holds, and when."""

    name: str
    why: str
    clause: str
    levels: tuple[bool, ...]
    when: str


@require_safe
@inside_only
def current(request: Request) -> HttpResponse:
    """The version that new problems are bound to."""
    return _page(request, queries.current())


@require_safe
@inside_only
def version(request: Request, number: int) -> HttpResponse:
    """A version by its number: older problems are judged by theirs."""
    return _page(request, get_object_or_404(ProcedureVersion, number=number))


@require_safe
@inside_only
def states(request: Request) -> HttpResponse:
    """The states of a problem and the verbs between them, drawn from the transition table."""
    return respond.page_or_fragment(request, "procedure/states.html", {"diagram": diagram.drawn()})


def _page(request: Request, shown: ProcedureVersion) -> HttpResponse:
    says = queries.read(shown)
    versions = ProcedureVersion.objects.select_related("published_by").order_by("-number")[:VERSIONS_SHOWN]
    context = {
        "version": shown,
        "is_current": shown.number == versions[0].number,
        "versions": versions,
        "procedure": says,
        "levels": LEVELS,
        "lists": _lists(says),
        "matrix": [(impact, [says.matrix[impact][urgency] for urgency in LEVELS]) for impact in LEVELS],
        "targets": _targets(says),
        "points": [_point(point) for point in says.points],
        "numbering": _numbering(says),
        "roles": _roles(request.actor),
        "weekdays": listed(_weekday(number) for number in sorted(says.weekdays)),
        "holidays": sorted(says.holidays)[-HOLIDAYS_SHOWN:],
        "extra_days": sorted(says.extra)[-HOLIDAYS_SHOWN:],
    }
    return respond.page_or_fragment(request, "procedure/page.html", context)


def _lists(says: Procedure) -> list[tuple[str, str]]:
    """What may be chosen at registration, and the causes."""
    kinds = (
        ("category", says.categories),
        ("source", says.sources),
        ("reason", says.reasons),
        ("cause", says.cause_categories),
    )
    return [(kind, listed(word(kind, code) for code in codes)) for kind, codes in kinds]


def _targets(says: Procedure) -> list[tuple[str, list[float], int]]:
    """By level: working days for each clock, and days before the review."""
    return [(level, [says.targets[level][clock_] for clock_ in CLOCKS], says.review_after[level]) for level in LEVELS]


def _point(point: Point) -> PointRow:
    return PointRow(
        name=word("point", point.code),
        why=word("point_why", point.code),
        clause=point.clause,
        levels=tuple(level in point.levels for level in LEVELS),
        when="" if point.when == "always" else word("condition", point.when),
    )


def _numbering(says: Procedure) -> list[tuple[str, str]]:
    """Each series with its first number of this month."""
    month = clock.month_of(clock.now(), queries.site().zone).replace("-", "")
    return [(word("series", code), form.format(month=month, n=1)) for code, form in says.numbering.items()]


def _roles(actor: Actor) -> list[tuple[str, str]]:
    """Each role with the people who hold it, of those the reader may know: names are read once for all roles."""
    people = people_in_sight(actor).prefetch_related("grants")
    holders: dict[str, list[str]] = {role: [] for role in PERSONAL}
    for person in people:
        for grant in person.grants.all():
            holders[grant.role].append(person.name)
    return [(role, _named(names)) for role, names in holders.items()]


def _named(names: list[str]) -> str:
    rest = len(names) - HOLDERS_SHOWN
    return listed(names[:HOLDERS_SHOWN]) + (f" … +{rest}" if rest > 0 else "")


def _weekday(number: int) -> str:
    return times.weekday(date(1970, 1, MONDAY + number))


urlpatterns = [
    path("procedure/", current, name="procedure"),
    path("procedure/versions/<int:number>/", version, name="procedure_version"),
    path("procedure/states/", states, name="states"),
]
