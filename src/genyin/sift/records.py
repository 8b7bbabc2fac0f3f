"""What goes into the engine and what a match looks like when it comes out."""

from dataclasses import dataclass
from typing import Literal

NO_SERVICE = -1

ReasonCode = Literal["term", "other_terms", "same_service", "same_code", "age"]


@dataclass(frozen=True, slots=True)
class Record:
    """One incident, known error or alert as the engine sees it.

    ref     : the caller's number for it, unique within an index or a grouping
    title   : one line; counts `index.TITLE_WEIGHT` times as much as the body
    body    : everything else that was known when the record was made
    service : number of the service, NO_SERVICE when unknown. Also what visibility is decided by
    codes   : (field, value) pairs such as ("ci", "db-01"), ("category", "Network"); a field may
              appear more than once (several components); leave missing values out
    day     : days since 1970-01-01 UTC; the fraction is the time of day
    """

    ref: int
    title: str = ""
    body: str = ""
    service: int = NO_SERVICE
    codes: tuple[tuple[str, str], ...] = ()
    day: float = 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a score.

    code   : "term" (a shared word), "other_terms" (the weaker shared words together),
             "same_service", "same_code" (the same coded value), "age" (never positive)
    field  : the coded field for "same_code", else ""
    detail : the shared word as the query writes it, or the shared coded value
    value  : what it adds to the score
    """

    code: ReasonCode
    field: str
    detail: str
    value: float


@dataclass(frozen=True, slots=True)
class Match:
    """A similar record.

    ref     : its number
    score   : higher is more alike; the sum of the values of its reasons. The text part lies in
              [0, 1] (cosine); see `index.Weights` for the other parts
    text    : the cosine alone, for thresholds that must not depend on age
    reasons : terms of the score, strongest first
    """

    ref: int
    score: float
    text: float
    reasons: tuple[Reason, ...]
