from django.db.models import QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.problems import queries as problems
from genyin.reviews.models import FollowUp, Review


def visible_to(actor: Actor) -> QuerySet[Review]:
    """Reviews of the problems the actor may see, newest first. On the customer's side only `customer_text` is shown."""
    every = Review.objects.select_related("problem", "problem__service").order_by("-written_at", "-id")
    return every if actor.sees_all else every.filter(problem_id__in=problems.visible_to(actor).values("id"))


def get(number: str, *, seen_by: Actor) -> Review:
    """The review of that number. Raises NotFound."""
    review = visible_to(seen_by).filter(number=number).first()
    if review is None:
        raise NotFound(gettext_noop("There is no review %(ref)s that you may see."), ref=number)
    return review


def open_follow_ups(actor: Actor) -> QuerySet[FollowUp]:
    """Follow-ups not done yet, the most urgent first."""
    reviews = visible_to(actor).order_by().values("id")
    return (
        FollowUp.objects.filter(review_id__in=reviews, done_at=None)
        .select_related("owner", "review__problem")
        .order_by("due")
    )
