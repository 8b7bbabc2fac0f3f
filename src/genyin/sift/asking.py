"""A record taken apart for an index: what it tells each channel when it is added, its weighed terms when it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from genyin.sift.analysis import Analysis, analyse
from genyin.sift.channel import Channels, Counts, Fields, Floats, Integers, Recipe, Told
from genyin.sift.codes import SharedCodes, written
from genyin.sift.keys import Keys
from genyin.sift.parts import Located, Parts
from genyin.sift.records import Record
from genyin.sift.text import cjk_share

SCRIPT_CHARACTERS = 600

#: Fields: title, prose, machine text, glossary; title and body; title and prose. Chosen on the sets of `bench match`.
CHANNELS: Mapping[str, Recipe] = MappingProxyType(
    {
        "words": Recipe(fields=((5, 0.3), (1, 0.75), (0.2, 0.9), (2, 0.75)), k1=4, power=2, length=0.75),
        "identifiers": Recipe(fields=((2, 0), (1, 0.5)), k1=1.2, power=1, length=0.5),
        "letters": Recipe(fields=((4, 0.3), (1, 0.6)), k1=4, power=1, length=0.75),
    }
)
#: Coded values; and the names of their fields, which weigh nothing. With each value once, squared rarity and the whole
#: length, a channel is the cosine of tf·idf.
CODES = Recipe(fields=((1, 0), (0, 0)), k1=1, power=2, length=1, cjk=2)

#: The terms of all channels but the last stand in one table.
ORDER = ("words", "identifiers", "codes", "letters")
TOGETHER = len(ORDER) - 1


@dataclass(frozen=True, slots=True)
class Query:
    """A record taken apart for asking.

    names, weights, channel : of its words, identifiers and coded values, which `terms` locates; the channel by its
                              place in ORDER
    letters, letter_weights : of its letters
    codes                   : its coded values, as terms
    cjk                     : how much of it is Chinese, Japanese or Korean
    """

    record: Record
    names: Sequence[str]
    weights: Floats
    channel: Integers
    terms: Located
    letters: Located
    letter_weights: Floats
    codes: SharedCodes
    cjk: float
    has_words: bool


def recipes(channels: Mapping[str, Recipe]) -> dict[str, Recipe]:
    """Those of an index, in their order."""
    known = {**channels, "codes": CODES}
    return {name: known[name] for name in ORDER}


def fields_of(analysis: Analysis, channel: str) -> tuple[dict[str, float], ...]:
    """The counts that a channel takes."""
    found: tuple[dict[str, float], ...] = getattr(analysis, channel)
    return found


def coded(record: Record) -> tuple[Counts, Counts]:
    """Its coded values, and its coded fields."""
    values = {written(field, value): 1.0 for field, value in record.codes}
    return values, {field: 1.0 for field, _value in record.codes}


def fields_by_channel(record: Record) -> Fields:
    analysis = analyse(record)
    return {**{name: fields_of(analysis, name) for name in CHANNELS}, "codes": coded(record)}


def document_frequencies(told: Told, parts: Parts) -> Integers:
    """How many rows of `parts` hold each entry's term."""
    at = _letters_from(told)
    return np.concatenate((parts.df("terms", told.terms[:at]), parts.df("letters", told.terms[at:])))


def by_view(told: Told, weights: Floats) -> dict[str, tuple[Integers, Keys, Floats]]:
    """Rows, terms and weights for each table, row by row."""
    at, rows = _letters_from(told), told.rows
    order = np.argsort(rows[:at], kind="stable")
    terms = (rows[:at][order], told.terms[:at][order], weights[:at][order])
    return {"terms": terms, "letters": (rows[at:], told.terms[at:], weights[at:])}


def weights_by_view(told: Sequence[Told], weights: Sequence[Floats]) -> dict[str, Floats]:
    """The weights alone, of parts that follow each other."""
    views = [by_view(part, own) for part, own in zip(told, weights, strict=True)]
    return {name: np.concatenate([view[name][2] for view in views]) for name in views[0]}


def ask(record: Record, channels: Channels, parts: Parts) -> Query:
    fields = fields_by_channel(record)
    told = channels.told([fields])
    names = channels.spelled(fields, told)
    at = _letters_from(told)
    terms, letters = parts.locate("terms", told.terms[:at]), parts.locate("letters", told.terms[at:])
    weights = channels.query(told, names, np.concatenate((terms.df, letters.df)))
    first, last = np.searchsorted(told.groups, (ORDER.index("codes"), ORDER.index("codes") + 1))
    words = np.searchsorted(told.groups, 1)
    return Query(
        record=record,
        names=names[:at],
        weights=weights[:at],
        channel=told.groups[:at],
        terms=terms,
        letters=letters,
        letter_weights=weights[at:],
        codes=SharedCodes(record.codes, names[first:last], int(first), terms.df[first:last], channels.rows),
        cjk=cjk_share(f"{record.title}\n{record.body[:SCRIPT_CHARACTERS]}"),
        has_words=bool(weights[:words].any()),
    )


def _letters_from(told: Told) -> int:
    return int(np.searchsorted(told.groups, TOGETHER * told.n))
