"""Known errors: published from a problem whose cause is stated, tried on incidents, retired."""

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents.models import Incident
from genyin.knowledge.models import KnownError, KnownErrorState, Trial
from genyin.people.roles import require
from genyin.problems.models import Problem
from genyin.problems.writing import begin, finish, one_of, required, text
from genyin.procedure.actions import draw_number

RESULTS = ("worked", "failed", "not_applicable")


def publish_known_error(
    problem: Problem, *, symptom: str, workaround: str = "", title: str = "", keywords: str = "", by: Actor
) -> KnownError:
    """Publish the problem as a known error (R36, R48), so that first line handles the same fault as an incident."""
    symptom = required(symptom, "symptom")
    with transaction.atomic():
        step = begin(problem, "publish_known_error", by=by)
        if problem.known_errors.filter(state=KnownErrorState.ACTIVE).exists():
            raise BadInput(
                gettext_noop("This problem already has an active known error. Retire it first."), field="problem"
            )
        cause = problem.causes.order_by("-id").first()
        known = KnownError.objects.create(
            number=draw_number("known_error"),
            title=text(title, "title", longest=200) or problem.title,
            symptom=symptom,
            cause=cause.text if cause else "",
            workaround=text(workaround, "workaround") or problem.workaround,
            solution=problem.solution,
            keywords=text(keywords, "keywords", longest=300),
            problem=problem,
            service=problem.service,
            published_at=clock.now(),
            published_by=by.name,
            updated_at=clock.now(),
        )
        finish(problem, step, "known_error.published", by=by, tells={"known_error": known.number})
    return known


def retire_known_error(known: KnownError, *, reason: str, fixed: bool = False, by: Actor) -> KnownError:
    """Take a known error out of use: the error is fixed, or the entry no longer holds."""
    reason = required(reason, "reason")
    state = KnownErrorState.FIXED if fixed else KnownErrorState.RETIRED
    with transaction.atomic():
        if known.problem is None:  # imported: no problem whose table could judge, so the lead's duty does
            through = require(by, "report.issue")
            _retire(known, state, reason)
            events.record("known_error.retired", known, by=by, after={"state": state}, note=reason, through=through)
        else:
            step = begin(known.problem, "retire_known_error", by=by)
            _retire(known, state, reason)
            finish(known.problem, step, "known_error.retired", by=by, note=reason, tells={"known_error": known.number})
    return known


def say_result(known: KnownError, *, incident: Incident, result: str, by: Actor) -> Trial:
    """Say whether the known error helped with an incident. The last word counts."""
    one_of(result, RESULTS, "result")
    through = require(by, "family.edit")
    with transaction.atomic():
        trial, _made = Trial.objects.update_or_create(
            known_error=known, incident=incident, defaults={"result": result, "at": clock.now(), "by": by.name}
        )
        after = {"incident": incident.ref, "result": result}
        events.record("known_error.tried", known, by=by, after=after, through=through)
    return trial


def _retire(known: KnownError, state: KnownErrorState, reason: str) -> None:
    # Claimed by condition: of two who retire it at once the second is told so.
    active = KnownError.objects.filter(pk=known.pk, state=KnownErrorState.ACTIVE)
    if not active.update(state=state, retired_at=clock.now(), retired_reason=reason, updated_at=clock.now()):
        raise BadInput(gettext_noop("This known error is no longer active."), field="known_error")
    known.refresh_from_db()
