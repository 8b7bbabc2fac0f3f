"""Services, and the codes of the procedure in force."""

from ninja import Router
from pydantic import BaseModel

from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers
from genyin.api.shapes.incident import ServiceLine, service_line
from genyin.api.signing import Request
from genyin.incidents import queries
from genyin.procedure import queries as procedures
from genyin.procedure.content import LEVELS

router = Router(tags=["services and procedure"])


class PointRule(BaseModel):
    """A control point: the levels it holds for, and the condition that opens it (`always` when none)."""

    code: str
    clause: str
    levels: list[str]
    when: str


class ProcedureShape(BaseModel):
    """The procedure version that new problems are bound to. `targets` in working days from registration."""

    version: str
    name: str
    number: str
    levels: list[str]
    categories: list[str]
    sources: list[str]
    reasons: list[str]
    cause_categories: list[str]
    matrix: dict[str, dict[str, str]]
    targets: dict[str, dict[str, float]]
    review_after: dict[str, int]
    watch_days: int
    points: list[PointRule]


@router.get("/services", operation_id="list_services", response=answers(Page[ServiceLine]))
def list_services(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[ServiceLine]:
    """Services the caller may see, with their configuration items."""
    rows = queries.visible_services(inside(request)).select_related("customer", "project").prefetch_related("items")
    return page(rows, service_line, by="pk", limit=limit, cursor=cursor)


@router.get("/procedure", operation_id="get_procedure", response=answers(ProcedureShape))
def get_procedure(request: Request) -> ProcedureShape:
    """The codes that verbs accept, and the control points."""
    inside(request)
    version = procedures.current()
    content = procedures.read(version)
    return ProcedureShape(
        version=version.ref,
        name=content.name,
        number=content.number,
        levels=list(LEVELS),
        categories=list(content.categories),
        sources=list(content.sources),
        reasons=list(content.reasons),
        cause_categories=list(content.cause_categories),
        matrix={impact: dict(row) for impact, row in content.matrix.items()},
        targets={level: dict(row) for level, row in content.targets.items()},
        review_after=dict(content.review_after),
        watch_days=content.watch_days,
        points=[PointRule(code=p.code, clause=p.clause, levels=list(p.levels), when=p.when) for p in content.points],
    )
