"""The types of what arrives: bounded, storable on both databases, and strict about what JSON calls what."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from ninja import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

BIGGEST = 2**63 - 1  # of an id on both databases
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1970, 2200)  # beyond them a conversion between zones may leave the calendar
# PostgreSQL stores no NUL, UTF-8 has no lone surrogates, and Word's XML takes none of the other control characters.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

D = TypeVar("D", date, datetime)


def storable(text: str) -> str:
    """The text, when every database and every document can hold it."""
    if UNSTORABLE.search(text):
        raise PydanticCustomError("unstorable", "control characters and lone surrogates cannot be stored")
    return text


def _moment(value: Any) -> datetime:
    # Strict: the usual reading also takes numbers and words such as "1700000000".
    if not isinstance(value, str):
        raise PydanticCustomError("moment_type", "a moment is a string")
    if not MOMENT.fullmatch(value):
        raise PydanticCustomError("moment", "a moment looks like 2026-09-07T12:00:00+08:00")
    try:
        moment = datetime.fromisoformat(value.upper())
        return _in_range(moment).astimezone(UTC)
    except ValueError as wrong:
        raise PydanticCustomError("moment", "there is no such moment") from wrong


def _day(value: Any) -> date:
    if not isinstance(value, str):
        raise PydanticCustomError("day_type", "a day is a string")
    if not DAY.fullmatch(value):
        raise PydanticCustomError("day", "a day looks like 2026-09-07")
    try:
        return _in_range(date.fromisoformat(value))
    except ValueError as wrong:
        raise PydanticCustomError("day", "there is no such day") from wrong


def _whole(value: Any) -> int:
    """A whole number as JSON Schema has it: 3.0 is one, "3" and true are none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if type(value) is not int:
        raise PydanticCustomError("whole_type", "a whole number is expected")
    return value


def _in_range(value: D) -> D:
    if value.year not in YEARS:
        raise ValueError("out of range")
    return value


Line = Annotated[str, Field(max_length=200), AfterValidator(storable)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(storable)]
Code = Annotated[str, Field(max_length=40), AfterValidator(storable)]
Login = Annotated[str, Field(max_length=150), AfterValidator(storable)]
Number = Annotated[str, Field(max_length=60), AfterValidator(storable)]
IncidentRef = Annotated[str, Field(max_length=161), AfterValidator(storable)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_whole)]
Id = Annotated[Whole, Field(ge=1, le=BIGGEST)]
Version = Annotated[Whole, Field(ge=1, le=2**31 - 1)]

#: In a path: whatever does not fit names nothing, which is 404.
PathRef = Annotated[str, Path(max_length=200), AfterValidator(storable)]
PathId = Annotated[int, Path(ge=1, le=BIGGEST)]
#: In a query: an empty text asks for everything.
Asked = Annotated[str, Query(max_length=200), AfterValidator(storable)]


class Body(BaseModel):
    """What a request may say; a field that is not named here is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class VersionedBody(Body):
    """With `version`, a change is refused when the problem is no longer what the caller read."""

    version: Version | None = None
