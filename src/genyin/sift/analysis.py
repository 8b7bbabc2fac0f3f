"""A record taken apart: its words, the letters they are spelled with, and the identifiers it names.

Three views of one text, since each finds what the others miss: stems find "restarted" by "restarting", runs of
letters find typos and compounds, identifiers find the very class, setting or file a fault is about.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from genyin.sift.channel import Counts
from genyin.sift.glossary import translated
from genyin.sift.records import Record
from genyin.sift.text import CJK_RUN
from genyin.sift.tokens import HUMP, surfaces

BODY_CHARACTERS = 6000
SPELLED_CHARACTERS = 600  # of the prose; letters beyond these find little and cost much
GRAM = 4  # letters
NEAR = 6  # CJK characters that two may lie apart and still count as a pair

_CODE = re.compile(r"\{(code|noformat)[^}]*\}.*?(?:\{\1\}|\Z)|```.*?(?:```|\Z)", re.DOTALL)
_FRAME = re.compile(
    r"^[ \t]*(?:at\s+[\w.$<>]+\(.*|Caused by:.*|\.\.\. \d+ more.*|File \".*\", line \d+.*|Traceback \(most.*)$",
    re.MULTILINE,
)
_LOG = re.compile(
    r"^[ \t]*(?:\[?\d{4}[-/]\d\d[-/]\d\d[ T]|\d\d[-/]\d\d[-/]\d\d \d\d:|\d\d:\d\d:\d\d|\[(?:INFO|WARN|ERROR|DEBUG)).*$"
    r"|^.*\b(?:INFO|WARN|ERROR|FATAL|DEBUG)\b\s+[\w.]+.*$",
    re.MULTILINE,
)
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(?:[.\-_:/$][A-Za-z0-9_$]+)*", re.ASCII)
_JOINT = re.compile(r"[.:/$]")
_NO_LETTER = re.compile(r"[^0-9a-z\u00df-\u024f\u0370-\u1fff]+")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Analysis:
    """Counts by field: `words` of title, prose and machine text, and what the glossary makes of title and prose;
    `letters` and `identifiers` of title and body."""

    words: tuple[Counts, Counts, Counts, Counts]
    letters: tuple[Counts, Counts]
    identifiers: tuple[Counts, Counts]


def analyse(record: Record) -> Analysis:
    """Take the record apart; of the body the first 6,000 characters."""
    body = record.body[:BODY_CHARACTERS]
    prose, machine = split(body)
    return Analysis(
        words=(_words(record.title), _words(prose), _words(machine), _english(f"{record.title}\n{prose}")),
        letters=(Counter(letters(record.title)), Counter(letters(prose[:SPELLED_CHARACTERS]))),
        identifiers=(Counter(identifiers(record.title)), Counter(identifiers(body))),
    )


def split(body: str) -> tuple[str, str]:
    """(what a person wrote, what a machine wrote): code blocks, stack frames and log lines are the machine's."""
    machine: list[str] = []

    def take(found: re.Match[str]) -> str:
        machine.append(found.group())
        return "\n"

    for kind in (_CODE, _FRAME, _LOG):
        body = kind.sub(take, body)
    return body, "\n".join(machine)


def letters(text: str) -> Iterator[str]:
    """Runs of four letters across the words of a text; of CJK each character and each pair within six, unordered."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if plain := _NO_LETTER.sub(" ", text.lower()).strip():
        spaced = f" {plain} "
        yield from (spaced[at : at + GRAM] for at in range(len(spaced) - GRAM + 1))
    for run in CJK_RUN.findall(text):
        yield from run
        for at, one in enumerate(run):
            yield from (min(one, other) + max(one, other) for other in run[at + 1 : at + 1 + NEAR])


def identifiers(text: str) -> Iterator[str]:
    """Names with humps, dots, underscores or hyphens, lower-cased; of a path also its parts that are such names."""
    for found in _NAME.findall(text):
        name = found.strip(".-_:/$")
        if not 3 < len(name) <= _LONGEST_NAME or not _is_identifier(name):
            continue
        yield name.lower()
        parts = _JOINT.split(name)
        if len(parts) > 1:
            yield from (part.lower() for part in parts if len(part) > 3 and _is_identifier(part))


def written(record: Record) -> dict[str, str]:
    """How the record writes each of its words, the first time; a word of the glossary is written as its term."""
    text = f"{record.title}\n{record.body[:BODY_CHARACTERS]}"
    return dict(reversed([*surfaces(text), *translated(text)]))


def _is_identifier(name: str) -> bool:
    return bool(HUMP.search(name)) or any(joint in name for joint in "._-:/$")


def _words(text: str) -> Counts:
    return Counter(token for token, _ in surfaces(text))


def _english(text: str) -> Counts:
    return Counter(token for token, _ in translated(text))
