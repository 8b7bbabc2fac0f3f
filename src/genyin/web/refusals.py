"""Refusals and errors as a person reads them: what happened, what to do, and where."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from genyin.base.errors import ControlPointOpen, GenyinError
from genyin.base.sentences import say
from genyin.problems.lifecycle import SATISFIED_BY
from genyin.web import nav, respond
from genyin.web.http import Request, is_htmx, person
from genyin.web.words import word


@dataclass(frozen=True, slots=True)
class Missing:
    """An open control point and where it is satisfied."""

    point: str
    verb: str
    url: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is shown: `title` in two words, the sentence, what to do next, and the points that are open."""

    status: int
    title: str
    sentence: str
    advice: str = ""
    missing: tuple[Missing, ...] = field(default_factory=tuple)


def answer(request: Request, error: GenyinError) -> HttpResponse:
    """The answer to a refused request: in the form that was read, else as a message or a page."""
    form = request.form
    if form is not None and not isinstance(error, ControlPointOpen):
        form.refuse(error)
        return respond.form(request, form, status=error.status)
    return show(request, of(error, ref=_ref(request)))


def of(error: GenyinError, *, ref: str = "") -> Refusal:
    """A refusal in the reader's words; `ref` is the problem it is about."""
    points = error.points if isinstance(error, ControlPointOpen) else ()
    missing = tuple(
        Missing(point=word("point", code), verb=word("verb", verb), url=nav.verb_url(ref, verb) if ref else "")
        for code, verb in ((code, SATISFIED_BY.get(code, "")) for code in points)
    )
    return Refusal(error.status, _title(error.status), say(error), _advice(error.status), missing)


def show(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page; for htmx a fragment that lands in the message area, whatever the request was aimed at."""
    if is_htmx(request):
        body = render_to_string("parts/refusal.html", {"refusal": refusal}, request)
        headers = {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML show:window:top"}
        return HttpResponse(body, status=refusal.status, headers=headers)
    template = "errors/page.html" if person(request) and hasattr(request, "actor") else "errors/bare.html"
    return HttpResponse(render_to_string(template, {"refusal": refusal}, request), status=refusal.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show(request, Refusal(400, _title(400), _("The server could not read this request."), _advice(400)))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show(request, Refusal(403, _title(403), _("You may not open this page."), _advice(403)))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show(request, Refusal(404, _title(404), _("There is no page at this address."), _advice(404)))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session, or was sent from elsewhere."""
    sentence = _("The form was opened in an earlier session, so nothing was saved.")
    return show(
        request,
        Refusal(403, _("Please send it again"), sentence, _("Go back, reload the page and send the form again.")),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of last resort: it asks neither database nor session, which may be what failed."""
    refusal = Refusal(500, _title(500), _("Something went wrong on our side. Nothing was saved."), _advice(500))
    return HttpResponse(render_to_string("errors/last_resort.html", {"refusal": refusal}), status=500)


def _ref(request: Request) -> str:
    match = request.resolver_match
    return str(match.kwargs.get("ref", "")) if match and request.path.startswith("/problems/") else ""


def _title(status: int) -> str:
    return {
        400: _("Not understood"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Not possible now"),
        422: _("Not accepted"),
        503: _("Not available here"),
    }.get(status, _("An error of Genyin"))


def _advice(status: int) -> str:
    return {
        400: _("Go back, reload the page and try again."),
        403: _("Ask a colleague who holds the right, or have it delegated to you."),
        404: _("Check the number, or search for it: what you may not see is not found either."),
        409: _("Reload the page to see how things stand, then decide again."),
        422: _("Nothing was saved. Go back, correct the value and send it again."),
        503: _("Tell your administrator; the sentence above says what is missing."),
    }.get(
        status,
        _("Try again. If it happens twice, tell your administrator what you did and when."),
    )
