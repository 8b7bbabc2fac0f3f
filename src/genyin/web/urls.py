"""The screens. Each module lists its own addresses; the order matters only where one could hide another."""

from django.urls import URLPattern, URLResolver, include, path

from genyin.web import (
    access,
    accounts,
    changes,
    known_errors,
    people,
    profile,
    register,
    search,
    site,
    tokens,
    work,
)
from genyin.web.imports import urls as imports
from genyin.web.incidents import urls as incidents
from genyin.web.problems import urls as problems
from genyin.web.procedure import urls as procedure
from genyin.web.reports import urls as reports
from genyin.web.reviews import urls as reviews
from genyin.web.trends import urls as trends

urlpatterns: list[URLPattern | URLResolver] = [
    *site.urlpatterns,
    *work.urlpatterns,
    *problems.urlpatterns,
    *imports.urlpatterns,
    *incidents.urlpatterns,
    *known_errors.urlpatterns,
    *changes.urlpatterns,
    *reviews.urlpatterns,
    *procedure.urlpatterns,
    *trends.urlpatterns,
    *reports.urlpatterns,
    *register.urlpatterns,
    *search.urlpatterns,
    *profile.urlpatterns,
    *people.urlpatterns,
    *access.urlpatterns,
    *tokens.urlpatterns,
    path("accounts/", include(accounts)),
]
