"""Families: the most frequent lately, and all of them, the newest first."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from genyin.trends import queries, tables
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.inside import inside_only
from genyin.web.paging import page

DAYS = 30
SIZE = 30


@require_safe
@inside_only
def families(request: Request) -> HttpResponse:
    """The ten most frequent of the last 30 days of data, then every family by number."""
    latest = tables.latest(request.actor)
    until = latest + timedelta(seconds=1) if latest else None
    # By number: a size or a date of all members would tell a reader of some about the others.
    shown = page(request, queries.families(request.actor), by=("-number",), size=SIZE)
    context = {
        "frequent": tables.most_frequent(request.actor, days=DAYS, until=until),
        "latest": latest,
        "days": DAYS,
        "page": shown,
        "rows": queries.described(shown.rows, seen_by=request.actor),
        "place": "families",
    }
    return respond.page_or_fragment(request, "trends/families.html", context)


urlpatterns = [path("trends/families/", families, name="families")]
