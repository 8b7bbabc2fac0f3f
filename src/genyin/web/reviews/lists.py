"""The agenda and the reviews that were written."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from genyin.people.roles import is_outside
from genyin.reviews import queries
from genyin.web import respond
from genyin.web.http import Request
from genyin.web.paging import page
from genyin.web.reviews.agenda import waiting

FOLLOW_UPS_SHOWN = 20


@require_safe
def review_list(request: Request) -> HttpResponse:
    """What is to be reviewed, what is still to be done, and every review. Customers see those written for them."""
    outside, rows = is_outside(request.actor), queries.visible_to(request.actor)
    if outside:
        rows = rows.exclude(customer_text="")
    actions = [] if outside else list(queries.open_follow_ups(request.actor)[: FOLLOW_UPS_SHOWN + 1])
    context = {
        "outside": outside,
        "agenda": [] if outside else waiting(request.actor),
        "page": page(request, rows, by=("-written_at", "-id"), size=25),
        "follow_ups": actions[:FOLLOW_UPS_SHOWN],
        "more_follow_ups": len(actions) > FOLLOW_UPS_SHOWN,
    }
    return respond.page_or_fragment(request, "reviews/list.html", context)


urlpatterns = [path("reviews/", review_list, name="reviews")]
