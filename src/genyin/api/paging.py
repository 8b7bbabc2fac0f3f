"""Lists a page at a time, by key: each page costs the same however far down it lies, and new rows shift nothing."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from ninja import Query
from pydantic import BaseModel

from genyin.api.fields import BIGGEST, YEARS
from genyin.base.errors import BadInput, gettext_noop

Item = TypeVar("Item")
M = TypeVar("M", bound=Model)

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str, Query(max_length=200, description="`next` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """One page; `next` is the cursor of the following one, null on the last."""

    items: list[Item]
    next: str | None


def page(rows: QuerySet[M], show: Callable[[M], Item], *, by: str, limit: int, cursor: str) -> Page[Item]:
    """The rows after `cursor`, falling by the column `by` and then by id. Raises BadInput for a foreign cursor."""
    key = () if by == "pk" else (f"-{by}",)
    ordered = rows.order_by(*key, "-pk")
    if cursor:
        ordered = ordered.filter(_after(by, cursor))
    # One more than asked for tells whether there is another page.
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    return Page(items=[show(row) for row in found[:limit]], next=_cursor(by, found[limit - 1]) if more else None)


def _after(by: str, cursor: str) -> Q:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        moment = _read(value)
    except (ValueError, TypeError, UnicodeEncodeError, binascii.Error) as wrong:
        raise _foreign() from wrong
    if type(pk) is not int or not 0 < pk <= BIGGEST or (moment is None) != (by == "pk"):
        raise _foreign()
    return Q(pk__lt=pk) if moment is None else Q(**{f"{by}__lt": moment}) | Q(**{by: moment, "pk__lt": pk})


def _read(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError(value)
    return moment


def _cursor(by: str, row: Model) -> str:
    value = None if by == "pk" else getattr(row, by).isoformat()
    return base64.urlsafe_b64encode(json.dumps([value, row.pk]).encode()).decode()


def _foreign() -> BadInput:
    return BadInput(gettext_noop("This cursor does not belong to this list. Start again without one."), field="cursor")
