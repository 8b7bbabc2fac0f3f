"""Every refusal in one shape: a code for programs, a sentence for people, the field, and what is still open."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import ValidationError
from pydantic import BaseModel, Field

from genyin.api import errors
from genyin.base.errors import BadInput, ControlPointOpen, GenyinError, NotFound, NotYet, gettext_noop
from genyin.base.sentences import say
from genyin.problems.actions.records import LARGEST_FILE
from genyin.problems.lifecycle import SATISFIED_BY
from genyin.problems.models import ControlPoint, PointState


class OpenPoint(BaseModel):
    """A control point that stands in the way, and the step that satisfies it."""

    code: str
    clause: str = Field(description="The clause of the procedure that asks for it.")
    satisfied_by: str = Field(description="The verb to call; a waiver is the other way.")
    href: str = Field(description="Where to POST that verb; empty when it is not a step of its own.")
    waiver_asked: bool


class FieldError(BaseModel):
    """One value that was not accepted."""

    field: str
    code: str
    message: str


class Details(BaseModel):
    points: list[OpenPoint] = []
    errors: list[FieldError] = []


class Refusal(BaseModel):
    """Why nothing was done. Nothing is half written when this is answered."""

    code: str
    message: str
    field: str
    details: Details


#: The refusals every operation documents.
DOCUMENTED: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Refusal)


def answers(shape: Any, *more: int) -> dict[int, Any]:
    """The documented answers of an operation that answers `shape`; `more` are refusals of its own."""
    return {200: shape, **DOCUMENTED, **dict.fromkeys(more, Refusal)}


def created(shape: Any) -> dict[int, Any]:
    """The documented answers of an operation that makes something."""
    return {201: shape, **DOCUMENTED}


NO_SUCH = gettext_noop("There is nothing of this name that you may see.")
EMPTY = gettext_noop("This must be filled in.")
WRONG = gettext_noop("This value has the wrong type.")
TOO_LONG = gettext_noop("This is too long: at most %(longest)s are accepted.")
UNACCEPTED: Mapping[str, str] = {
    "missing": EMPTY,
    "string_too_short": EMPTY,
    "too_short": EMPTY,
    "unstorable": gettext_noop("This contains characters that cannot be stored."),
    "moment": gettext_noop("Write a moment as 2026-09-07T12:00:00+08:00."),
    "day": gettext_noop("Write a day as 2026-09-07."),
}
MISFIT = gettext_noop("This value is not accepted here.")
OUT_OF_RANGE = gettext_noop("This number is out of range.")
RANGE = {"greater_than_equal", "less_than_equal", "greater_than", "less_than", "int_parsing_size"}


def respond(error: GenyinError, *, details: Details | None = None) -> HttpResponse:
    """The refusal as an answer."""
    said = Refusal(code=error.code, message=say(error), field=error.field, details=details or Details())
    response = JsonResponse(said.model_dump(), status=error.status, json_dumps_params={"ensure_ascii": False})
    if isinstance(error, errors.NotSignedIn):
        response["WWW-Authenticate"] = 'Bearer realm="genyin"'
    if isinstance(error, errors.TooMany | NotYet):
        response["Retry-After"] = str(error.wait)
    return response


def too_large(field: str = "") -> errors.TooLarge:
    """The refusal of a file or a body that is beyond what is accepted."""
    return errors.TooLarge(gettext_noop("This is larger than %(most)s MB."), field=field, most=LARGEST_FILE // 2**20)


def of_verb(request: HttpRequest, error: GenyinError) -> HttpResponse:
    """What a verb, a query or this API refused."""
    if not isinstance(error, ControlPointOpen):
        return respond(error)
    match = request.resolver_match
    ref = str(match.kwargs.get("ref", "")) if match else ""
    return respond(error, details=Details(points=_open_points(ref, error.points)))


def of_input(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What did not fit the documented types, every value of it; the gravest decides the status."""
    found = [(item["loc"], _read(item)) for item in error.errors]
    if any(loc[0] == "path" for loc, _refusal in found):
        return respond(NotFound(NO_SUCH))
    listed = [FieldError(field=r.field, code=r.code, message=say(r)) for _loc, r in found]
    first = min((refusal for _loc, refusal in found), key=lambda refusal: refusal.status)
    return respond(first, details=Details(errors=listed))


def _read(item: Mapping[str, object]) -> GenyinError:
    kind, context = str(item["type"]), item.get("ctx")
    limits = context if isinstance(context, Mapping) else {}
    loc = item["loc"]
    # The first names where it stood; in a body the parameter follows: ("body", "body", "owner"), ("query", "limit").
    parts = loc if isinstance(loc, tuple) else ()
    field = ".".join(str(part) for part in parts[2 if parts[:1] == ("body",) else 1 :])
    if kind == "extra_forbidden":
        return errors.UnknownField(gettext_noop("There is no field of this name."), field=field)
    if kind in ("string_too_long", "too_long"):
        return errors.TooLong(TOO_LONG, field=field, longest=limits.get("max_length", ""))
    if kind == "literal_error":
        known = str(limits.get("expected", "")).replace("'", "")
        return BadInput(gettext_noop("This is not known here. Known are: %(known)s."), field=field, known=known)
    if kind in RANGE:
        return BadInput(OUT_OF_RANGE, field=field)
    if kind.endswith(("_type", "_parsing")):
        return errors.WrongType(WRONG, field=field)
    return BadInput(UNACCEPTED.get(kind, MISFIT), field=field)


def _open_points(ref: str, codes: tuple[str, ...]) -> list[OpenPoint]:
    rows = {
        point.code: point
        for point in ControlPoint.objects.filter(problem__number=ref, state=PointState.OPEN, code__in=codes)
    }
    return [_open_point(ref, code, rows.get(code)) for code in codes]


def _open_point(ref: str, code: str, row: ControlPoint | None) -> OpenPoint:
    verb = SATISFIED_BY.get(code, "")
    return OpenPoint(
        code=code,
        clause=row.clause if row else "",
        satisfied_by=verb,
        href=f"/api/problems/{ref}/{verb}" if verb else "",
        waiver_asked=bool(row and row.waiver_asked_at),
    )
