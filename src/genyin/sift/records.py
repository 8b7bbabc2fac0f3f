"""What goes into the engine and what a match looks like when it comes out."""

from dataclasses import dataclass
from typing import Literal

NO_SERVICE = -1

ReasonCode = Literal[
    "term", "other_terms", "letters", "identifier", "named", "same_service", "same_code", "other_code", "age"
]


@dataclass(frozen=True, slots=True)
class Record:
    """One incident, known error or alert as the engine sees it.

    ref     : the caller's number for it, unique within an index or a grouping
    title   : one line; counts several times as much as the body, see `index.CHANNELS`
    body    : everything else that was known when the record was made
    service : number of the service, NO_SERVICE when unknown. Also what visibility is decided by
    codes   : (field, value) pairs such as ("ci", "db-01"), ("category", "Network"); a field may
              appear more than once (several components); leave missing values out
    day     : days since 1970-01-01 UTC; the fraction is the time of day
    name    : how other texts mention it, such as INC0012345; "" when nobody does
    stamp   : what the caller tells one state of it from another by, 0 to 2^63 − 1; see `Index.held`
    """

    ref: int
    title: str = ""
    body: str = ""
    service: int = NO_SERVICE
    codes: tuple[tuple[str, str], ...] = ()
    day: float = 0.0
    name: str = ""
    stamp: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a score.

    code   : "term" (a shared word), "other_terms" (the weaker shared words together), "letters" (spelled alike),
             "identifier" (a shared name of a class, setting, file), "named" (the query's text mentions the record),
             "same_service", "same_code" (the same coded value), "other_code" (different values; never positive),
             "age" (never positive)
    field  : the coded field for "same_code" and "other_code", else ""
    detail : the shared word or identifier, or the shared coded value
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
    score   : higher is more alike, below 0 for what is old and hardly alike; the sum of the values of its reasons
    text    : how alike the words are, 0 to about 1 (the same text), for thresholds that must not depend on age;
              None where the query has no word, and its coded fields alone are compared
    codes   : how alike the coded fields are, 0 to 1 (all the same)
    reasons : terms of the score, strongest first
    """

    ref: int
    score: float
    text: float | None
    codes: float
    reasons: tuple[Reason, ...]
