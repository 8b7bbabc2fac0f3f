"""Records as units with sparse vectors: what grouping compares."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from genyin.sift.links import Pair
from genyin.sift.records import NO_SERVICE, Record
from genyin.sift.text import mask
from genyin.sift.tokens import has_token, surfaces

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

BODY_CHARACTERS = 600
#: A word that only one record has says nothing about what is shared, but it makes the record long. Were
#: its weight to grow with ln n, a large family would fall apart as the collection grows.
_HIGHEST_IDF = 4.0
#: In a handful of records every word is common; so many others are thought to exist without it.
_UNSEEN_ROWS = 100
_ENOUGH_CODES = 3
_NEUTRAL = 0.7
PLACEHOLDERS = frozenset({"id", "url", "mail", "time", "host", "hex", "num"})


@dataclass(frozen=True, slots=True)
class Units:
    """Records that cannot be told apart: one masked text in one service, or, without text, one set of codes.

    of_row   : (n,) unit of each record
    first    : (m,) row of each unit's first record
    sizes    : (m,) records in each unit
    has_text : (m,) whether they say a word
    """

    of_row: NDArray[np.int64]
    first: NDArray[np.int64]
    sizes: NDArray[np.int64]
    has_text: NDArray[np.bool_]


def masked(record: Record) -> str:
    """Title and start of the body, masked; what two records of one alert have in common."""
    return mask(f"{record.title}\n{record.body[:BODY_CHARACTERS]}")


def words(text: str) -> list[tuple[str, str]]:
    """(token, surface) of a masked text without its placeholders."""
    return surfaces(said(text))


def says_something(text: str) -> bool:
    """Whether a masked text has a word."""
    return has_token(said(text))


def said(text: str) -> str:
    """A masked text without its placeholders."""
    if "<" not in text:
        return text
    for kind in PLACEHOLDERS:
        text = text.replace(f"<{kind}>", " ")
    return text


def units(records: Sequence[Record], texts: Sequence[str], apart: Iterable[Pair] = ()) -> Units:
    """Fold records, in the order given, into units; pairs are of rows.

    A record that must stay apart from some other one never joins by its text alone: it could be that other one's
    text.
    """
    kept_out = {row for pair in apart for row in pair}
    has_text = np.array([says_something(text) for text in texts], dtype=np.bool_)
    first_with: dict[object, int] = {}
    roots = np.arange(len(records))
    for row, record in enumerate(records):
        if row not in kept_out and (has_text[row] or record.codes):
            roots[row] = first_with.setdefault(key(record, texts[row], has_text=has_text[row]), row)
    first_rows, of_row, sizes = np.unique(roots, return_inverse=True, return_counts=True)
    return Units(of_row, first_rows, sizes, has_text[first_rows])


def key(record: Record, text: str, *, has_text: bool | np.bool_) -> object:
    """What two records have in common that cannot be told apart."""
    return record.service, text.lower() if has_text else tuple(sorted(record.codes))


@dataclass(frozen=True, slots=True)
class Table:
    """TF-IDF rows (n, n_features), each of Euclidean length 1 (or empty).

    columns : column by name, in the order in which the names are met
    idf     : (n_features,)
    """

    rows: sparse.csr_matrix
    columns: dict[str, int]
    idf: Floats

    def weigh(self, counts: Mapping[str, float]) -> dict[str, float]:
        """A further row by the idf of these; what is new has the highest. Of Euclidean length 1 (or empty)."""
        places = [self.columns.get(name, len(self.idf)) for name in counts]
        idf = np.array([self.idf[place] if place < len(self.idf) else _HIGHEST_IDF for place in places])
        weights = np.array(list(counts.values())) * idf
        return dict(zip(counts, (weights / np.linalg.norm(weights)).tolist(), strict=True)) if counts else {}


@dataclass(frozen=True, slots=True)
class Vectors:
    """What units are compared by.

    words, codes : a table of each
    both         : (n_units, n_features) words and codes side by side
    unknown      : (n_units, 1) what counts beside them for codes that nobody gave; no row of `both` with its own entry
                   of this is longer than 1
    """

    words: Table
    codes: Table
    both: sparse.csr_matrix
    unknown: sparse.csr_matrix


def shares(has_words: Bools, codes: Floats, coded_part: float) -> tuple[Floats, Floats, Floats]:
    """Shares (n,) of a dot product that words, codes, and codes that nobody gave have: where there are no words, codes
    have all of it.

    codes : how many codes a record has, its service included. Three have the whole `coded_part`. Two records that lack
            the same number of them agree on the rest by `_NEUTRAL`: not to know is not to differ
    """
    lacking = 1.0 - np.minimum(codes, _ENOUGH_CODES) / _ENOUGH_CODES
    coded = np.where(has_words, coded_part * (1.0 - lacking), 1.0 * (codes > 0))
    spoken = (1.0 - coded_part) * has_words.astype(np.float64)
    return spoken, coded, _NEUTRAL * coded_part * lacking * has_words


def vectors(found: Units, records: Sequence[Record], texts: Sequence[str], *, coded_part: float) -> Vectors:
    """What the units are compared by.

    coded_part : share of a dot product that belongs to service and coded fields, 0 to 1; the words have the rest

    Words are weighed (1 + ln count) * idf from the unit's first record, whose title counts twice. Service and codes
    are weighed by their share among the unit's records times idf. idf = min(ln((n + 100) / df) + 1, 4).
    """
    spoken = _weighed(*_counted(word_counts(records[row], texts[row]) for row in found.first.tolist()))
    n = len(records)
    folding = sparse.csr_matrix(
        (1 / found.sizes[found.of_row], (found.of_row, np.arange(n))), shape=(len(found.sizes), n)
    )
    each, columns = _counted(map(code_counts, records))
    folded = (folding @ each).tocsr()
    coded = _weighed(folded, columns)
    parts = shares(np.diff(spoken.rows.indptr) > 0, np.asarray(folded.sum(axis=1)).ravel(), coded_part)
    scaled = [sparse.diags(np.sqrt(part)) @ table.rows for part, table in zip(parts, (spoken, coded), strict=False)]
    unknown = sparse.csr_matrix(np.sqrt(parts[2])[:, None])
    return Vectors(spoken, coded, sparse.hstack(scaled, format="csr"), unknown)


def word_counts(record: Record, text: str) -> dict[str, float]:
    """1 + ln count of each word of a masked text, the title counted twice."""
    counts = Counter(token for token, _ in words(text))
    titled = counts if not record.body else Counter(token for token, _ in words(mask(record.title)))
    return {token: 1.0 + log(count + titled[token]) for token, count in counts.items()}


def code_counts(record: Record) -> dict[str, float]:
    """1 for the service and each coded value."""
    found = {f"{field}\x1f{value}": 1.0 for field, value in record.codes}
    return found if record.service == NO_SERVICE else {f"\x1f{record.service}": 1.0, **found}


def _counted(rows: Iterable[dict[str, float]]) -> tuple[sparse.csr_matrix, dict[str, int]]:
    """Rows of named numbers, and their columns in the order in which the names are met."""
    columns: dict[str, int] = {}
    indices, values, indptr = array("i"), array("d"), array("q", [0])
    for row in rows:
        indices.extend([columns.setdefault(name, len(columns)) for name in row])
        values.extend(row.values())
        indptr.append(len(indices))
    shape = (len(indptr) - 1, max(len(columns), 1))
    arrays = (np.frombuffer(values), np.frombuffer(indices, dtype=np.int32), np.frombuffer(indptr, dtype=np.int64))
    return sparse.csr_matrix(arrays if len(indices) else shape, shape=shape), columns


def _weighed(rows: sparse.csr_matrix, columns: dict[str, int]) -> Table:
    """Times idf, each row of length 1 (or empty)."""
    n, width = rows.shape
    df = np.maximum(np.bincount(rows.indices, minlength=width), 1)
    idf = np.minimum(np.log((n + _UNSEEN_ROWS) / df) + 1.0, _HIGHEST_IDF)
    data: Floats = rows.data * idf[rows.indices]
    row_of = np.repeat(np.arange(n), np.diff(rows.indptr))
    data /= np.sqrt(np.bincount(row_of, weights=data**2, minlength=n))[row_of]
    return Table(sparse.csr_matrix((data, rows.indices, rows.indptr), shape=rows.shape), columns, idf)
