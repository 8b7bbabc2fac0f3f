"""What is like this? Similar incidents, known errors that may help, problems that may be the same.

What the asker may see is applied before ranking: no hit is of another customer, and none takes another's place. But how
rare a word or a value is, is judged over the incidents of all customers: where they have many of it, it counts less
here, and hits may stand in another order. So exact values are for the product's own use, and what is told of them is
coarse (`reasons.strength`, `reasons.shares`): no count is read from a figure. That an order changed can still tell who
tries on purpose, with incidents of their own, whether many others have a word.

Every reason is a term of the score. Matching reads all incidents; where an installation indexes them anew, its newest
million.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from django.db.models import Q

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.incidents.models import Incident, Service
from genyin.incidents.queries import visible_services, visible_to
from genyin.knowledge import queries as known_errors
from genyin.knowledge.matching import cache, coded, learning, records
from genyin.knowledge.matching.cache import is_failing, ready
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from genyin.sift.backoff import Guess
from genyin.sift.index import Index
from genyin.sift.records import NO_SERVICE, Match, Record

__all__ = [
    "Similar", "Why", "earlier", "forget", "is_failing", "known_errors_for", "ready", "similar_incidents",
    "similar_problems",
]  # fmt: skip

AT_LEAST = 0.12  # how alike the words must be to be shown at all; 1 is the same text
THROUGH_INCIDENTS = 30  # similar incidents looked at for their problems and the known errors of these
THROUGH_AT_LEAST = 0.25  # how alike such an incident must be: one word in common does not mean one cause
CLOSED_BESIDE = 25  # so many closed problems may be more alike than the open ones that are asked for
CHANCE = 0.01  # a guess from coded fields counts as much as its probability stands above this: ln(1 + p / CHANCE)
NO_FIELDS: Mapping[str, str] = MappingProxyType({})
_QUERY = 0  # no row has this number


@dataclass(frozen=True, slots=True)
class Why:
    """One term of a score: term, other_terms, letters, identifier, named, same_code, other_code, same_service, age,
    linked_incident, confirmed.

    `detail` is the shared word or name, the shared value, the incident's ref, or "37/40" confirmed; `field` the coded
    field of same_code and other_code, those of confirmed with "+" between them.
    """

    code: str
    field: str
    detail: str
    value: float


@dataclass(frozen=True, slots=True)
class Similar:
    """A hit: what it is, how alike (higher is more), and the terms of that score, strongest first.

    compared : the title whose words are shared: its own, or that of the incident it was found through
    """

    kind: str  # incident | known_error | problem
    pk: int
    ref: str
    title: str
    service: str
    state: str
    at: datetime
    score: float
    why: tuple[Why, ...]
    compared: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A known error or a problem before it is loaded; `compared` as in Similar, "" for its own title."""

    score: float = 0.0
    why: tuple[Why, ...] = ()
    compared: str = ""


def forget() -> None:
    """Start anew, as a new process does."""
    cache.forget()
    coded.forget()


def similar_incidents(
    asked: str | Incident,
    *,
    seen_by: Actor,
    k: int = 5,
    service: Service | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
    origin: Incident | None = None,
) -> list[Similar]:
    """The `k` incidents most like a text or an incident, best first, of all that the asker may see.

    service, fields : what is known beside a text; fields are those of `coded.FIELDS`
    origin          : the incident that the text was taken from: it is not like itself
    """
    found = _match(_fresh().incidents.index, _record(asked, service, fields, origin), seen_by=seen_by, k=k)
    loaded = visible_to(seen_by).select_related("service").in_bulk([match.ref for match in found])
    return [_incident(loaded[match.ref], match) for match in found if match.ref in loaded]


def known_errors_for(
    asked: str | Incident,
    *,
    seen_by: Actor,
    k: int = 5,
    service: Service | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
    origin: Incident | None = None,
) -> list[Similar]:
    """Active known errors that may help with a text or an incident, best first.

    A known error is as alike as its own text is, or as the most similar incident of its problem; what people confirmed
    on incidents with the same coded fields counts beside it, and alone where it is the same item or there are no words.
    """
    if is_outside(seen_by):
        return []
    index, record = _fresh().known_errors.index, _record(asked, service, fields, origin)
    causes = Q(links__problem__known_errors__state=KnownErrorState.ACTIVE)
    best = _by_text(index, record, through=("links__problem__known_errors__id", causes), seen_by=seen_by, k=k)
    has_words = bool(record.title.strip() or record.body.strip())
    for known, guess in _by_fields(asked, service, fields, seen_by=seen_by, k=k):
        if known in best or coded.is_narrow(guess) or not has_words:
            best[known] = _with(best.get(known, _Found()), guess)
    loaded = known_errors.visible_to(seen_by).in_bulk(list(best))
    hits = [pk for pk in _ranked(best) if pk in loaded]
    return [_known_error(loaded[pk], best[pk]) for pk in hits[:k]]


def similar_problems(
    asked: str | Incident,
    *,
    service: Service | None = None,
    seen_by: Actor,
    k: int = 5,
    besides: Problem | None = None,
    only_open: bool = False,
    origin: Incident | None = None,
) -> list[Similar]:
    """Problems of services the asker may see that are like a text or an incident, best first.

    A problem is as alike as its title and description are, or as the most similar incident that it caused.
    """
    if is_outside(seen_by):
        return []
    most = k + (CLOSED_BESIDE if only_open else 1)
    index, record = _fresh().problems.index, _record(asked, service, NO_FIELDS, origin)
    causes = Q(links__problem__isnull=False)
    best = _by_text(index, record, through=("links__problem__id", causes), seen_by=seen_by, k=most)
    seen = problems.visible_to(seen_by).exclude(stage=Stage.CLOSED) if only_open else problems.visible_to(seen_by)
    loaded = seen.select_related("service").in_bulk(list(best))
    hits = [pk for pk in _ranked(best) if pk in loaded and (besides is None or pk != besides.pk)]
    return [_problem(loaded[pk], best[pk]) for pk in hits[:k]]


