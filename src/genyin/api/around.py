"""What stands around problems: known errors, changes, reviews with their follow-ups, and the caller's own work."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel

from genyin.api import references
from genyin.api.fields import Body, IncidentRef, Line, PathId, PathRef, Text
from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers
from genyin.api.shapes import work as shapes
from genyin.api.signing import Request
from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.changes import queries as changes
from genyin.changes.models import ChangeState
from genyin.knowledge import actions as knowledge_actions
from genyin.knowledge import queries as knowledge
from genyin.knowledge.models import KnownErrorState
from genyin.people.roles import is_outside, require
from genyin.problems.work import waiting_for
from genyin.reviews import actions as review_actions
from genyin.reviews import handover
from genyin.reviews import queries as reviews
from genyin.reviews.models import FollowUp

router = Router(tags=["around problems"])


class WorkShape(BaseModel):
    """Something that waits for the caller: the verb, the problem, since when, and how late in working days."""

    verb: str
    problem: str
    title: str
    since: datetime
    late_days: float
    detail: str


class Trial(Body):
    """Did the known error help with this incident?"""

    incident: IncidentRef
    result: Literal["worked", "failed", "not_applicable"]


class TrialShape(BaseModel):
    known_error: str
    incident: str
    result: str


class Finish(Body):
    result: Text


class HandOver(Body):
    to: Line


@router.get("/work", operation_id="my_work", response=answers(list[WorkShape]))
def my_work(request: Request) -> list[WorkShape]:
    """What waits for the caller: late first, then what waits longest."""
    return [
        WorkShape(
            verb=w.verb,
            problem=w.problem.number,
            title=w.problem.title,
            since=w.since,
            late_days=w.late_days,
            detail=w.detail,
        )
        for w in waiting_for(inside(request))
    ]


@router.get("/known-errors", operation_id="list_known_errors", response=answers(Page[shapes.KnownErrorShape]))
def list_known_errors(
    request: Request,
    state: Annotated[KnownErrorState | Literal[""], Query()] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[shapes.KnownErrorShape]:
    """Known errors, newest first."""
    rows = knowledge.visible_to(inside(request))
    rows = rows.filter(state=state) if state else rows
    return page(rows, shapes.known_error, by="published_at", limit=limit, cursor=cursor)


@router.get("/known-errors/{ref}", operation_id="get_known_error", response=answers(shapes.KnownErrorShape))
def get_known_error(request: Request, ref: PathRef) -> shapes.KnownErrorShape:
    """A known error."""
    return shapes.known_error(knowledge.get(ref, seen_by=inside(request)))


@router.post("/known-errors/{ref}/trials", operation_id="try_known_error", response=answers(TrialShape))
def try_known_error(request: Request, ref: PathRef, body: Trial) -> TrialShape:
    """Say whether the known error helped with an incident; the last word counts."""
    by = inside(request)
    require(by, "family.edit")
    known = knowledge.get(ref, seen_by=by)
    incident = references.incident(body.incident, field="incident", seen_by=by)
    trial = knowledge_actions.say_result(known, incident=incident, result=body.result, by=by)
    return TrialShape(known_error=known.number, incident=incident.ref, result=trial.result)


@router.get("/changes", operation_id="list_changes", response=answers(Page[shapes.ChangeShape]))
def list_changes(
    request: Request, state: Annotated[ChangeState | Literal[""], Query()] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Page[shapes.ChangeShape]:
    """Requests for change, newest first. They are raised and settled by verbs of their problem."""
    rows = changes.visible_to(inside(request))
    rows = rows.filter(state=state) if state else rows
    return page(rows, shapes.change, by="raised_at", limit=limit, cursor=cursor)


@router.get("/changes/{ref}", operation_id="get_change", response=answers(shapes.ChangeShape))
def get_change(request: Request, ref: PathRef) -> shapes.ChangeShape:
    """A request for change."""
    return shapes.change(changes.get(ref, seen_by=inside(request)))


@router.get(
    "/reviews",
    operation_id="list_reviews",
    response=answers(Page[shapes.ReviewShape] | Page[shapes.CustomerReview]),
)
def list_reviews(
    request: Request, limit: Limit = 50, cursor: Cursor = ""
) -> Page[shapes.ReviewShape] | Page[shapes.CustomerReview]:
    """Reviews, newest first; the customer's side reads what is meant for it."""
    rows = reviews.visible_to(request.auth)
    if is_outside(request.auth):
        return page(rows, shapes.customer_review, by="written_at", limit=limit, cursor=cursor)
    return page(rows, shapes.review, by="written_at", limit=limit, cursor=cursor)


@router.get(
    "/reviews/{ref}",
    operation_id="get_review",
    response=answers(shapes.ReviewShape | shapes.CustomerReview),
)
def get_review(request: Request, ref: PathRef) -> shapes.ReviewShape | shapes.CustomerReview:
    """A review with its minutes and follow-ups."""
    review = reviews.get(ref, seen_by=request.auth)
    return shapes.customer_review(review) if is_outside(request.auth) else shapes.review(review)


@router.get("/follow-ups", operation_id="list_follow_ups", response=answers(Page[shapes.FollowUpShape]))
def list_follow_ups(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[shapes.FollowUpShape]:
    """Follow-ups that are not done yet, newest first."""
    rows = reviews.open_follow_ups(inside(request)).select_related("review")
    return page(rows, shapes.follow_up, by="pk", limit=limit, cursor=cursor)


@router.post("/follow-ups/{number}/finish", operation_id="finish_follow_up", response=answers(shapes.FollowUpShape))
def finish_follow_up(request: Request, number: PathId, body: Finish) -> shapes.FollowUpShape:
    """Say what came of a follow-up."""
    by = inside(request)
    return shapes.follow_up(review_actions.finish_follow_up(_follow_up(number, by), result=body.result, by=by))


@router.post(
    "/follow-ups/{number}/hand-over", operation_id="hand_over_follow_up", response=answers(shapes.FollowUpShape)
)
def hand_over_follow_up(request: Request, number: PathId, body: HandOver) -> shapes.FollowUpShape:
    """Give an open follow-up to somebody else."""
    by = inside(request)
    to = references.person(body.to, field="to", seen_by=by)
    return shapes.follow_up(handover.hand_over_follow_up(_follow_up(number, by), to=to, by=by))


def _follow_up(number: int, by: Actor) -> FollowUp:
    found = FollowUp.objects.filter(pk=number, review__in=reviews.visible_to(by)).first()
    if found is None:
        raise NotFound(gettext_noop("There is no such follow-up that you may see."))
    return found
