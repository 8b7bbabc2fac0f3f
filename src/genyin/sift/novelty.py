"""Is a record the first of its kind: unlike anything that came before it?

How alike a record is to the nearest earlier one depends on the language, on how long people write, on how many
records there are. No threshold holds everywhere. So it is compared with how alike other arrivals of the same place
were to theirs: a conformal p-value (Vovk, Gammerman and Shafer 2005; Laxhammar and Falkman 2014 for anomalies),

    p = (1 + number of past likenesses ≤ this one) / (1 + number of past likenesses)

Where arrivals are exchangeable, P(p ≤ r) ≤ r whatever the distribution: at most the share r of them is flagged. That
bounds the rate but says nothing of what is flagged: where everything is known, the least alike of the known would be.
Hence a ceiling beside it, above which nothing is ever novel. What is flagged is therefore the most unlike part of
what is new, never all of it: a suggestion that can be read, not an inventory.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from genyin.sift.analysis import split, written
from genyin.sift.features import said
from genyin.sift.records import Match, Record
from genyin.sift.text import cjk_share, mask

Kind = Literal["latin", "cjk", "codes", "nothing"]
Code = Literal["first", "known", "too_little"]


@dataclass(frozen=True, slots=True)
class Settings:
    """When a record is flagged.

    rate     : at most this share of records, in the long run; 0 to 1
    ceiling  : never one that is more alike than this to an earlier one; by words, and by codes where there are no words
    compared : fewest earlier records that must have been there to be alike
    judged   : fewest past likenesses of its kind; p cannot fall to `rate` with fewer than 1 / rate − 1
    """

    rate: float = 0.02
    ceiling: float = 0.3
    codes_ceiling: float = 0.75
    compared: int = 500
    judged: int = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record is the first of its kind.

    code  : "first", "known", or "too_little" where the history is too short to say, or the record says nothing
    alike : how alike the nearest earlier record is, 0 (nothing in common) to 1 (nothing differs)
    p     : share of arrivals at most as alike to their nearest; lower is more unusual, NaN for "too_little"
    """

    code: Code
    alike: float
    p: float


def asked(record: Record) -> Record:
    """The record as its novelty is judged: without ids, hosts, times and numbers, and without what a machine wrote.

    A number never seen before makes nothing new.
    """
    prose, _machine = split(record.body)
    body = "\n".join(said(mask(line)) for line in prose.splitlines())
    return replace(record, title=said(mask(record.title)), body=body)


def kind(record: Record) -> Kind:
    """Which past likenesses a record is compared with: texts of two scripts are alike in different measure.

    "nothing" is a record without words and codes, of which nothing can be said.
    """
    if not written(record):
        return "codes" if record.codes else "nothing"
    return "cjk" if cjk_share(f"{record.title}\n{record.body}") >= 0.5 else "latin"


def likeness(record: Record, near: Iterable[tuple[Match, Record]]) -> float:
    """How alike the nearest of `near` is, 0 to 1; 0 when there is none.

    record : as it was asked for, see `asked`
    near   : the most similar earlier records with the match of each

    By words; by codes alone where the record has no words. Two titles that mask to the same text are the same.
    """
    title = mask(record.title).split()
    found = [_alike(title, match, other) for match, other in near]
    return min(1.0, max(found, default=0.0))


def judge(alike: float, past: Sequence[float], *, of: Kind, compared: int, settings: Settings | None = None) -> Verdict:
    """Whether a record so alike to its nearest is the first of its kind.

    alike    : from `likeness`
    past     : likenesses of earlier arrivals of the same kind, any order, some thousand of the latest
    compared : how many earlier records there were to be alike, up to `Settings.compared` is enough
    """
    chosen = settings or Settings()
    if of == "nothing" or compared < chosen.compared or len(past) < chosen.judged:
        return Verdict("too_little", alike, math.nan)
    p = (1 + int((np.asarray(past) <= alike).sum())) / (1 + len(past))
    ceiling = chosen.codes_ceiling if of == "codes" else chosen.ceiling
    return Verdict("first" if p <= chosen.rate and alike <= ceiling else "known", alike, p)


def unseen(record: Record, is_seen: Callable[[Record], bool], *, most: int = 8) -> tuple[str, ...]:
    """Words of the record, as it writes them, that no earlier record has; for one without words, "field: value".

    is_seen : whether any earlier record shares anything with a record of that one word or code
    """
    bare = replace(record, title="", body="", codes=(), name="")
    words = [(word, replace(bare, title=word)) for word in dict.fromkeys(reversed(written(record).values()))]
    codes = [(f"{field}: {value}", replace(bare, codes=((field, value),))) for field, value in record.codes]
    found = (told for told, alone in words or codes if not is_seen(alone))
    return tuple(told for told, _place in zip(found, range(most), strict=False))


def _alike(title: list[str], match: Match, other: Record) -> float:
    if match.text is None:
        return match.codes
    same = bool(title) and said(mask(other.title)).split() == title
    return 1.0 if same else match.text
