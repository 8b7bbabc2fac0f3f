"""The event log, for those who may read it."""

from ninja import Router
from pydantic import BaseModel

from genyin.api.fields import Asked
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.refusals import answers
from genyin.api.shapes.timeline import AuditEvent, audit_event
from genyin.api.signing import Request
from genyin.base import events
from genyin.base.models import Event
from genyin.people.roles import require

router = Router(tags=["audit"])


class Head(BaseModel):
    """Number and hash of the last event: kept elsewhere, they prove that nothing was removed later."""

    events: int
    hash: str


class Verdict(BaseModel):
    """What walking the chain found; `first_broken` is the first event that does not fit."""

    events: int
    ok: bool
    first_broken: int | None
    reason: str
    head: str


@router.get("/audit/head", operation_id="audit_head", response=answers(Head))
def head(request: Request) -> Head:
    """The head of the chain."""
    require(request.auth, "log.read")
    seq, digest = events.head()
    return Head(events=seq, hash=digest)


@router.get("/audit/verify", operation_id="audit_verify", response=answers(Verdict))
def verify(request: Request) -> Verdict:
    """Walk the whole chain."""
    require(request.auth, "log.read")
    found = events.verify()
    ok = found.first_broken is None
    return Verdict(events=found.events, ok=ok, first_broken=found.first_broken, reason=found.reason, head=found.head)


@router.get("/audit/events", operation_id="audit_events", response=answers(Page[AuditEvent]))
def list_events(
    request: Request,
    subject: Asked = "",
    verb: Asked = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[AuditEvent]:
    """Events, newest first."""
    require(request.auth, "log.read")
    wanted = {"subject_ref": subject, "verb": verb}
    rows = Event.objects.select_related("content").filter(**{k: v for k, v in wanted.items() if v})
    return page(rows, audit_event, by="pk", limit=limit, cursor=cursor)
