"""The API as one object: how requests are read, refusals answered, and which routers it is made of."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver
from django.utils import translation
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

import genyin
from genyin.api import errors, rate, refusals
from genyin.api.signing import Session, Token
from genyin.base.errors import GenyinError, NotFound, gettext_noop
from genyin.problems.actions.records import LARGEST_FILE
from genyin.procedure.queries import site

log = logging.getLogger(__name__)
MARGIN = 2**20  # what a form may weigh beside its file
UNREADABLE = gettext_noop("The server could not read this request: is it the documented JSON or form?")

View = Callable[..., HttpResponse]


class Api(NinjaAPI):
    """NinjaAPI whose every answer goes through `_in_language`, also the one to a method that an address lacks.

    Its description is made once: it takes a core more than a second, and anybody may ask for it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = super().get_openapi_schema(path_prefix=prefix)
        return self._described[prefix]

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = _in_language(pattern.callback)
        return found


def make() -> Api:
    """The API without its routers. The documentation page is off: it would load scripts from elsewhere."""
    api = Api(
        title="Genyin",
        version=genyin.__version__,
        description=(
            "Problem management. Every verb of the procedure is one POST; refusals name what is missing. "
            f"A caller may ask {rate.PER_MINUTE} times a minute of each web process; beyond that the answer is 429 "
            "with Retry-After. The processes count apart, so this guards the server and is no quota."
        ),
        auth=[Token(), Session()],
        docs_url=None,
        urls_namespace="api",
    )
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
    return api


def no_such_address() -> Router:
    """Answers every other address under /api/ in the one shape; mounted last."""
    router = Router(auth=None)

    @router.api_operation(
        ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], "/{path:rest}", include_in_schema=False
    )
    def nothing(request: HttpRequest, rest: str) -> None:
        raise NotFound(gettext_noop("There is nothing at this address. See /api/openapi.json."))

    return router


def _in_language(view: View) -> View:
    """Speak what the request asks for, else the site's language, until signing knows the actor's."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _weight(request) > LARGEST_FILE + MARGIN:
            return _too_large(request)
        with translation.override(_language(request)):
            response = view(request, *args, **kwargs)
            if response.status_code == 405:
                allowed = response.headers["Allow"]
                error = errors.MethodNotAllowed(gettext_noop("Use one of: %(allowed)s."), allowed=allowed)
                response = refusals.respond(error)
                response["Allow"] = allowed
            response["Content-Language"] = translation.get_language()
        response["Cache-Control"] = "no-store"
        return response

    return spoken


def _language(request: HttpRequest) -> str:
    if "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    return site().language


def _weight(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _too_large(_request: HttpRequest, _error: Exception | None = None) -> HttpResponse:
    return refusals.respond(refusals.too_large())


def _not_signed_in(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return refusals.respond(errors.NotSignedIn(gettext_noop("Sign in, or send an API token: Authorization: Bearer …")))


def _malformed(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return refusals.respond(errors.Malformed(UNREADABLE))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return refusals.respond(errors.Broken(gettext_noop("Something went wrong on our side. Nothing was saved.")))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    GenyinError: refusals.of_verb,
    ValidationError: refusals.of_input,
    AuthenticationError: _not_signed_in,
    RequestDataTooBig: _too_large,
    Exception: _broken,
    **dict.fromkeys(
        (HttpError, BadRequest, SuspiciousOperation, MultiPartParserError, TooManyFilesSent, UnicodeError), _malformed
    ),
}
