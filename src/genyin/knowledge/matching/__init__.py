"""What is like this? Similar incidents, known errors that may help, problems that may be the same.

What the asker may see is applied before ranking: a hit, its rank and its reasons never come from another customer.
Every reason is a term of the score. Matching reads all incidents; where an installation indexes them anew, its newest
million.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents.models import Incident, Service
from genyin.incidents.queries import visible_services, visible_to
from genyin.knowledge import queries as known_errors
from genyin.knowledge.matching import cache, records
from genyin.knowledge.matching.cache import forget, ready
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.models import Problem
from genyin.sift.index import Index
from genyin.sift.records import NO_SERVICE, Match, Record

__all__ = [
    "Similar", "Why", "forget", "known_errors_for", "nearest", "ready", "similar_incidents", "similar_problems", "warm",
]  # fmt: skip

AT_LEAST = 0.12  # how alike the words must be to be shown at all; 1 is the same text
THROUGH_INCIDENTS = 30  # similar incidents looked at for the known errors of their problems
_QUERY = 0  # no row has this number


@dataclass(frozen=True, slots=True)
class Why:
    """One term of a score: term, other_terms, letters, identifier, named, same_code, other_code, same_service, age,
    linked_incident.

    `detail` is the shared word or name, the shared value, or the incident's ref; `field` the coded field of same_code
    and other_code.
    """

    code: str
    field: str
    detail: str
    value: float


@dataclass(frozen=True, slots=True)
class Similar:
    """A hit: what it is, how alike (higher is more), and the terms of that score, strongest first."""

    kind: str  # incident | known_error | problem
    pk: int
    ref: str
    title: str
    service: str
    state: str
    at: datetime
    score: float
    why: tuple[Why, ...]


def warm() -> None:
    """Bring this process's indexes up to date now: called when a worker or a web process starts."""
    cache.fresh()


def similar_incidents(
    asked: str | Incident, *, seen_by: Actor, k: int = 5, service: Service | None = None
) -> list[Similar]:
    """The `k` incidents most like a text or an incident, best first, of all that the asker may see."""
    found = _match(cache.fresh().incidents.index, _record(asked, service), seen_by=seen_by, k=k)
    loaded = visible_to(seen_by).select_related("service").in_bulk([match.ref for match in found])
    return [_incident(loaded[match.ref], match) for match in found if match.ref in loaded]


def known_errors_for(
    asked: str | Incident, *, seen_by: Actor, k: int = 5, service: Service | None = None
) -> list[Similar]:
    """Active known errors that may help with a text or an incident, best first.

    A known error is as alike as its own text is, or as the most similar incident of its problem.
    """
    if is_outside(seen_by):
        return []
    shelves, record = cache.fresh(), _record(asked, service)
    best: dict[int, tuple[float, tuple[Why, ...]]] = {
        match.ref: (match.score, _why(match))
        for match in _match(shelves.known_errors.index, record, seen_by=seen_by, k=k)
    }
    like = _match(shelves.incidents.index, record, seen_by=seen_by, k=THROUGH_INCIDENTS)
    for known, match, ref in _through_incidents(like, seen_by=seen_by):
        if match.score > best.get(known, (float("-inf"), ()))[0]:
            best[known] = (match.score, (Why("linked_incident", "", ref, match.score), *_why(match)))
    loaded = known_errors.visible_to(seen_by).in_bulk(list(best))
    ranked = sorted((item for item in best.items() if item[0] in loaded), key=lambda item: (-item[1][0], -item[0]))
    return [_known_error(loaded[pk], score, why) for pk, (score, why) in ranked[:k]]


def similar_problems(
    text: str, *, service: Service | None = None, seen_by: Actor, k: int = 5, besides: Problem | None = None
) -> list[Similar]:
    """Problems of services the asker may see whose title and description are like the text, best first."""
    if is_outside(seen_by):
        return []
    found = _match(cache.fresh().problems.index, _record(text, service), seen_by=seen_by, k=k + 1)
    loaded = problems.visible_to(seen_by).select_related("service").in_bulk([match.ref for match in found])
    hits = [match for match in found if match.ref in loaded and (besides is None or match.ref != besides.pk)]
    return [_problem(loaded[match.ref], match) for match in hits[:k]]


def nearest(incident: Incident, *, k: int) -> list[Match]:
    """The most similar incidents of the same service as the engine answers: for the product's own use."""
    record = records.from_incident(incident)
    return cache.fresh().incidents.index.match(record, k=k, allowed=[incident.service_id])


def _record(asked: str | Incident, service: Service | None) -> Record:
    if isinstance(asked, Incident):
        return records.from_incident(asked)
    title, _newline, body = asked.strip().partition("\n")
    return Record(_QUERY, title, body, service.pk if service else NO_SERVICE, (), records.day_of(clock.now()))


def _match(index: Index, record: Record, *, seen_by: Actor, k: int) -> list[Match]:
    allowed = None if seen_by.sees_all else list(visible_services(seen_by).values_list("id", flat=True))
    found = index.match(record, k=k, allowed=allowed, at_least=AT_LEAST)
    # One category in common is no likeness where there are words to compare.
    return [match for match in found if match.text is None or match.text >= AT_LEAST]


def _through_incidents(matches: Sequence[Match], *, seen_by: Actor) -> Iterable[tuple[int, Match, str]]:
    """(known error, match, incident's ref) for similar incidents whose problem has an active known error."""
    by_incident = {match.ref: match for match in matches}
    seen = visible_to(seen_by).filter(id__in=list(by_incident))
    rows = seen.filter(links__problem__known_errors__state=KnownErrorState.ACTIVE).values_list(
        "links__problem__known_errors__id", "id", "source", "external_id"
    )
    for known, incident, source, number in rows:
        yield known, by_incident[incident], f"{source}:{number}"


def _incident(row: Incident, match: Match) -> Similar:
    return Similar("incident", row.pk, row.ref, row.title, row.service.name, row.state, row.occurred_at, match.score,
                   _why(match))  # fmt: skip


def _known_error(row: KnownError, score: float, why: tuple[Why, ...]) -> Similar:
    return Similar("known_error", row.pk, row.ref, row.title, row.service.name, row.state, row.published_at, score, why)


def _problem(row: Problem, match: Match) -> Similar:
    return Similar("problem", row.pk, row.ref, row.title, row.service.name, row.stage, row.registered_at, match.score,
                   _why(match))  # fmt: skip


def _why(match: Match) -> tuple[Why, ...]:
    return tuple(Why(reason.code, reason.field, reason.detail, reason.value) for reason in match.reasons)
