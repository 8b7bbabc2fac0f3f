"""Keyset pages: as quick on the last page as on the first, and no row twice while others are written."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from genyin.base.errors import BadInput, gettext_noop

COUNTED = 10_000  # beyond it a count costs more than it tells
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows of a list, and where to go on. `total` is capped: `more_than` says that there are more."""

    rows: Sequence[M]
    next: str
    is_first: bool
    total: int
    more_than: bool


def page(request: HttpRequest, rows: QuerySet[M], *, by: Sequence[str], size: int = 50) -> Page[M]:
    """The page of `rows` that the query parameter `after` asks for, in the order `by` ("-opened_at", "-id").

    The last field of `by` must be unique, and none may be null. Raises BadInput for a cursor that is not ours.
    """
    cursor = request.GET.get("after", "")
    ordered = rows.order_by(*by)
    after = ordered.filter(_beyond(rows.model, by, cursor)) if cursor else ordered
    found = list(after[: size + 1])
    shown = found[:size]
    total = rows.order_by()[: COUNTED + 1].count()
    return Page(
        rows=shown,
        next=_cursor(shown[-1], by) if len(found) > size else "",
        is_first=not cursor,
        total=min(total, COUNTED),
        more_than=total > COUNTED,
    )


def _beyond(model: type[M], by: Sequence[str], cursor: str) -> Q:
    """Rows after the cursor: (a, b) > (x, y) written out, because the directions may differ."""
    values = _values(model, by, cursor)
    wanted, same = Q(), Q()
    for name, value in zip(by, values, strict=True):
        field, sign = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        wanted |= same & Q(**{f"{field}__{sign}": value})
        same &= Q(**{field: value})
    return wanted


def _cursor(row: Model, by: Sequence[str]) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in by]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _values(model: type[M], by: Sequence[str], cursor: str) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(by):
            raise ValueError(cursor)
        fields = (model._meta.get_field(name.lstrip("-")) for name in by)
        return [_known(field.to_python(value)) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]
    except (ValueError, TypeError, binascii.Error, ValidationError, OverflowError) as wrong:
        raise BadInput(
            gettext_noop("This page of the list does not exist. Start from the first page."), field="after"
        ) from wrong


def _known(value: Any) -> Any:
    """A value that one of our cursors may hold. Raises ValueError for one that no database would take."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError(value)
    if isinstance(value, str) and "\x00" in value:
        raise ValueError(value)
    str(value).encode()  # half a character raises UnicodeEncodeError, which is a ValueError
    return value


def _plain(value: object) -> object:
    return str(value) if isinstance(value, date | datetime | Decimal) else value
