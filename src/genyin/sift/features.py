"""Records as units with sparse vectors: what grouping compares."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.records import Record
from genyin.sift.text import mask
from genyin.sift.tokens import surfaces

BODY_CHARACTERS = 600
#: A word that only one record has says nothing about what is shared, but it makes the record long. Were
#: its weight to grow with ln n, a large family would fall apart as the collection grows.
_HIGHEST_IDF = 4.0
#: In a handful of records every word is common; so many others are thought to exist without it.
_UNSEEN_ROWS = 100
PLACEHOLDERS = frozenset({"id", "url", "mail", "time", "host", "hex", "num"})


@dataclass(frozen=True, slots=True)
class Unit:
    """Records that cannot be told apart: one masked text in one service (or, without text, one set
    of codes), or records a person tied together.

    rows : positions of its records in the order they were given
    """

    rows: tuple[int, ...]
    service: int
    has_text: bool


def masked(record: Record) -> str:
    """Title and start of the body, masked; what two records of one alert have in common."""
    return mask(f"{record.title}\n{record.body[:BODY_CHARACTERS]}")


def said(text: str) -> str:
    """A masked text without its placeholders."""
    for kind in PLACEHOLDERS:
        text = text.replace(f"<{kind}>", " ")
    return text


def words(text: str) -> list[tuple[str, str]]:
    """(token, surface) of a masked text without its placeholders."""
    return surfaces(said(text))


@dataclass(frozen=True, slots=True)
class Vectors:
    """TF-IDF vectors (n_units, n_features), each of Euclidean length 1 (or empty).

    spoken : words only
    both   : words and codes side by side
    """

    spoken: sparse.csr_matrix
    both: sparse.csr_matrix


def vectors(units: Sequence[Unit], records: Sequence[Record], texts: Sequence[str], *, coded_part: float) -> Vectors:
    """What the units are compared by.

    coded_part : share of a dot product that belongs to the coded fields, 0 to 1; the words have the
                 rest. A unit without words has only codes and the other way round

    Words are weighed (1 + ln count) * idf from the unit's first record, whose title counts twice.
    Codes are weighed by their share among the unit's records times idf. idf = min(ln((n + 100) / df) + 1, 4).
    """
    spoken = _matrix(_word_counts(unit, records, texts) for unit in units)
    coded = _matrix(_code_shares(unit, records) for unit in units)
    has_words, has_codes = np.diff(spoken.indptr) > 0, np.diff(coded.indptr) > 0
    coded_share = np.where(has_words, coded_part, 1.0) * has_codes
    spoken_share = np.where(has_codes, 1.0 - coded_part, 1.0) * has_words
    parts = [sparse.diags(np.sqrt(spoken_share)) @ spoken, sparse.diags(np.sqrt(coded_share)) @ coded]
    return Vectors(spoken, sparse.hstack(parts, format="csr"))


def _word_counts(unit: Unit, records: Sequence[Record], texts: Sequence[str]) -> dict[str, float]:
    first = unit.rows[0]
    counts = Counter(token for token, _ in words(texts[first]))
    counts.update(token for token, _ in words(mask(records[first].title)))
    return {token: 1.0 + float(np.log(count)) for token, count in counts.items()}


def _code_shares(unit: Unit, records: Sequence[Record]) -> dict[str, float]:
    counts = Counter(code for row in unit.rows for code in set(records[row].codes))
    return {f"{field}\x1f{value}": count / len(unit.rows) for (field, value), count in counts.items()}


def _matrix(rows: Iterable[dict[str, float]]) -> sparse.csr_matrix:
    """Rows of named weights, times idf, each row of length 1 (or empty)."""
    columns: dict[str, int] = {}
    indices: list[int] = []
    values: list[float] = []
    indptr = [0]
    for row in rows:
        indices += [columns.setdefault(name, len(columns)) for name in row]
        values += row.values()
        indptr.append(len(indices))
    n = len(indptr) - 1
    where = np.array(indices, dtype=np.int64)
    df = np.maximum(np.bincount(where, minlength=1), 1)
    idf = np.minimum(np.log((n + _UNSEEN_ROWS) / df) + 1.0, _HIGHEST_IDF)
    data: NDArray[np.float64] = np.array(values) * idf[where]
    row_of = np.repeat(np.arange(n), np.diff(indptr))
    data /= np.sqrt(np.bincount(row_of, weights=data**2, minlength=n))[row_of]
    return sparse.csr_matrix((data, where, np.array(indptr)), shape=(n, max(len(columns), 1)))
