"""Reviews: minutes, the judgement of the effect, and the verdict."""

from typing import Annotated, Literal

from pydantic import Field

from genyin.api import references
from genyin.api.fields import Body, Day, Line, Login, Moment, Text, VersionedBody
from genyin.api.verbs.registry import verb
from genyin.base.actor import Actor
from genyin.problems.models import Problem
from genyin.reviews import actions as reviews

Name = Annotated[Text, Field(max_length=150)]


class FollowUpBody(Body):
    """Without owner or date its control point stays open."""

    content: Annotated[Text, Field(max_length=300)]
    owner: Login | None = None
    due: Day | None = None


class HoldReview(VersionedBody):
    """A review with a meeting has a date; `customer_text` is what the customer's representatives read.

    `follow_ups` replaces the open ones; null leaves them as they are.
    """

    held_at: Moment | None = None
    place: Line = ""
    chair: Name = ""
    recorder: Name = ""
    attendees: Text = ""
    representatives: Text = ""
    course: Text
    cause_confirmed: Text = ""
    went_well: Text = ""
    to_improve: Text = ""
    prevention: Text = ""
    third_party: Text = ""
    conclusion: Text
    customer_text: Text = ""
    follow_ups: Annotated[list[FollowUpBody], Field(max_length=50)] | None = None


class JudgeEffect(VersionedBody):
    effect: Literal["effective", "partly", "ineffective"]
    evidence: Text = ""


class PassReview(VersionedBody):
    note: Text = ""


class FailReview(VersionedBody):
    to: Literal["solving", "investigating"]
    reason: Text


@verb("hold_review", HoldReview)
def hold_review(problem: Problem, body: HoldReview, by: Actor) -> None:
    """Write the review record and its minutes"""
    minutes = reviews.Minutes(**body.model_dump(exclude={"version", "follow_ups"}))
    reviews.hold_review(problem, minutes=minutes, follow_ups=_actions(body.follow_ups, by), by=by)


@verb("judge_effect", JudgeEffect)
def judge_effect(problem: Problem, body: JudgeEffect, by: Actor) -> None:
    """Judge whether the fix works"""
    reviews.judge_effect(problem, effect=body.effect, evidence=body.evidence, by=by)


@verb("pass_review", PassReview)
def pass_review(problem: Problem, body: PassReview, by: Actor) -> None:
    """Pass the review: the problem counts as solved"""
    reviews.pass_review(problem, note=body.note, by=by)


@verb("fail_review", FailReview)
def fail_review(problem: Problem, body: FailReview, by: Actor) -> None:
    """Send the problem back to its solution or to analysis"""
    reviews.fail_review(problem, reason=body.reason, to=body.to, by=by)


def _actions(noted: list[FollowUpBody] | None, by: Actor) -> list[reviews.Action] | None:
    if noted is None:
        return None
    return [
        reviews.Action(
            content=action.content,
            owner=references.person(action.owner, field=f"follow_ups.{at}.owner", seen_by=by) if action.owner else None,
            due=action.due,
        )
        for at, action in enumerate(noted)
    ]
