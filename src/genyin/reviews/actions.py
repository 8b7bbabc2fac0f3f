"""Reviews: minutes, the judgement of the effect, and the verdict (R31, R52-R54)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import BadInput, Conflict, NotAllowed, WrongStage, gettext_noop
from genyin.people.holders import at_work
from genyin.people.models import User
from genyin.people.roles import Right, parts_of, rights_of
from genyin.problems import points
from genyin.problems.actions.solution import reopen_points
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from genyin.problems.writing import Step, begin, finish, one_of, required, text
from genyin.procedure import queries as procedures
from genyin.procedure.actions import draw_number
from genyin.reviews.models import Effect, FollowUp, Review, WatchVerdict

PROVED = ("stopped", "reduced")
LONGEST = {"place": 200, "chair": 150, "recorder": 150}
UNPROVED = ("too_little_data", "not_applicable")
DISPROVED = ("unchanged", "worse")


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes say; a meeting is one that has a date."""

    held_at: datetime | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    attendees: str = ""
    representatives: str = ""
    course: str = ""
    cause_confirmed: str = ""
    went_well: str = ""
    to_improve: str = ""
    prevention: str = ""
    third_party: str = ""
    conclusion: str = ""
    customer_text: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A follow-up as it is noted; without owner or date its control point stays open."""

    content: str
    owner: User | None = None
    due: date | None = None


def hold_review(problem: Problem, *, minutes: Minutes, follow_ups: Sequence[Action] | None = None, by: Actor) -> Review:
    """Write the review record and its minutes (R31, R54), or write on while the review is undecided.

    `follow_ups` replaces the list; None leaves it as it is.
    """
    required(minutes.course, "course")
    required(minutes.conclusion, "conclusion")
    with transaction.atomic():
        step = begin(problem, "hold_review", by=by)
        review = undecided(problem) or Review(problem=problem, cycle=problem.cycle, number=draw_number("minutes"))
        _write(review, minutes, problem, by=by)
        if follow_ups is not None:
            _replace(review, follow_ups)
        _judge_points(problem, review, by=by)
        return _finished(problem, step, review, by=by)


def judge_effect(problem: Problem, *, effect: str, evidence: str = "", by: Actor) -> Review:
    """Judge whether the fix works (R52): by the watch's verdict, or with reasons where the watch cannot tell."""
    one_of(effect, tuple(Effect.values), "effect")
    with transaction.atomic():
        step = begin(problem, "judge_effect", by=by)
        _is_time(problem)
        told = _evidence(problem, effect, evidence)
        review = undecided(problem)
        if review is None:
            raise BadInput(gettext_noop("Write the review record first."), field="review")
        Review.objects.filter(pk=review.pk).update(effect=effect, effect_evidence=told)
        review.refresh_from_db()
        satisfied = {} if effect == Effect.INEFFECTIVE else {"effect": told}
        if not satisfied:
            points.open_again(problem, ["effect"])
        finish(
            problem, step, "review.effect_judged", by=by, note=evidence, satisfies=satisfied, tells={"effect": effect}
        )
    return review


def pass_review(problem: Problem, *, note: str = "", by: Actor) -> Problem:
    """Pass the review: the problem counts as solved (R52). Never by its own owner."""
    with transaction.atomic():
        step = begin(problem, "pass_review", by=by)
        _is_time(problem)
        review = _decide(problem, passed=True, by=by)
        return finish(
            problem,
            step,
            "review.passed",
            by=by,
            note=note,
            tells={"review": review.number},
            resolved_at=clock.now(),
            minutes_number=review.number,
        )


def fail_review(problem: Problem, *, reason: str, to: str, by: Actor) -> Problem:
    """Send the problem back to its solution or to analysis, in a new cycle; this review is kept."""
    reason = required(reason, "reason")
    stage = Stage(one_of(to, (Stage.SOLVING, Stage.INVESTIGATING), "to"))
    with transaction.atomic():
        step = begin(problem, "fail_review", by=by, to=stage)
        _decide(problem, passed=False, by=by)
        problem.cycle += 1
        reopen_points(problem, stage)
        changes: dict[str, Any] = {"cycle": problem.cycle, "fixed_at": None, "solution_planned_at": None}
        if stage == Stage.INVESTIGATING:
            changes["cause_found_at"] = None
        return finish(problem, step, "review.failed", by=by, note=reason, **changes)


def finish_follow_up(action: FollowUp, *, result: str, by: Actor) -> FollowUp:
    """Say what came of a follow-up: its owner, the problem's owner, or a lead."""
    result = required(result, "result")
    with transaction.atomic():
        held, through = claimed(action, by=by)
        held.done_at, held.result = clock.now(), result
        held.save(update_fields=["done_at", "result"])
        after = {"content": held.content, "result": result}
        events.record("review.follow_up_done", held.review.problem, by=by, after=after, through=through)
    return held


def claimed(action: FollowUp, *, by: Actor) -> tuple[FollowUp, Delegated | None]:
    """An open follow-up as it is now, locked for who may finish it, and the delegation that lets them.

    Raises NotAllowed, Conflict when the list was written anew, and BadInput when it is done.
    """
    listed = FollowUp.objects.select_for_update(of=("self",)).select_related("review__problem")
    held = listed.filter(pk=action.pk).first()
    if held is None:
        raise Conflict(gettext_noop("The follow-ups of this review were written anew meanwhile. Reload the page."))
    through = _finishes(held, by=by)
    if held.done_at is not None:
        raise BadInput(gettext_noop("This follow-up is already done."), field="follow_up")
    return held, through


