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
from genyin.base.errors import NotYet, gettext_noop
from genyin.knowledge import matching
from genyin.knowledge.matching.coded import FIELDS
from genyin.knowledge.reasons import shares, strength, why

router = Router(tags=["matching"])
Name = Annotated[Text, Field(max_length=200)]


class Match(Body):
    """A text as somebody types it; with `service` what belongs to it ranks higher.

    With the coded fields too, known errors are found that people confirmed on that service's incidents of the same.
    """

    text: Annotated[Text, Field(min_length=1)]
    service: Line | None = None
    item: Name = ""
    category: Name = ""
    subcategory: Name = ""
    symptom: Name = ""
    urgency: Name = ""
    k: Annotated[Whole, Field(ge=1, le=50)] = 5


class WhyShape(BaseModel):
    """One reason, the one that counts most first. `share`: how much it counts among all of the hit, in percent, in
    steps of ten; a negative one counts against the hit.

    `code` is one of: term, other_terms (shared words), letters (spelled alike), identifier (a shared technical name),
    named (the text mentions it), same_code, other_code (a coded field, named by `field`), same_service, age,
    linked_incident (its problem caused that incident; adds nothing), confirmed (people confirmed it on that share of
    the incidents with the same fields, such as 37/40).
    """

    code: str
    field: str
    detail: str
    share: int


class Found(BaseModel):
    """A hit. `score`: how alike, one of 0, 1, 2, 5, 10, 20, 50, 100; an exact one would tell how many others have the
    same."""

    ref: str
    title: str
    service: str
    state: str
    at: datetime
    score: int
    why: list[WhyShape]
    reason: str  # `why` as one sentence in the caller's language


class SimilarShape(BaseModel):
    incidents: list[Found]
    known_errors: list[Found]
    problems: list[Found]


@router.post("/match", operation_id="match", response=answers(SimilarShape, 503))
def match(request: Request, body: Match) -> SimilarShape:
    """What is like this text, of all that the caller may see; 503 while matching is being prepared."""
    by = inside(request)
    expect_ready()
    service = references.service(body.service, seen_by=by)
    fields = {name: getattr(body, name) for name in FIELDS}
    alike = matching.similar_incidents(body.text, seen_by=by, k=body.k, service=service, fields=fields)
    known = matching.known_errors_for(body.text, seen_by=by, k=body.k, service=service, fields=fields)
    same = matching.similar_problems(body.text, seen_by=by, k=body.k, service=service)
    return SimilarShape(
        incidents=[found(hit) for hit in alike],
        known_errors=[found(hit) for hit in known],
        problems=[found(hit) for hit in same],
    )


def expect_ready() -> None:
    """Nobody waits for minutes until all incidents are read. Raises NotYet."""
    if not matching.ready():
        raise NotYet(gettext_noop("Matching is being prepared. Ask again in a minute."))


def found(hit: matching.Similar) -> Found:
    return Found(
        ref=hit.ref,
        title=hit.title,
        service=hit.service,
        state=hit.state,
        at=hit.at,
        score=strength(hit),
        why=[
            WhyShape(code=one.code, field=one.field, detail=one.detail, share=share)
            for one, share in zip(hit.why, shares(hit), strict=True)
        ],
        reason=why(hit),
    )
