"""Texts into tokens: Chinese character pairs and English stems, in one pass over mixed text."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

from genyin.sift.text import CJK

_RUN = re.compile(f"([{CJK}]+)|([0-9A-Za-z\u00b5\u00c0-\u024f\u0370-\u1fff]+)")
#: Where CamelCase is split.
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

#: Words that say nothing about a fault. Small on purpose: "not", "no", "down", "off" stay in.
_STOP = """
    a an and are as at be been but by can could did do does for from had has have i if in into is
    it its me my of on or our please should so than that the their them then there these they
    this to us was we were what when which while will with would you your
"""
STOP_WORDS = frozenset(_STOP.split())

_stemmer = Stemmer.Stemmer("english")
_one_stem_at_a_time = threading.Lock()  # the Snowball object keeps state while it stems


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """English stem (Snowball, Porter 2) of a lower-case word; other words mostly stay as they are."""
    with _one_stem_at_a_time:
        return str(_stemmer.stemWord(word))


def pairs(run: str) -> list[str]:
    """Overlapping character pairs of a CJK run: 网络中断 -> 网络 络中 中断. One character is itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] if len(run) > 1 else [run]


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """(is CJK, run) for every run of CJK or of other letters and digits, full-width folded."""
    for found in _RUN.finditer(text if text.isascii() else unicodedata.normalize("NFKC", text)):
        yield found.lastindex == 1, found.group()


def surfaces(text: str) -> list[tuple[str, str]]:
    """(token, how the text writes it) in order, repeats kept. What `tokens` and reasons rest on."""
    out: list[tuple[str, str]] = []
    for is_cjk, run in _runs(text):
        if is_cjk:
            out += [(pair, pair) for pair in pairs(run)]
            continue
        for part in HUMP.split(run):
            word = part.lower()
            if word not in STOP_WORDS:
                out.append((stem(word), word))
    return out


def has_token(text: str) -> bool:
    """Whether `tokens` would find any; the first run nearly always decides."""
    return any(is_cjk or any(part.lower() not in STOP_WORDS for part in HUMP.split(run)) for is_cjk, run in _runs(text))


def tokens(text: str) -> list[str]:
    """Tokens for matching and grouping, in order, repeats kept.

    CJK runs become overlapping pairs (a single character stays itself). Everything else becomes
    words: CamelCase split, lower-cased, stop words left out, English stemmed.
    """
    return [token for token, _ in surfaces(text)]


def search_tokens(text: str) -> list[str]:
    """Tokens for the product's search index: CJK pairs and whole lower-cased words, not stemmed.

    A query of one Chinese character finds nothing among pairs: search it as a prefix.
    """
    out: list[str] = []
    for is_cjk, run in _runs(text):
        out += pairs(run) if is_cjk else [run.lower()]
    return out
