"""What both databases give back exactly as it was written, so that a digest taken of it can be taken again."""

import math
import re
from typing import Any

from genyin.base.errors import BadInput, gettext_noop

#: What PostgreSQL and UTF-8 refuse: NUL, and halves of characters.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
OUTSIDE = gettext_noop("This holds a number that cannot be stored.")
LARGEST_INT = 10**400  # beyond every float; Python itself stops reading numbers at 4,300 digits


def canonical(value: Any) -> Any:
    """Plain JSON in the one form that survives PostgreSQL's jsonb, which keeps numbers as decimals.

    There 1e22 comes back as an integer and -0.0 without its sign, so a whole float is written as the integer it is.
    Raises BadInput for what has no such form: NaN, infinity, enormous integers, NUL and halves of characters.
    """
    if isinstance(value, dict):
        return {canonical(key): canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise BadInput(gettext_noop("This holds a character that cannot be stored."))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and not -LARGEST_INT < value < LARGEST_INT:
        raise BadInput(OUTSIDE)
    return value


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise BadInput(OUTSIDE)
    return int(value) if value.is_integer() else value