def _fresh() -> cache.Shelves:
    """The indexes, up to date, with the weights that count now."""
    shelves, weights = cache.fresh(), learning.present()
    for shelf in (shelves.incidents, shelves.known_errors, shelves.problems):
        shelf.index.weights = weights
    return shelves


def earlier(record: Record, *, services: Collection[int], k: int) -> list[Match]:
    """The incidents of these services most like a record: `k` that occurred before it, and as many counting those of
    the same moment, in no order: for the product's own use."""
    index = _fresh().incidents.index
    # Asked apart: where a source tells days only, the others of that day would leave no room for those before it.
    found = [
        match
        for moment in (record.day, math.nextafter(record.day, math.inf))
        for match in index.match(record, k=k, before=moment, allowed=services)
    ]
    return list({match.ref: match for match in found}.values())


def _record(
    asked: str | Incident, service: Service | None, fields: Mapping[str, str], origin: Incident | None
) -> Record:
    if isinstance(asked, Incident):
        return records.from_incident(asked)
    title, _newline, body = asked.strip().partition("\n")
    codes = tuple((name, fields[name]) for name in records.CODED if fields.get(name))
    return Record(
        origin.pk if origin else _QUERY,
        *records.entitled(title, body),
        service.pk if service else NO_SERVICE,
        codes,
        records.day_of(clock.now()),
    )


def _by_text(index: Index, record: Record, *, through: tuple[str, Q], seen_by: Actor, k: int) -> dict[int, _Found]:
    """By number what is alike by its own text, or through the most similar incident that it caused.

    through : from an incident to that number, and which of them count
    """
    # Its number is an incident's: a known error or a problem of the same number is another thing.
    alike = _match(index, replace(record, ref=_QUERY), seen_by=seen_by, k=k)
    best = {match.ref: _Found(match.score, _why(match)) for match in alike}
    like = _match(cache.fresh().incidents.index, record, seen_by=seen_by, k=THROUGH_INCIDENTS)
    for number, found in _through_incidents(like, *through, seen_by=seen_by):
        if number not in best or found.score > best[number].score:
            best[number] = found
    return best


def _ranked(best: Mapping[int, _Found]) -> list[int]:
    """Best first; equal ones: the later first."""
    return sorted(best, key=lambda pk: (-best[pk].score, -pk))


def _by_fields(
    asked: str | Incident, service: Service | None, fields: Mapping[str, str], *, seen_by: Actor, k: int
) -> list[tuple[int, Guess]]:
    """Known errors that people confirmed on incidents with the same coded fields."""
    if isinstance(asked, Incident):
        service, fields = asked.service, coded.fields_of(asked)
    codes = coded.values(fields)
    if service is None or not codes:
        return []
    return coded.guesses(service.pk, codes, among=known_errors.active_ids(seen_by), k=k)


def _with(found: _Found, guess: Guess) -> _Found:
    """What was found, with the share that people confirmed as one more term of its score."""
    worth, share = math.log1p(guess.probability / CHANCE), f"{guess.seen:.0f}/{guess.of:.0f}"
    confirmed = Why("confirmed", "+".join(guess.level), share, worth)
    return replace(found, score=found.score + worth, why=(confirmed, *found.why))


def _match(index: Index, record: Record, *, seen_by: Actor, k: int) -> list[Match]:
    allowed = None if seen_by.sees_all else list(visible_services(seen_by).values_list("id", flat=True))
    found = index.match(record, k=k, allowed=allowed, at_least=AT_LEAST)
    # One category in common is no likeness where there are words to compare.
    return [match for match in found if match.text is None or match.text >= AT_LEAST]


def _through_incidents(matches: Sequence[Match], to: str, causes: Q, *, seen_by: Actor) -> Iterable[tuple[int, _Found]]:
    by_incident = {match.ref: match for match in matches if match.text is None or match.text >= THROUGH_AT_LEAST}
    seen = visible_to(seen_by).filter(causes, id__in=list(by_incident))
    for number, incident, source, external_id, title in seen.values_list(to, "id", "source", "external_id", "title"):
        match, linked = by_incident[incident], Why("linked_incident", "", f"{source}:{external_id}", 0.0)
        yield number, _Found(match.score, (linked, *_why(match)), title)


def _incident(row: Incident, match: Match) -> Similar:
    return Similar("incident", row.pk, row.ref, row.title, row.service.name, row.state, row.occurred_at, match.score,
                   _why(match), row.title)  # fmt: skip


def _known_error(row: KnownError, found: _Found) -> Similar:
    return Similar("known_error", row.pk, row.ref, row.title, row.service.name, row.state, row.published_at,
                   found.score, found.why, found.compared or row.title)  # fmt: skip


def _problem(row: Problem, found: _Found) -> Similar:
    return Similar("problem", row.pk, row.ref, row.title, row.service.name, row.stage, row.registered_at,
                   found.score, found.why, found.compared or row.title)  # fmt: skip


def _why(match: Match) -> tuple[Why, ...]:
    return tuple(Why(reason.code, reason.field, reason.detail, reason.value) for reason in match.reasons)
