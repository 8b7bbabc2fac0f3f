"""What hangs on a problem: changes, reviews, known errors, tasks, comments, files."""

from datetime import date, datetime

from pydantic import BaseModel

from genyin.api.shapes.base import Person, person, pick
from genyin.changes.models import Change
from genyin.knowledge.models import KnownError
from genyin.problems.models import Attachment, Comment, Task
from genyin.reviews.models import FollowUp, Review


class ChangeShape(BaseModel):
    number: str
    problem: str
    title: str
    state: str
    planned_at: datetime | None
    implemented_at: datetime | None
    result: str
    raised_at: datetime
    raised_by: str


class FollowUpShape(BaseModel):
    id: int
    review: str
    content: str
    owner: Person | None
    due: date | None
    done_at: datetime | None
    result: str


class ReviewShape(BaseModel):
    number: str
    problem: str
    subject: str
    cycle: int
    held_at: datetime | None
    place: str
    chair: str
    recorder: str
    attendees: str
    representatives: str
    course: str
    cause_confirmed: str
    went_well: str
    to_improve: str
    prevention: str
    third_party: str
    conclusion: str
    customer_text: str
    effect: str
    effect_evidence: str
    passed: bool | None
    decided_at: datetime | None
    decided_by: str
    written_at: datetime
    written_by: str
    follow_ups: list[FollowUpShape]


class CustomerReview(BaseModel):
    """All that the customer's side reads of a review."""

    number: str
    problem: str
    subject: str
    customer_text: str
    passed: bool | None


class KnownErrorShape(BaseModel):
    number: str
    title: str
    symptom: str
    cause: str
    workaround: str
    solution: str
    keywords: str
    problem: str
    service: str
    state: str
    published_at: datetime
    published_by: str
    retired_at: datetime | None
    retired_reason: str


class TaskShape(BaseModel):
    id: int
    problem: str
    title: str
    owner: Person | None
    due: date | None
    done_at: datetime | None
    result: str


class CommentShape(BaseModel):
    """A remark; `kind` is comment, evidence or assistance."""

    id: int
    text: str
    kind: str
    visibility: str
    written_at: datetime
    written_by: str


class AttachmentShape(BaseModel):
    id: int
    name: str
    size: int
    sha256: str
    attached_at: datetime
    attached_by: str
    href: str


def change(row: Change) -> ChangeShape:
    return pick(ChangeShape, row, problem=row.problem.number)


def follow_up(row: FollowUp) -> FollowUpShape:
    return pick(FollowUpShape, row, review=row.review.number, owner=person(row.owner))


def review(row: Review) -> ReviewShape:
    follow_ups = [follow_up(action) for action in row.follow_ups.select_related("owner", "review").order_by("id")]
    return pick(ReviewShape, row, problem=row.problem.number, follow_ups=follow_ups)


def customer_review(row: Review) -> CustomerReview:
    return pick(CustomerReview, row, problem=row.problem.number)


def known_error(row: KnownError) -> KnownErrorShape:
    problem = row.problem.number if row.problem else ""
    return pick(KnownErrorShape, row, problem=problem, service=row.service.name)


def task(row: Task) -> TaskShape:
    return pick(TaskShape, row, problem=row.problem.number, owner=person(row.owner))


def comment(row: Comment) -> CommentShape:
    return pick(CommentShape, row)


def attachment(row: Attachment, *, problem: str) -> AttachmentShape:
    return pick(AttachmentShape, row, href=f"/api/problems/{problem}/attachments/{row.pk}")
