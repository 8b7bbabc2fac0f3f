"""Families of incidents, candidates for problems, and the analyses that found them."""

from typing import Annotated

from ninja import Query, Router, Status

from genyin.api import references
from genyin.api.fields import Body, Code, IncidentRef, Line, PathRef, Text
from genyin.api.inside import inside
from genyin.api.paging import Cursor, Limit, Page, page
from genyin.api.problems import Grade
from genyin.api.refusals import answers, created
from genyin.api.shapes import trend as shapes
from genyin.api.shapes.incident import IncidentLine, incident_line
from genyin.api.shapes.problem import CustomerDetail, Detail
from genyin.api.signing import Request
from genyin.api.verbs.analysis import Level
from genyin.api.verbs.registry import shown
from genyin.base.actor import Actor
from genyin.base.errors import NotFound, UnknownReference, gettext_noop
from genyin.people.roles import require
from genyin.trends import actions, corrections, queries
from genyin.trends import runs as analyses
from genyin.trends.models import CandidateState, Family

router = Router(tags=["trends"])


class AcceptCandidate(Body):
    """What registering asks for beside the candidate's own incidents and service."""

    title: Line
    category: Code
    level: Level
    reason: Code = "recurring"
    description: Text = ""
    level_reason: Text = ""
    impact: Grade = ""
    urgency: Grade = ""
    note: Text = ""


class LinkCandidate(Body):
    problem: Code
    note: Text = ""


class Reasoned(Body):
    reason: Text


class Membership(Body):
    incident: IncidentRef
    reason: Text = ""


class MergeFamilies(Body):
    other: Code
    reason: Text = ""


class SplitFamily(Body):
    incidents: list[IncidentRef]
    reason: Text = ""


class RunTrends(Body):
    """Nothing to say: an analysis reads every incident there is."""


@router.post("/trends/run", operation_id="run_trends", response=answers(shapes.RunShape))
def run(request: Request, body: RunTrends) -> shapes.RunShape:
    """Group the incidents, test for rises, list candidates."""
    done = analyses.run(by=inside(request))
    return shapes.RunShape(
        ref=done.run.ref,
        incidents=done.incidents,
        families=done.families,
        candidates=done.candidates,
        seconds=done.seconds,
    )


