"""Coded fields of rows: which share a value, and which have another one."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Floats
from genyin.sift.table import Found

Codes = tuple[tuple[str, str], ...]


class SharedCodes:
    """A query's coded values, each a term of the query, and so are the names of their fields.

    names, first : the terms of this view, and the place of the first among all terms of the query
    df           : rows that hold them, of `n`
    """

    def __init__(self, codes: Codes, names: Sequence[str], first: int, df: NDArray[np.int64], n: int) -> None:
        place = {name: first + at for at, name in enumerate(names)}
        self._spelled = by_field(codes)
        self._field = {name: place[name] for name in self._spelled}
        self._values = {name: [place[written(name, one)] for one in values] for name, values in self._spelled.items()}
        idf = np.log(1 + n / (1 + df)).tolist()
        #: ln(1 + n / (1 + rows with it)) by term
        self.idf = {first + at: one for at, one in enumerate(idf)}
        #: the field of each term that is a value
        self.field_of = {at: name for name, places in self._values.items() for at in places}

    def parts(self, held: Found, many: int) -> dict[str, Floats]:
        """By "shared:FIELD" the idf of the rarest shared value, by "differs:FIELD" −1 where no value is shared."""
        found: dict[str, Floats] = {}
        for name, values in self._values.items():
            shared = found[f"shared:{name}"] = np.zeros(many)
            differs = found[f"differs:{name}"] = np.zeros(many)
            differs[held.rows[held.asked == self._field[name]]] = -1.0
            for value in values:
                at = held.rows[held.asked == value]
                shared[at] = np.maximum(shared[at], self.idf[value])
                differs[at] = 0.0
        return found

    def rarest(self, name: str, held: Collection[int]) -> str:
        """The value of a field that makes its part, among the terms `held`; "" when there is none."""
        places = zip(self._values[name], self._spelled[name], strict=True)
        return max(((self.idf[at], value) for at, value in places if at in held), default=(0.0, ""))[1]


def written(field: str, value: str) -> str:
    """A coded value as a term."""
    return f"{field}\x1f{value}"


def by_field(codes: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """The values of each field, each once, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in codes:
        if value not in found.get(name, ()):
            found[name] = (*found.get(name, ()), value)
    return found
