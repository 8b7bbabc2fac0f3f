"""Incidents suggested as the first of their kind (R38): listed, and waived with a reason."""

from typing import Annotated, Literal

from ninja import Path, Query, Router
from pydantic import AfterValidator, BaseModel

from genyin.api.fields import Body, Text, storable
from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers
from genyin.api.signing import Request
from genyin.people.roles import require
from genyin.trends import actions, novelties
from genyin.trends.novelties import NoveltySeen

router = Router(tags=["trends"])
Ref = Annotated[str, Path(max_length=161), AfterValidator(storable)]


class NoveltyShape(BaseModel):
    """A suggestion. `nearest` is the most alike incident before it that the caller may see, `alike` how alike, 0 to 1;
    `unseen` words that none before it had."""

    incident: str
    title: str
    service: str
    state: str
    nearest: str
    alike: float
    unseen: list[str]
    reason: str
    waived_by: str


class NoveltyCounts(BaseModel):
    suggested: int
    open: int
    in_problem: int
    waived: int


class WaiveNovelty(Body):
    reason: Text


@router.get("/novelties", operation_id="list_novelties", response=answers(Page[NoveltyShape]))
def list_novelties(
    request: Request,
    state: Annotated[Literal["", "open", "in_problem", "waived"], Query()] = "open",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[NoveltyShape]:
    """Incidents suggested as the first of their kind, newest first."""
    by = inside(request)
    found = page(novelties.suggestions(by, state=state), lambda row: row, by="pk", limit=limit, cursor=cursor)
    return Page(items=[_shape(one) for one in novelties.seen(found.items, seen_by=by)], next=found.next)


@router.get("/novelties/counts", operation_id="count_novelties", response=answers(NoveltyCounts))
def count_novelties(request: Request) -> NoveltyCounts:
    """How many were suggested, are in a problem, were waived, and wait."""
    found = novelties.counts(inside(request))
    return NoveltyCounts(
        suggested=found.suggested, open=found.open, in_problem=found.in_problem, waived=found.waived
    )  # fmt: skip


@router.post("/novelties/{path:ref}/waive", operation_id="waive_novelty", response=answers(NoveltyShape))
def waive(request: Request, ref: Ref, body: WaiveNovelty) -> NoveltyShape:
    """Say that no problem is made of it, and why."""
    by = inside(request)
    require(by, "novelty.waive")
    found = actions.waive_novelty(novelties.suggestion(ref, seen_by=by), reason=body.reason, by=by)
    return _shape(novelties.seen([found], seen_by=by)[0])


def _shape(one: NoveltySeen) -> NoveltyShape:
    return NoveltyShape(
        incident=one.incident.ref,
        title=one.incident.title,
        service=one.incident.service.name,
        state=one.state,
        nearest=one.nearest.ref if one.nearest else "",
        alike=one.alike,
        unseen=list(one.unseen),
        reason=one.novelty.reason,
        waived_by=one.novelty.waived_by,
    )
