"""Coded fields of rows: which share a value, and which have another one."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from genyin.sift.channel import Asked, Floats
from genyin.sift.table import Found

Codes = tuple[tuple[str, str], ...]


class SharedCodes:
    """A query's coded values, looked up among `n` rows. The names of their fields are terms of the same view."""

    def __init__(self, codes: Codes, asked: Asked, df: NDArray[np.int64], n: int) -> None:
        place = {name: at for at, name in enumerate(asked.names)}
        self.by_field = by_field(codes)
        self._field = {name: place[name] for name in self.by_field}
        self._values = {name: [place[written(name, one)] for one in values] for name, values in self.by_field.items()}
        #: ln(1 + n / (1 + rows with it)) of each term
        self.idf: Floats = np.log(1 + n / (1 + df))
        #: which terms are values, and of which field
        self.values = {at: name for name, places in self._values.items() for at in places}

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
        places = zip(self._values[name], self.by_field[name], strict=True)
        shared = [(float(self.idf[at]), value) for at, value in places if at in held]
        return max(shared, default=(0.0, ""))[1]


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