@router.get("/candidates", operation_id="list_candidates", response=answers(Page[shapes.CandidateShape]))
def list_candidates(
    request: Request,
    state: Annotated[CandidateState, Query()] = CandidateState.OPEN,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[shapes.CandidateShape]:
    """Candidates, newest first, each with why."""
    by = inside(request)
    found = page(queries.candidates(by, state=state), lambda row: row, by="pk", limit=limit, cursor=cursor)
    return Page(items=[shapes.candidate(one) for one in queries.explained(found.items, seen_by=by)], next=found.next)


@router.get("/candidates/{ref}", operation_id="get_candidate", response=answers(shapes.CandidateShape))
def get_candidate(request: Request, ref: PathRef) -> shapes.CandidateShape:
    """A candidate with why."""
    return _shown(ref, inside(request))


@router.post("/candidates/{ref}/accept", operation_id="accept_candidate", response=created(Detail | CustomerDetail))
def accept(request: Request, ref: PathRef, body: AcceptCandidate) -> Status[Detail | CustomerDetail]:
    """Make a problem of it, with the incidents the caller may see linked."""
    by = inside(request)
    problem = actions.accept_candidate(queries.candidate(ref, seen_by=by), **body.model_dump(), by=by)
    return Status(201, shown(problem, to=by))


@router.post("/candidates/{ref}/link", operation_id="link_candidate", response=answers(Detail | CustomerDetail))
def link(request: Request, ref: PathRef, body: LinkCandidate) -> Detail | CustomerDetail:
    """Add its incidents to a problem that is already there."""
    by = inside(request)
    require(by, "candidate.accept")
    problem = references.problem(body.problem, field="problem", seen_by=by)
    return shown(
        actions.link_candidate(queries.candidate(ref, seen_by=by), problem=problem, note=body.note, by=by), to=by
    )


@router.post("/candidates/{ref}/dismiss", operation_id="dismiss_candidate", response=answers(shapes.CandidateShape))
def dismiss(request: Request, ref: PathRef, body: Reasoned) -> shapes.CandidateShape:
    """Say that it is no problem, and why; it comes again only on new evidence."""
    by = inside(request)
    actions.dismiss_candidate(queries.candidate(ref, seen_by=by), reason=body.reason, by=by)
    return _shown(ref, by)


@router.post("/candidates/{ref}/watch", operation_id="watch_candidate", response=answers(shapes.CandidateShape))
def watch(request: Request, ref: PathRef, body: Reasoned) -> shapes.CandidateShape:
    """Leave it for now and keep an eye on it."""
    by = inside(request)
    actions.watch_candidate(queries.candidate(ref, seen_by=by), reason=body.reason, by=by)
    return _shown(ref, by)


@router.get("/families", operation_id="list_families", response=answers(Page[shapes.FamilyShape]))
def list_families(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Page[shapes.FamilyShape]:
    """Families of incidents that tell of the same fault, newest first."""
    by = inside(request)
    found = page(queries.families(by), lambda row: row, by="pk", limit=limit, cursor=cursor)
    return Page(items=[shapes.family(one) for one in queries.described(found.items, seen_by=by)], next=found.next)


@router.get("/families/{ref}", operation_id="get_family", response=answers(shapes.FamilyShape))
def get_family(request: Request, ref: PathRef) -> shapes.FamilyShape:
    """A family as the caller may see it; of one that went into another, that other one."""
    by = inside(request)
    return _family_of(queries.family(ref, seen_by=by), by)


@router.get("/families/{ref}/incidents", operation_id="family_incidents", response=answers(Page[IncidentLine]))
def family_incidents(request: Request, ref: PathRef, limit: Limit = 50, cursor: Cursor = "") -> Page[IncidentLine]:
    """Its incidents that the caller may see, newest first."""
    by = inside(request)
    rows = queries.members(queries.family(ref, seen_by=by), seen_by=by)
    return page(rows, incident_line, by="occurred_at", limit=limit, cursor=cursor)


@router.post("/families/{ref}/not-same", operation_id="family_not_same", response=answers(shapes.FamilyShape))
def not_same(request: Request, ref: PathRef, body: Membership) -> shapes.FamilyShape:
    """Say that an incident does not belong to this family; kept for ever."""
    by = inside(request)
    require(by, "family.edit")
    family = queries.family(ref, seen_by=by)
    incident = references.incident(body.incident, field="incident", seen_by=by)
    corrections.not_same(family, incident=incident, reason=body.reason, by=by)
    return _family_of(queries.family(ref, seen_by=by), by)


@router.post("/families/{ref}/same", operation_id="family_same", response=answers(shapes.FamilyShape))
def same(request: Request, ref: PathRef, body: Membership) -> shapes.FamilyShape:
    """Say that an incident belongs to this family."""
    by = inside(request)
    require(by, "family.edit")
    family = queries.family(ref, seen_by=by)
    incident = references.incident(body.incident, field="incident", seen_by=by)
    corrections.same(family, incident=incident, reason=body.reason, by=by)
    return _family_of(queries.family(ref, seen_by=by), by)


@router.post("/families/{ref}/merge", operation_id="merge_families", response=answers(shapes.FamilyShape))
def merge(request: Request, ref: PathRef, body: MergeFamilies) -> shapes.FamilyShape:
    """Make one family of two: the other goes into this one."""
    by = inside(request)
    require(by, "family.edit")
    family = queries.family(ref, seen_by=by)
    corrections.merge(family, other=_other(body.other, by), reason=body.reason, by=by)
    return _family_of(queries.family(ref, seen_by=by), by)


@router.post("/families/{ref}/split", operation_id="split_family", response=created(shapes.FamilyShape))
def split(request: Request, ref: PathRef, body: SplitFamily) -> Status[shapes.FamilyShape]:
    """Make two families of one: these incidents become one of their own, which is answered."""
    by = inside(request)
    require(by, "family.edit")
    family = queries.family(ref, seen_by=by)
    parted = [references.incident(one, field="incidents", seen_by=by) for one in dict.fromkeys(body.incidents)]
    new = corrections.split(family, parted=parted, reason=body.reason, by=by)
    return Status(201, _family_of(queries.family(new.ref, seen_by=by), by))


def _other(ref: str, by: Actor) -> Family:
    try:
        return queries.family(ref, seen_by=by)
    except NotFound as missing:
        raise UnknownReference(missing.message, field="other", **missing.params) from missing


def _shown(ref: str, by: Actor) -> shapes.CandidateShape:
    explained = queries.explained([queries.candidate(ref, seen_by=by)], seen_by=by)
    if not explained:
        raise NotFound(gettext_noop("There is no candidate %(ref)s that you may see."), ref=ref)
    return shapes.candidate(explained[0])


def _family_of(family: Family, by: Actor) -> shapes.FamilyShape:
    return shapes.family(queries.described([family], seen_by=by)[0])
