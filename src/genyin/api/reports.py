"""Service reports as issued or as they stand, the register and its month-end check."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from genyin.api.attachments import as_download
from genyin.api.fields import Asked, Body, Line, PathRef, Text
from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers, created
from genyin.api.signing import Request
from genyin.base.actor import Actor
from genyin.base.errors import NotFound, UnknownReference, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Project
from genyin.people.roles import require
from genyin.problems.models import Problem
from genyin.reports import actions, queries
from genyin.reports.facts import Scope
from genyin.reports.figures import Figures
from genyin.reports.gathering import scope_of
from genyin.reports.metrics import Figure
from genyin.reports.models import ServiceReport

router = Router(tags=["reports"])
Month = Annotated[str, Field(max_length=7, pattern="^[0-9]{4}-[0-9]{2}$")]
TheMonth = Annotated[str, Query(max_length=7, pattern="^[0-9]{4}-[0-9]{2}$")]
AMonth = Annotated[str, Query(max_length=7, pattern="^([0-9]{4}-[0-9]{2})?$")]


class FigureShape(BaseModel):
    """A figure of the month. `records` counts what is behind it; its address lists them."""

    code: str
    value: float | None
    records: int


class ReportLine(BaseModel):
    """A report as it was issued. `sha256` seals its figures."""

    number: str
    month: str
    scope: str
    customer: str
    project: str
    source: str
    version: int
    zone: str
    sha256: str
    issued_at: datetime
    issued_by_name: str


class ReportShape(ReportLine):
    """With every figure, and the canonical JSON they were frozen in."""

    values: list[FigureShape]
    figures: dict[str, Any]
    after_freeze: list[list[Any]]


class DraftShape(BaseModel):
    """The figures as they stand now; nothing is frozen."""

    month: str
    zone: str
    as_of: datetime
    values: list[FigureShape]


class Issue(Body):
    """For everything, one customer or one project. With `reason` a month is issued again, beside the old report."""

    month: Month
    customer: Line = ""
    project: Line = ""
    source: Annotated[Text, Field(max_length=40)] = ""
    remarks: Text = ""
    reason: Text = ""


class RegisterRow(BaseModel):
    """A row of the register, frozen or as it stands."""

    number: str
    frozen: bool
    title: str
    stage: str
    status: str
    outcome: str
    service: str
    owner: str
    registered_at: datetime


class Gap(BaseModel):
    number: str
    title: str
    owner: str
    missing: list[str]


class MonthEndShape(BaseModel):
    """What the register lacks of a month, and which owners have not confirmed it."""

    month: str
    looked_at: int
    complete: bool
    missing: list[Gap]
    unconfirmed: list[str]


class Confirm(Body):
    month: Month
    note: Text = ""


@router.get("/reports", operation_id="list_reports", response=answers(Page[ReportLine]))
def list_reports(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[ReportLine]:
    """Issued reports, the last one issued first."""
    return page(queries.visible_to(inside(request)), _line, by="pk", limit=limit, cursor=cursor)


@router.post("/reports", operation_id="issue_report", response=created(ReportShape))
def issue(request: Request, body: Issue) -> Status[ReportShape]:
    """Freeze the figures of a month that is over and make its documents."""
    by = inside(request)
    require(by, "report.issue")
    scope = _scope(body.customer, body.project, body.source, by)
    report = actions.issue(body.month, scope=scope, remarks=body.remarks, reason=body.reason, by=by)
    return Status(201, _report(report))


@router.get("/reports/draft", operation_id="draft_report", response=answers(DraftShape))
def draft(
    request: Request,
    month: TheMonth,
    customer: Asked = "",
    project: Asked = "",
    source: Asked = "",
) -> DraftShape:
    """The figures as they stand now, of what the caller may see."""
    by = inside(request)
    figures = queries.draft(month, scope=_scope(customer, project, source, by), seen_by=by)
    return DraftShape(month=figures.month, zone=figures.zone, as_of=figures.as_of, values=_values(figures))


@router.get("/reports/{ref}", operation_id="get_report", response=answers(ReportShape))
def get_report(request: Request, ref: PathRef) -> ReportShape:
    """An issued report with its frozen figures."""
    return _report(queries.get(ref, seen_by=inside(request)))


@router.get("/reports/{ref}/records/{code}", operation_id="report_records", response=answers(Page[str]))
def records(request: Request, ref: PathRef, code: PathRef, limit: Limit = 50, cursor: Cursor = "") -> Page[str]:
    """The records behind a figure that the caller may see: numbers of problems, or refs of incidents."""
    by = inside(request)
    figures = queries.figures_of(queries.get(ref, seen_by=by))
    found: QuerySet[Any] = queries.records(_figure(figures, code), code, seen_by=by)
    return page(found, lambda row: str(row.ref), by="pk", limit=limit, cursor=cursor)


@router.get("/reports/{ref}/documents/{format}", operation_id="report_document", response=answers(bytes, 503))
def document(request: Request, ref: PathRef, format: Literal["docx", "xlsx", "pdf"]) -> Any:
    """The report as a file. 503 where this server has no Chinese font for a PDF; the sentence says what to install."""
    report = queries.get(ref, seen_by=inside(request))
    return as_download(actions.document(report, format), f"{report.number}.{format}")


@router.get("/register", operation_id="list_register", response=answers(Page[RegisterRow]))
def register(request: Request, month: AMonth = "", limit: Limit = 50, cursor: Cursor = "") -> Page[RegisterRow]:
    """The register, newest first: all of it, or the problems registered in a month."""
    by = inside(request)
    require(by, "register.export")
    return page(queries.register(month=month, seen_by=by), _row, by="registered_at", limit=limit, cursor=cursor)


@router.get("/register/month-end", operation_id="month_end", response=answers(MonthEndShape))
def month_end(request: Request, month: TheMonth) -> MonthEndShape:
    """What the register lacks of a month."""
    by = inside(request)
    require(by, "register.export")
    return _month_end(month, by)


@router.post("/register/month-end", operation_id="confirm_month_end", response=answers(MonthEndShape))
def confirm(request: Request, body: Confirm) -> MonthEndShape:
    """Confirm as an owner that every problem of the month is in the register."""
    by = inside(request)
    actions.confirm_month_end(body.month, note=body.note, by=by)
    return _month_end(body.month, by)


def _scope(customer: str, project: str, source: str, by: Actor) -> Scope:
    """Raises UnknownReference for a customer or project the caller may not see."""
    seen = incidents.visible_customers(by)
    chosen = seen.filter(name=customer).first() if customer else None
    if customer and chosen is None:
        text = gettext_noop("There is no customer “%(name)s” that you may see.")
        raise UnknownReference(text, field="customer", name=customer)
    projects = Project.objects.filter(name=project, customer__in=[chosen] if chosen else seen) if project else None
    found = projects.first() if projects is not None else None
    if project and found is None:
        text = gettext_noop("There is no project “%(name)s” that you may see.")
        raise UnknownReference(text, field="project", name=project)
    return scope_of(customer=chosen, project=found, source=source)


def _line(report: ServiceReport) -> ReportLine:
    return ReportLine(**_head(report))


def _report(report: ServiceReport) -> ReportShape:
    figures = queries.figures_of(report)
    return ReportShape(
        **_head(report),
        values=_values(figures),
        figures=json.loads(report.figures),
        after_freeze=report.after_freeze,
    )


def _head(report: ServiceReport) -> dict[str, Any]:
    named = {name: getattr(report, name) for name in ReportLine.model_fields if name not in ("customer", "project")}
    customer, project = report.customer, report.project
    return {**named, "customer": customer.name if customer else "", "project": project.name if project else ""}


def _values(figures: Figures) -> list[FigureShape]:
    return [_shape(code, figures.of_month(code)) for code in figures.values]


def _shape(code: str, figure: Figure) -> FigureShape:
    value = None if figure.value is None else float(figure.value)
    return FigureShape(code=code, value=value, records=len(figure.records))


def _figure(figures: Figures, code: str) -> Figure:
    if code not in figures.values:
        raise NotFound(gettext_noop("This report has no figure %(code)s."), code=code)
    return figures.of_month(code)


def _row(problem: Problem) -> RegisterRow:
    entry = getattr(problem, "register_entry", None)
    return RegisterRow(
        number=problem.number,
        frozen=bool(entry and entry.frozen_at),
        title=problem.title,
        stage=problem.stage,
        status=problem.status,
        outcome=problem.outcome,
        service=problem.service.name,
        owner=problem.owner.name if problem.owner else "",
        registered_at=problem.registered_at,
    )


def _month_end(month: str, by: Actor) -> MonthEndShape:
    found = queries.month_end_check(month, seen_by=by)
    return MonthEndShape(
        month=month,
        looked_at=found.looked_at,
        complete=found.complete,
        missing=[Gap(number=g.ref, title=g.title, owner=g.owner, missing=list(g.missing)) for g in found.gaps],
        unconfirmed=[owner.name for owner in found.unconfirmed],
    )
