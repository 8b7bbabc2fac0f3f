"""Arrays that grow at their end, and the rhythm in which what little data said is judged anew."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_EXACT_UP_TO = 64

T = TypeVar("T", bound=np.generic)


def milestone(n_rows: int) -> int:
    """The number of rows whose statistics a collection of `n_rows` is judged by.

    Up to 64 rows every row counts at once; then statistics are renewed with each eighth of growth.
    It depends on nothing but the number of rows: the same rows give the same scores on every node,
    whenever it was asked.
    """
    if n_rows <= _EXACT_UP_TO:
        return n_rows
    mark = _EXACT_UP_TO
    while mark + mark // 8 <= n_rows:
        mark += mark // 8
    return mark


def sums(places: NDArray[Any], weights: NDArray[Any], many: int) -> NDArray[np.float64]:
    """Σ of the weights at each of `many` places."""
    return np.asarray(np.bincount(places, weights=weights, minlength=many), dtype=np.float64)


class Growing(Generic[T]):
    """A one-dimensional array with room at its end; `view` is what has been filled."""

    def __init__(self, dtype: type[T]) -> None:
        self._data: NDArray[T] = np.zeros(256, dtype=dtype)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    @property
    def view(self) -> NDArray[T]:
        return self._data[: self._n]

    def extend(self, values: Sequence[float] | NDArray[Any]) -> None:
        end = self._n + len(values)
        if end > len(self._data):
            larger = np.zeros(max(end, 2 * len(self._data)), dtype=self._data.dtype)
            larger[: self._n] = self._data[: self._n]
            self._data = larger
        self._data[self._n : end] = values
        self._n = end
