"""Whose figures are asked for: everybody's, one customer's or one project's, as the address says it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Customer, Project
from genyin.reports import gathering
from genyin.reports.facts import Scope, ScopeKind
from genyin.reports.models import ServiceReport
from genyin.web.http import Request

MOST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A scope to choose: how the address writes it, how it is called, whether it is the present one."""

    code: str
    word: str
    current: bool


def read(request: Request) -> Scope:
    """The scope of the address. Raises NotFound for one the reader may not see."""
    return of(request.GET.get("scope") or request.POST.get("scope", ""), seen_by=request.actor)


def of(code: str, *, seen_by: Actor) -> Scope:
    """`customer-3`, `project-5`, or nothing for everybody. Raises NotFound."""
    kind, _dash, number = code.partition("-")
    known = number.isascii() and number.isdecimal() and len(number) < 10
    if kind == ScopeKind.CUSTOMER and known:
        customer = incidents.visible_customers(seen_by).filter(pk=int(number)).first()
        if customer is not None:
            return gathering.scope_of(customer=customer)
    if kind == ScopeKind.PROJECT and known:
        project = projects(seen_by).filter(pk=int(number)).first()
        if project is not None:
            return gathering.scope_of(project=project)
    if code:
        raise NotFound(gettext_noop("There is no such customer or project that you may see."))
    return Scope()


def code_of(scope: Scope) -> str:
    """How an address writes the scope."""
    return "" if scope.kind is ScopeKind.ALL else f"{scope.kind}-{scope.id}"


def query(scope: Scope) -> str:
    """What a link has to carry to stay in the scope."""
    return f"?scope={code_of(scope)}" if code_of(scope) else ""


def choices(actor: Actor, present: Scope) -> list[Choice]:
    """Everything the reader may choose."""
    now = code_of(present)
    named: list[tuple[str, str]] = [("", _("All customers and projects"))]
    customers: list[Customer] = list(incidents.visible_customers(actor).order_by("name")[:MOST])
    named += [(f"customer-{one.pk}", one.name) for one in customers]
    rows: list[Project] = list(projects(actor).select_related("customer").order_by("customer__name", "name")[:MOST])
    named += [(f"project-{one.pk}", f"{one.customer} / {one.name}") for one in rows]
    return [Choice(code, said, code == now) for code, said in named]


def projects(actor: Actor) -> QuerySet[Project]:
    """Projects of the services the reader may see."""
    return Project.objects.filter(id__in=incidents.visible_services(actor).values("project_id"))


def of_report(report: ServiceReport) -> Scope:
    """The scope of an issued report."""
    return gathering.scope_of(customer=report.customer, project=report.project, source=report.source)
