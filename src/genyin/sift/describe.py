"""What the members of a family have in common, for a person to read.

Call it with the members that the reader may see: terms of a text they may not see must not appear.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from genyin.sift.features import masked, words
from genyin.sift.records import Record

TERMS = 8
_SAMPLE = 200
_COMMON = 0.5
#: Chinese characters that carry grammar, not matter: a pair with one of them says nothing to a reader (的邮, 人已).
_GRAMMAR = frozenset("的了是里把被已也就很吗吧呢们我您")
_CHINESE = re.compile(r"[一-鿿]")
_GOES_ON = 0.8
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class SharedCode:
    """A coded value that at least half of the members have; share is in [0.5, 1]."""

    field: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Common:
    """terms : words that at least half of the members use, most common first, as they are written;
               overlapping Chinese pairs are joined again (网络 + 络中 + 中断 -> 网络中断)
    codes : coded values that at least half of the members have, most common first
    """

    terms: tuple[str, ...]
    codes: tuple[SharedCode, ...]


def describe(members: Sequence[Record], texts: Sequence[str] | None = None) -> Common:
    """Terms and coded values shared by `members`.

    texts : their masked texts, when the caller has them already

    Terms are taken from up to 200 members spread evenly over the sequence; codes from all.
    """
    step = max(1, len(members) // _SAMPLE)
    sample = list(texts[::step]) if texts is not None else [masked(member) for member in members[::step]]
    return Common(_terms(sample), _codes(members))


def _codes(members: Sequence[Record]) -> tuple[SharedCode, ...]:
    counts = Counter(code for member in members for code in set(member.codes))
    shared = [
        SharedCode(field, value, count / len(members))
        for (field, value), count in counts.items()
        if count >= _COMMON * len(members)
    ]
    return tuple(sorted(shared, key=lambda code: (-code.share, code.field, code.value)))


def _terms(texts: Sequence[str]) -> tuple[str, ...]:
    if not texts:
        return ()
    used: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    place: dict[str, int] = {}
    for text in texts:
        spoken = words(text)
        used.update({token for token, _ in spoken})
        for position, (token, surface) in enumerate(spoken):
            written.setdefault(token, Counter())[surface] += 1
            place[token] = min(position, place.get(token, position))
    common = [token for token, count in used.items() if count >= _COMMON * len(texts) and _GRAMMAR.isdisjoint(token)]
    common.sort(key=lambda token: (-used[token], place[token], token))
    chosen = sorted(common[: 3 * TERMS], key=lambda token: (place[token], token))
    spoken_of = [written[token].most_common(1)[0][0] for token in chosen]
    return tuple(_apart([_whole(term, texts) for term in _join(spoken_of, texts)])[:TERMS])


def _apart(terms: list[str]) -> list[str]:
    """Without a single letter, which is the rest of a word ("can't"), and without what is part of another term."""
    told = [term for term in dict.fromkeys(terms) if len(term) > 1 or not term.isascii()]
    return [term for term in told if term.isascii() or not any(term in other and term != other for other in told)]


def _whole(term: str, texts: Sequence[str]) -> str:
    """A Chinese run as far as the texts that have it go on in the same way: 添加打 -> 添加打印机."""
    if term.isascii():
        return term
    for pattern in ("{}(.)", "(.){}"):
        while len(term) < _LONGEST:
            holding = "\n".join(text for text in texts if term in text)
            beside = Counter(re.findall(pattern.format(re.escape(term)), holding))
            char, many = beside.most_common(1)[0] if beside else ("", 0)
            longer = term + char if pattern.startswith("{") else char + term
            goes_on = many >= _GOES_ON * beside.total() and _common(longer, texts)
            if not goes_on or not _CHINESE.match(char) or char in _GRAMMAR:
                break
            term = longer
    return term


def _join(terms: list[str], texts: Sequence[str]) -> list[str]:
    """Chinese pairs that overlap in half of the texts become the run they came from."""
    joined: list[str] = []
    for term in terms:
        for place, before in enumerate(joined):
            if len(term) == 2 and not term.isascii() and before[-1] == term[0] and _common(before + term[1], texts):
                joined[place] = before + term[1]
                break
        else:
            joined.append(term)
    return joined


def _common(term: str, texts: Sequence[str]) -> bool:
    return sum(term in text for text in texts) >= _COMMON * len(texts)
