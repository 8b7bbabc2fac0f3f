"""Who acts, in which language and zone; who must sign in first; and how a refusal is answered."""

from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import GenyinError
from genyin.people.queries import actor_for
from genyin.procedure.queries import site
from genyin.web import refusals
from genyin.web.http import Request, is_htmx, person

Answer = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

#: Asked by machines that sign in by a token or not at all.
UNASKED = "X-Unasked"  # sent by what a page fetches while somebody types
WITHOUT_SESSION = ("/api/", "/healthz", "/metrics", "/robots.txt")


class ActorMiddleware:
    """Puts actor and site onto the request, speaks the reader's language, and asks strangers to sign in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_SESSION):
            return self.get_response(request)
        here = cast(Request, request)
        _without_nul(here)
        here.form = None
        here.organisation = site()
        here.actor = cast(Actor, SimpleLazyObject(lambda: _actor(here)))
        language, zone = _language(here), ZoneInfo(_zone(here))
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        patch_cache_control(response, no_store=True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Everything needs a signed-in person but what says otherwise (`login_not_required`)."""
        if "\x00" in request.path and not request.path.startswith(WITHOUT_SESSION):
            return refusals.not_found(request, Http404())  # no name of ours holds one, and PostgreSQL takes none
        if request.path.startswith(WITHOUT_SESSION) or not getattr(view, "login_required", True):
            return None
        if person(request):
            return None
        if is_htmx(request) and request.headers.get(UNASKED):
            return HttpResponse(status=204)  # the page asked by itself: leading away would lose what is being typed
        if is_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": str(redirect_to_login(_shown(request)).url)})
        return redirect_to_login(request.get_full_path())


class RefusalMiddleware:
    """Turns what a verb refuses into a page or a fragment; a form that was read shows it beside its field."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refusals.answer(cast(Request, request), error) if isinstance(error, GenyinError) else None


def _without_nul(request: Request) -> None:
    """NUL in the address's query is nobody's question: PostgreSQL refuses it, SQLite finds nothing."""
    asked = request.META.get("QUERY_STRING", "")
    if "%00" in asked or "\x00" in asked:
        request.META["QUERY_STRING"] = asked.replace("%00", "").replace("\x00", "")


def _actor(request: Request) -> Actor:
    today = clock.now().astimezone(ZoneInfo(request.organisation.zone)).date()
    return actor_for(request.user, today=today)


def _language(request: Request) -> str:
    """The person's; before sign-in the one chosen on this browser, else the site's."""
    known = {code for code, _name in settings.LANGUAGES}
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    user = person(request)
    wanted = user.language if user else chosen
    return next((code for code in (wanted, request.organisation.language) if code in known), settings.LANGUAGE_CODE)


def _zone(request: Request) -> str:
    user = person(request)
    own = user.zone if user else ""
    return own if own in clock.zones() else request.organisation.zone


def _shown(request: HttpRequest) -> str:
    """The page the person was looking at when htmx asked for a piece of it."""
    return request.headers.get("HX-Current-URL", "/").removeprefix(f"{request.scheme}://{request.get_host()}") or "/"
