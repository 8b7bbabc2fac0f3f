"""Pages of the provider's own people: what they show is internal text."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from genyin.base.errors import NotFound, gettext_noop
from genyin.people.roles import is_outside
from genyin.web.http import Request

View = Callable[..., HttpResponse]


def inside_only(view: View) -> View:
    """For those on the customer's side such a page does not exist."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_outside(request.actor):
            raise NotFound(gettext_noop("There is no such page that you may see."))
        return view(request, *args, **kwargs)

    return guarded
