"""Addresses of a problem's screens. The fixed ones stand before those with a number."""

from django.urls import path

from genyin.web.problems import beside, lists, page, register
from genyin.web.problems.verbs import verb

urlpatterns = [
    *lists.urlpatterns,
    *register.urlpatterns,
    *beside.urlpatterns,
    *page.urlpatterns,
    path("problems/<str:ref>/<slug:verb>/", verb, name="verb"),
]
