"""Coded fields of rows: which share a value, and which have another one."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from genyin.sift.postings import Growing

Codes = tuple[tuple[str, str], ...]


class CodedFields:
    """Values by row, searched by field. Not safe to append and ask at the same time: the owner holds a lock."""

    def __init__(self) -> None:
        self._rows: list[Codes] = []
        self._with_value: dict[tuple[str, str], Growing[np.int64]] = {}
        self._with_field: dict[str, Growing[np.int64]] = {}

    def append(self, codes: Codes) -> None:
        row = len(self._rows)
        self._rows.append(codes)
        for code in dict.fromkeys(codes):
            self._with_value.setdefault(code, Growing(np.int64)).extend([row])
        for name in dict.fromkeys(name for name, _ in codes):
            self._with_field.setdefault(name, Growing(np.int64)).extend([row])

    def parts(self, codes: Codes) -> dict[str, NDArray[np.float64]]:
        """By "shared:FIELD" the idf of the rarest shared value, by "differs:FIELD" −1 where no value is shared."""
        found: dict[str, NDArray[np.float64]] = {}
        for name, values in by_field(codes).items():
            shared = found[f"shared:{name}"] = np.zeros(len(self._rows))
            differs = found[f"differs:{name}"] = np.zeros(len(self._rows))
            if name in self._with_field:
                differs[self._with_field[name].view] = -1.0
            for value in values:
                rows = self._holding(name, value)
                shared[rows] = np.maximum(shared[rows], self.idf(name, value))
                differs[rows] = 0.0
        return found

    def rarest_shared(self, codes: Codes, name: str, row: int) -> str:
        """The value of a field that makes its part; "" when the row shares none."""
        own = set(by_field(self._rows[row]).get(name, ()))
        shared = [value for value in by_field(codes).get(name, ()) if value in own]
        return max(shared, key=lambda value: (self.idf(name, value), value), default="")

    def idf(self, name: str, value: str) -> float:
        """ln(1 + n / (1 + rows with the value))."""
        return math.log(1 + len(self._rows) / (1 + len(self._holding(name, value))))

    def _holding(self, name: str, value: str) -> NDArray[np.int64]:
        held = self._with_value.get((name, value))
        return held.view if held is not None else np.zeros(0, dtype=np.int64)


def by_field(codes: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """The values of each field, each once, in their order."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in codes:
        if value not in found.get(name, ()):
            found[name] = (*found.get(name, ()), value)
    return found
