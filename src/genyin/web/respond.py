"""How a view answers: a full page or the piece htmx asked for, a form with its errors, a verb that was done."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header

from genyin.web.forms import Form
from genyin.web.http import is_htmx

Context = Mapping[str, Any]


def page_or_fragment(
    request: HttpRequest, template: str, context: Context | None = None, *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """The page `template`; for htmx only `fragment` (a template the page includes), else the page's content block.

    New messages travel with every fragment, so that a verb done by htmx is confirmed like any other.
    """
    values = dict(context or {})
    if is_htmx(request):
        said = render_to_string("parts/messages_oob.html", {}, request)
        body = render_to_string(fragment or template, {**values, "layout": "parts/fragment.html"}, request) + said
    else:
        body = render_to_string(template, values, request)
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def form(
    request: HttpRequest,
    form: Form,
    *,
    template: str = "form_page.html",
    context: Context | None = None,
    status: int = 200,
) -> HttpResponse:
    """A form to fill in: a page of its own, or the form alone inside the dialog that htmx opened."""
    form.action = form.action or request.path
    form.back = form.back or _came_from(request)
    return page_or_fragment(
        request, template, {**(context or {}), "form": form}, fragment="parts/form.html", status=status
    )


def form_errors(
    request: HttpRequest, form_: Form, *, template: str = "form_page.html", context: Context | None = None
) -> HttpResponse:
    """The form once more with its errors beside their fields and everything typed kept (422)."""
    return form(request, form_, template=template, context=context, status=422)


def done(request: HttpRequest, to: str, said: str = "") -> HttpResponse:
    """A verb was done: say so on the page that follows."""
    if said:
        messages.success(request, said)
    if is_htmx(request):
        # htmx follows a redirect inside its own request and would swap a whole page into the dialog.
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    """Bytes to keep, never to show in our own origin: what comes from outside is hostile."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _came_from(request: HttpRequest) -> str:
    """The page before, for "Cancel"; only within this site."""
    before = request.POST.get("back") or request.headers.get("Referer", "").removeprefix(
        f"{request.scheme}://{request.get_host()}"
    )
    return before if before.startswith("/") and not before.startswith("//") and before != request.path else "/"
