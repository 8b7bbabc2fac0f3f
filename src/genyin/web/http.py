"""The request as the screens know it: middleware has put the actor and the site onto it."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from genyin.base.actor import Actor
from genyin.people.models import User
from genyin.procedure.models import Site

if TYPE_CHECKING:
    from genyin.web.forms import Form


class Request(HttpRequest):
    """`actor` is who acts (signed-in pages only); `form` is what the view read: a refusal is shown in it."""

    actor: Actor
    organisation: Site
    user: User
    form: "Form | None"


def person(request: HttpRequest) -> User | None:
    """Who is signed in; None on the pages for strangers and where there is no session."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece. A restored history entry and a boosted link want the whole page."""
    wants_page = request.headers.get("HX-Boosted") or request.headers.get("HX-History-Restore-Request")
    return bool(request.headers.get("HX-Request")) and not wants_page


def initial(request: HttpRequest) -> dict[str, Any]:
    """Query parameters as first values of a form: a link may prefill what it knows."""
    return {key: values if len(values) > 1 else values[0] for key, values in request.GET.lists()}
