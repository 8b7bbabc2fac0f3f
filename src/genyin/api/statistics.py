"""Statistics: Pareto, month over month and year over year by one dimension, of what the caller may see."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel

from genyin.api.fields import Asked
from genyin.api.inside import inside
from genyin.api.refusals import answers
from genyin.api.reports import AMonth
from genyin.api.signing import Request
from genyin.base.errors import NotYet
from genyin.trends.statistics.figures import LONGEST, statistics
from genyin.trends.statistics.scope import Scope
from genyin.trends.statistics.standing import NOT_YET

router = Router(tags=["trends"])
By = Literal["service", "category", "item", "source", "team", "customer"]


class ShareShape(BaseModel):
    """A value, "" where none was given. `share` and `cumulative` from 0 to 1; `vital`: among the few that make 80 %.

    `change` against the period of the same length before, `year_change` against the same one a year ago: 0.5 is half
    as many again; null where there is nothing to compare with.
    """

    value: str
    count: int
    share: float
    cumulative: float
    vital: bool
    change: float | None
    year_change: float | None


class MonthShape(BaseModel):
    """A month, cut in the site's zone; `running`: it is not over."""

    month: str
    count: int
    change: float | None
    year_change: float | None
    running: bool


class StatisticsShape(BaseModel):
    """`shares`: the most frequent of `values` values, of which `vital` make 80 % of `total` incidents.

    `as_of`: until when the data reach; `behind`: newer incidents are being read.
    """

    by: str
    since: str
    until: str
    total: int
    values: int
    vital: int
    shares: list[ShareShape]
    months: list[MonthShape]
    as_of: datetime
    behind: bool


@router.get("/statistics", operation_id="get_statistics", response=answers(StatisticsShape, 503))
def get_statistics(
    request: Request,
    by: Annotated[By, Query()] = "service",
    since: AMonth = "",
    until: AMonth = "",
    customer: Asked = "",
    service: Asked = "",
    source: Asked = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 50,
    months: Annotated[int, Query(ge=1, le=LONGEST)] = 12,
) -> StatisticsShape:
    """Incidents in production by when they occurred, cancelled ones left out; 503 while the cache is being made."""
    scope = Scope(customer=customer, service=service, source=source)
    found = statistics(inside(request), by=by, since=since, until=until, scope=scope, most=most, last=months)
    if found is None:
        raise NotYet(NOT_YET)
    return StatisticsShape(**asdict(found))
