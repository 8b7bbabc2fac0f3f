"""A record as rows: its entries in each view when it is added, its weighed terms when it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from genyin.sift.analysis import Analysis, analyse
from genyin.sift.channel import Channel, Counts, Floats, Recipe, Statistics, Told
from genyin.sift.codes import SharedCodes, written
from genyin.sift.keys import Keys, key
from genyin.sift.parts import Located, Parts
from genyin.sift.records import Record
from genyin.sift.text import cjk_share

SCRIPT_CHARACTERS = 600

#: Fields: title, prose, machine text, glossary; title and prose; title and body. Chosen on the sets of `bench match`.
CHANNELS: Mapping[str, Recipe] = MappingProxyType(
    {
        "words": Recipe(fields=((5, 0.3), (1, 0.75), (0.2, 0.9), (2, 0.75)), k1=4, power=2, length=0.75),
        "letters": Recipe(fields=((4, 0.3), (1, 0.6)), k1=4, power=1, length=0.75),
        "identifiers": Recipe(fields=((2, 0), (1, 0.5)), k1=1.2, power=1, length=0.5),
    }
)
#: Coded values; and the names of their fields, which weigh nothing. With each value once, squared rarity and the whole
#: length, a channel is the cosine of tf·idf.
CODES = Recipe(fields=((1, 0), (0, 0)), k1=1, power=2, length=1, cjk=2)

TOGETHER = ("words", "identifiers", "codes")  # channels whose terms stand in one table
_SALT = {name: key(f"channel {name}") for name in (*TOGETHER, "letters")}

Fields = Mapping[str, Sequence[Counts]]


@dataclass(frozen=True, slots=True)
class Query:
    """A record taken apart for asking.

    names, weights, channel : of its words, identifiers and coded values, which `terms` locates; the channel by its
                              place in TOGETHER
    letters, letter_weights : of its letters
    codes                   : its coded values, as terms
    cjk                     : how much of it is Chinese, Japanese or Korean
    """

    record: Record
    names: Sequence[str]
    weights: Floats
    channel: NDArray[np.int64]
    terms: Located
    letters: Located
    letter_weights: Floats
    codes: SharedCodes
    cjk: float
    has_words: bool


class Views:
    """The channels of an index, fed with the same records."""

    def __init__(self, recipes: Mapping[str, Recipe], learned: Mapping[str, Statistics] | None = None) -> None:
        known = learned or {}
        self.recipes = {**recipes, "codes": CODES}
        self.channels = {name: Channel(recipe, known.get(name)) for name, recipe in self.recipes.items()}

    @property
    def learned(self) -> dict[str, Statistics]:
        return {name: channel.learned for name, channel in self.channels.items()}

    def told(self, fields: Sequence[Fields]) -> dict[str, Told]:
        """What records tell each channel."""
        return {
            name: Told.of([one[name] for one in fields], len(channel.recipe.fields), _SALT[name])
            for name, channel in self.channels.items()
        }

    def weigh(self, told: Mapping[str, Told], parts: Parts, *, again: bool = False) -> dict[str, Floats]:
        """Weights by channel of records added now; `again`: of all records so far, all of them known."""
        _terms, _letters, df = _located(told, parts)
        if again:
            return {name: channel.renewed(told[name], df[name]).weights for name, channel in self.channels.items()}
        return {name: channel.append(told[name], df[name]).weights for name, channel in self.channels.items()}

    def ask(self, record: Record, parts: Parts, rows: int) -> Query:
        fields = fields_by_channel(record)
        told = self.told([fields])
        names = {name: _spelled(one, fields[name], _SALT[name]) for name, one in told.items()}
        terms, letters, df = _located(told, parts)
        weights = {name: one.query(told[name], names[name], df[name]) for name, one in self.channels.items()}
        first = sum(len(names[name]) for name in TOGETHER[:-1])
        return Query(
            record=record,
            names=[term for name in TOGETHER for term in names[name]],
            weights=np.concatenate([weights[name] for name in TOGETHER]),
            channel=np.repeat(np.arange(len(TOGETHER)), [len(names[name]) for name in TOGETHER]),
            terms=terms,
            letters=letters,
            letter_weights=weights["letters"],
            codes=SharedCodes(record.codes, names["codes"], first, df["codes"], rows),
            cjk=cjk_share(f"{record.title}\n{record.body[:SCRIPT_CHARACTERS]}"),
            has_words=bool(weights["words"].any()),
        )


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


def together(told: Mapping[str, Told], weights: Mapping[str, Floats]) -> tuple[NDArray[np.int64], Keys, Floats]:
    """Rows, terms and weights of the channels that share a table, row by row."""
    rows = np.concatenate([told[name].rows for name in TOGETHER])
    order = np.argsort(rows, kind="stable")
    terms = np.concatenate([told[name].terms for name in TOGETHER])
    return rows[order], terms[order], np.concatenate([weights[name] for name in TOGETHER])[order]


def _located(told: Mapping[str, Told], parts: Parts) -> tuple[Located, Located, dict[str, NDArray[np.int64]]]:
    """Where the terms are held, the letters are held, and by how many rows those of each channel."""
    terms = parts.locate("terms", np.concatenate([told[name].terms for name in TOGETHER]))
    letters = parts.locate("letters", told["letters"].terms)
    ends = np.cumsum([len(told[name].terms) for name in TOGETHER])[:-1]
    return terms, letters, {**dict(zip(TOGETHER, np.split(terms.df, ends), strict=True)), "letters": letters.df}


def _spelled(told: Told, fields: Sequence[Counts], salt: int) -> Sequence[str]:
    """The terms that its entries stand for."""
    by_key = {key(name) ^ salt: name for counts in fields for name in counts}
    return [by_key[term] for term in told.terms.tolist()]
