"""The screens. Each module lists its own addresses; the order matters only where one could hide another."""

from django.urls import URLPattern, URLResolver, include, path

from genyin.web import access, accounts, people, profile, site, tokens, work
from genyin.web.problems import urls as problems

urlpatterns: list[URLPattern | URLResolver] = [
    *site.urlpatterns,
    *work.urlpatterns,
    *problems.urlpatterns,
    *profile.urlpatterns,
    *people.urlpatterns,
    *access.urlpatterns,
    *tokens.urlpatterns,
    path("accounts/", include(accounts)),
]
