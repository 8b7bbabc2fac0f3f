"""Families, candidates and analyses as the API answers them."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from genyin.trends.queries import CandidateSeen, FamilySeen


class FamilyShape(BaseModel):
    """A family as the caller may see it. `partly`: it has incidents hidden from the caller.

    `rise`: how many came since it began, how many were expected, and how many times as often that is. `ratio_high` is
    null where the `past` days before had none: no number is too large then.
    """

    ref: str
    title: str
    service: str
    size: int
    first_at: datetime
    last_at: datetime
    terms: list[str]
    fields: list[dict[str, Any]]
    rise: dict[str, Any] | None
    partly: bool


class CandidateShape(BaseModel):
    """A candidate with what speaks for it: `count` incidents from `since` to `until`, the rules it meets, a rise as
    that of a family."""

    ref: str
    title: str
    service: str
    state: str
    rules: list[str]
    proposes: str
    count: int
    at_least: int
    since: date
    until: date
    family: str
    incident: str
    terms: list[str]
    fields: list[dict[str, Any]]
    rise: dict[str, Any] | None
    major: list[str]
    problem: str
    again: str
    reason: str


class RunShape(BaseModel):
    ref: str
    incidents: int
    families: int
    candidates: int
    seconds: float


def candidate(one: CandidateSeen) -> CandidateShape:
    return CandidateShape(
        ref=one.ref,
        title=one.title,
        service=one.service,
        state=one.candidate.state,
        rules=list(one.rules),
        proposes=one.proposes,
        count=one.count,
        at_least=one.at_least,
        since=one.since,
        until=one.until,
        family=one.family.ref if one.family else "",
        incident=one.incident.ref if one.incident else "",
        terms=list(one.family.terms) if one.family else [],
        fields=_fields(one.family),
        rise=one.rise,
        major=list(one.major),
        problem=one.problem.number if one.problem else "",
        again=one.again,
        # Written about all its incidents: it may name what this reader must not see.
        reason=one.candidate.reason if one.family is None or not one.family.partly else "",
    )


def family(one: FamilySeen) -> FamilyShape:
    return FamilyShape(
        ref=one.ref,
        title=one.title,
        service=one.service,
        size=one.size,
        first_at=one.first_at,
        last_at=one.last_at,
        terms=list(one.terms),
        fields=_fields(one),
        rise=one.rise,
        partly=one.partly,
    )


def _fields(family: FamilySeen | None) -> list[dict[str, Any]]:
    return [{"field": f, "value": v, "share": s} for f, v, s in family.fields] if family else []
