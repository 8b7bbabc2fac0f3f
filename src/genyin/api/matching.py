"""What is like a text: similar incidents, known errors that may help, problems that may be the same."""

from datetime import datetime
from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from genyin.api import references
from genyin.api.fields import Body, Line, Text, Whole
from genyin.api.inside import inside
from genyin.api.refusals import answers
from genyin.api.signing import Request
from genyin.knowledge import matching

router = Router(tags=["matching"])


class Match(Body):
    """A text as somebody types it; with `service` what belongs to it ranks higher."""

    text: Annotated[Text, Field(min_length=1)]
    service: Line | None = None
    k: Annotated[Whole, Field(ge=1, le=50)] = 5


class WhyShape(BaseModel):
    """One term of a score; they add up to it. A negative one counts against the hit.

    `code` is one of: term, other_terms (shared words), letters (spelled alike), identifier (a shared technical name),
    named (the text mentions it), same_code, other_code (a coded field, named by `field`), same_service, age,
    linked_incident.
    """

    code: str
    field: str
    detail: str
    value: float


class Found(BaseModel):
    ref: str
    title: str
    service: str
    state: str
    at: datetime
    score: float
    why: list[WhyShape]


class SimilarShape(BaseModel):
    incidents: list[Found]
    known_errors: list[Found]
    problems: list[Found]


@router.post("/match", operation_id="match", response=answers(SimilarShape))
def match(request: Request, body: Match) -> SimilarShape:
    """What is like this text, of all that the caller may see."""
    by = inside(request)
    service = references.service(body.service, seen_by=by)
    return SimilarShape(
        incidents=[found(hit) for hit in matching.similar_incidents(body.text, seen_by=by, k=body.k, service=service)],
        known_errors=[found(h) for h in matching.known_errors_for(body.text, seen_by=by, k=body.k, service=service)],
        problems=[found(hit) for hit in matching.similar_problems(body.text, seen_by=by, k=body.k, service=service)],
    )


def found(hit: matching.Similar) -> Found:
    why = [WhyShape(code=w.code, field=w.field, detail=w.detail, value=w.value) for w in hit.why]
    return Found(
        ref=hit.ref, title=hit.title, service=hit.service, state=hit.state, at=hit.at, score=hit.score, why=why
    )
