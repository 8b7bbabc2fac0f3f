"""All addresses: the screens, and what other programs use."""

from django.urls import include, path

from genyin.api.routes import api
from genyin.web import refusals

urlpatterns = [
    path("api/", api.urls),
    path("", include("genyin.web.urls")),
]
handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.server_error