def note_verdict(problem: Problem, *, code: str, text: dict[str, Any], by: Actor) -> WatchVerdict | None:
    """Keep the watch's word when it changed; None when it still says the same, or of a cycle that is over."""
    with transaction.atomic():
        # Locked and read anew: two workers may look at once, and a verb may have moved the problem since.
        held = Problem.objects.select_for_update().get(pk=problem.pk)
        if held.cycle != problem.cycle:
            return None
        last = latest_verdict(held)
        if last is not None and last.code == code:
            WatchVerdict.objects.filter(pk=last.pk).update(text=text)
            return None
        verdict = WatchVerdict.objects.create(problem=held, cycle=held.cycle, code=code, text=text, at=clock.now())
        if code in DISPROVED and held.stage == Stage.VERIFYING:
            points.open_again(held, ["effect"])  # what was judged effective before is so no longer
        before = {"verdict": last.code} if last else {}
        events.record("watch.verdict", held, by=by, before=before, after={"verdict": code, **text})
    return verdict


def undecided(problem: Problem) -> Review | None:
    """The review of this cycle that has no verdict yet."""
    return problem.reviews.filter(cycle=problem.cycle, passed=None).first()


def latest_verdict(problem: Problem) -> WatchVerdict | None:
    """What the watch last said of this cycle."""
    return problem.verdicts.filter(cycle=problem.cycle).order_by("-at", "-id").first()


def opens_at(problem: Problem) -> datetime | None:
    """From when on the review may decide: some days after the fix is live, by level."""
    if problem.fixed_at is None:
        return None
    return problem.fixed_at + timedelta(days=procedures.read(problem.procedure).review_after[problem.level])


def _is_time(problem: Problem) -> None:
    opens = opens_at(problem)
    if opens is not None and clock.now() < opens:
        raise WrongStage(
            gettext_noop("The effect can be judged from %(day)s on; the fix has not been live long enough."),
            field="effect",
            day=f"{opens:%Y-%m-%d}",
        )


def _evidence(problem: Problem, effect: str, evidence: str) -> str:
    verdict = latest_verdict(problem)
    code = verdict.code if verdict else "too_little_data"
    if effect != Effect.INEFFECTIVE and code not in (*PROVED, *UNPROVED):
        raise BadInput(
            gettext_noop(
                "The recurrence watch says %(verdict)s: the incidents have not become fewer. Fail the review instead."
            ),
            field="effect",
            verdict=code,
        )
    if code in UNPROVED or effect == Effect.INEFFECTIVE:
        return f"{code}: {required(evidence, 'evidence')}"
    return f"{code}. {evidence.strip()}".strip()


def _finishes(action: FollowUp, *, by: Actor) -> Delegated | None:
    """The delegation that lets the actor finish a follow-up, None when they do so themselves. Raises NotAllowed."""
    people = {action.owner_id, action.review.problem.owner_id} - {None}

    def may(user_id: int | None, roles: frozenset[str]) -> bool:
        # Somebody made auditor since writes nothing any more; a user representative may have a follow-up too.
        return Right.LEAD in rights_of(roles) or (user_id in people and bool(parts_of(roles)))

    if may(by.user_id, by.roles):
        return None
    for one in by.delegated:
        if may(one.user_id, one.roles):
            return one
    raise NotAllowed(gettext_noop("Only its owner, the problem's owner or a lead can finish a follow-up."))


def _write(review: Review, minutes: Minutes, problem: Problem, *, by: Actor) -> None:
    if minutes.held_at and minutes.held_at > clock.now():
        raise BadInput(
            gettext_noop("Minutes are written of a meeting that took place; this date is ahead."), field="held_at"
        )
    for name, value in asdict(minutes).items():
        setattr(review, name, text(value, name, longest=LONGEST.get(name, 20_000)) if isinstance(value, str) else value)
    review.subject, review.written_at, review.written_by = problem.title, clock.now(), by.name
    review.save()


def _replace(review: Review, follow_ups: Sequence[Action]) -> None:
    owners = {action.owner for action in follow_ups if action.owner is not None}
    for owner in sorted(owners, key=lambda owner: owner.pk):  # one order for all: each is locked
        at_work(owner, field="follow_ups")
    review.follow_ups.filter(done_at=None).delete()
    FollowUp.objects.bulk_create(
        FollowUp(review=review, content=required(a.content, "content", longest=300), owner=a.owner, due=a.due)
        for a in follow_ups
    )


def _judge_points(problem: Problem, review: Review, *, by: Actor) -> None:
    points.satisfy(problem, "review", evidence=review.number, by=by)
    lacking = review.follow_ups.filter(owner=None) | review.follow_ups.filter(due=None)
    _set(problem, "follow_ups", not lacking.exists(), f"{review.follow_ups.count()}", by=by)
    met = bool(review.held_at and review.attendees.strip() and review.representatives.strip())
    _set(problem, "meeting", met, f"{review.held_at:%Y-%m-%d}: {review.attendees}" if review.held_at else "", by=by)


def _set(problem: Problem, code: str, satisfied: bool, evidence: str, *, by: Actor) -> None:
    if satisfied:
        points.satisfy(problem, code, evidence=evidence, by=by)
    else:
        points.open_again(problem, [code])


def _finished(problem: Problem, step: Step, review: Review, *, by: Actor) -> Review:
    actions = [action.content for action in review.follow_ups.all()]
    finish(problem, step, "review.written", by=by, tells={"review": review.number, "follow_ups": actions})
    return review


def _decide(problem: Problem, *, passed: bool, by: Actor) -> Review:
    review = undecided(problem)
    if review is None:
        raise BadInput(gettext_noop("Write the review record first."), field="review")
    Review.objects.filter(pk=review.pk).update(passed=passed, decided_at=clock.now(), decided_by=by.name)
    return review
