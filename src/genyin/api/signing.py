"""Who calls: an API token in the Authorization header, or the browser's session with its CSRF token."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from genyin.api import rate
from genyin.api.errors import CsrfFailed
from genyin.base.actor import Actor
from genyin.base.errors import gettext_noop
from genyin.people.queries import actor_for, actor_for_token


class Request(HttpRequest):
    """A request that was signed; `auth` is the actor."""

    auth: Actor


class Token(HttpBearer):
    """`Authorization: Bearer gy_...`"""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_for_token(token.strip())
        return admitted(request, actor) if actor else None


class Session(APIKeyCookie):
    """The session of somebody signed in; whatever changes something needs the CSRF token as well."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Any | None:
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise CsrfFailed(gettext_noop("The CSRF token is missing or wrong. Send it in the X-CSRFToken header."))
        return admitted(request, actor_for(request.user))

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        raise NotImplementedError("answered by __call__")


def admitted(request: HttpRequest, actor: Actor) -> Actor:
    """Count the request, and speak the actor's language when the request asks for none. Raises TooMany."""
    rate.count(actor)
    if "Accept-Language" not in request.headers:
        translation.activate(actor.language)
    return actor
