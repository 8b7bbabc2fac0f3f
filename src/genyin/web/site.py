"""Pages of the installation itself: is it well, in which language, what else is there."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from genyin.people.upkeep import set_preferences
from genyin.web.http import Request, person

YEAR = 365 * 24 * 3600


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the web server and its database answer: for supervisors and load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"ok": True})


@require_safe
@login_not_required
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_POST
@login_not_required
def language(request: Request) -> HttpResponse:
    """Switch the language: for the person when signed in, for the browser in any case."""
    code = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if code in dict(settings.LANGUAGES):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax", secure=secure)
        if user := person(request):
            set_preferences(user, language=code, by=request.actor)
    return response


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Everything that has no place in the phone's bar."""
    return render(request, "more.html")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("language/", language, name="language"),
    path("more/", more, name="more"),
]
