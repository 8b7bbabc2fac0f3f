"""Every way a problem ends, and how it comes back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.problems import register_entry
from genyin.problems.actions.solution import reopen_points
from genyin.problems.lifecycle import Outcome, Stage
from genyin.problems.models import IncidentLink, Problem
from genyin.problems.writing import begin, finish, one_of, required
from genyin.procedure import queries as procedures

CANCELLED = (Outcome.NOT_A_PROBLEM, Outcome.OUT_OF_SCOPE, Outcome.VOID)
UNSOLVED = (Outcome.CAUSE_NOT_FOUND, Outcome.NO_SOLUTION)


def cancel(problem: Problem, *, outcome: str, reason: str, by: Actor) -> Problem:
    """Close what is no problem, out of scope, or was registered by mistake. Left out of every total."""
    one_of(outcome, tuple(CANCELLED), "outcome")
    reason = required(reason, "reason")
    return _end(problem, "cancel", "problem.cancelled", by=by, note=reason, outcome=outcome, closing_note=reason)


def mark_duplicate(problem: Problem, *, original: Problem, reason: str = "", by: Actor) -> Problem:
    """Close a problem that another already is; its incidents move over, and come back should it be reopened."""
    if original.pk == problem.pk:
        raise BadInput(gettext_noop("A problem cannot be its own duplicate."), field="original")
    with transaction.atomic():
        _stands(original, beside=problem)
        step = begin(problem, "mark_duplicate", by=by)
        _move_links(problem, original)
        register_entry.freeze(problem)
        return finish(
            problem,
            step,
            "problem.marked_duplicate",
            by=by,
            note=reason,
            tells={"original": original.number},
            outcome=Outcome.DUPLICATE,
            duplicate_of=original,
            closed_at=clock.now(),
            closing_note=reason,
            **_at_rest(problem),
        )


def close(problem: Problem, *, outcome: str = "", note: str = "", by: Actor) -> Problem:
    """Close once solved is confirmed and all material is archived (R57)."""
    outcome = outcome or _outcome_of(problem)
    one_of(outcome, (Outcome.FIXED, Outcome.WORKAROUND_ACCEPTED), "outcome")
    with transaction.atomic():
        step = begin(problem, "close", by=by)
        return finish(
            problem,
            step,
            "problem.closed",
            by=by,
            note=note,
            outcome=outcome,
            closed_at=clock.now(),
            closing_note=note,
            **_at_rest(problem),
        )


def accept_risk(problem: Problem, *, reason: str, until: date, by: Actor) -> Problem:
    """Live with it until a date; it comes back as a task and stays a line in every report until then."""
    reason = required(reason, "reason")
    _future(until, "until")
    return _end(
        problem,
        "accept_risk",
        "problem.risk_accepted",
        by=by,
        note=reason,
        outcome=Outcome.RISK_ACCEPTED,
        closing_note=reason,
        risk_until=until,
    )


def close_without_solution(problem: Problem, *, outcome: str, tried: str, look_again_at: date, by: Actor) -> Problem:
    """End the search: no cause found, or a cause without a solution; with what was tried and when to look again."""
    one_of(outcome, tuple(UNSOLVED), "outcome")
    tried = required(tried, "tried")
    _future(look_again_at, "look_again_at")
    if outcome == Outcome.NO_SOLUTION and not problem.causes.exists():
        raise BadInput(gettext_noop("No cause has been stated yet. Choose “cause not found”."), field="outcome")
    return _end(
        problem,
        "close_without_solution",
        "problem.closed_without_solution",
        by=by,
        note=tried,
        outcome=outcome,
        closing_note=tried,
        look_again_at=look_again_at,
    )


def reopen(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Open a resolved or closed problem again in a new cycle; the old review is kept."""
    reason = required(reason, "reason")
    to = Stage.INVESTIGATING if problem.owner_id else Stage.SUBMITTED
    with transaction.atomic():
        step = begin(problem, "reopen", by=by, to=to)
        _links_come_back(problem)
        problem.cycle += 1  # the points that reopen belong to the new cycle
        reopen_points(problem, to)
        register_entry.thaw(problem)
        return finish(
            problem,
            step,
            "problem.reopened",
            by=by,
            note=reason,
            cycle=problem.cycle,
            outcome="",
            duplicate_of=None,
            closed_at=None,
            resolved_at=None,
            archived_at=None,
            fixed_at=None,
            cause_found_at=None,
            solution_planned_at=None,
            risk_until=None,
            look_again_at=None,
            minutes_number="",
            closing_note="",
            change_needed=None,
        )


def _end(problem: Problem, verb: str, event: str, *, by: Actor, note: str, **changes: Any) -> Problem:
    with transaction.atomic():
        step = begin(problem, verb, by=by)
        register_entry.freeze(problem)
        return finish(problem, step, event, by=by, note=note, closed_at=clock.now(), **_at_rest(problem), **changes)


def _at_rest(problem: Problem) -> dict[str, Any]:
    """What is put down with a problem: a hold ends with it, or its clocks would count on; a request lapses."""
    held = procedures.calendar().working_days(problem.held_since or clock.now(), clock.now())
    flags = {"is_sent_back": False, "send_back_reason": "", "is_reassigned": False, "hold_reason": ""}
    return {
        **flags,
        "hold_asked_at": None,
        "hold_until": None,
        "held_since": None,
        "held_days": problem.held_days + held,
    }


def _stands(original: Problem, *, beside: Problem) -> None:
    """Refuse an original that is void or itself a duplicate. Both rows are locked, in one order: two leads at once
    must neither make two problems duplicates of each other nor wait for one another."""
    rows = Problem.objects.select_for_update().filter(pk__in=(original.pk, beside.pk)).order_by("pk")
    now = dict(rows.values_list("pk", "outcome"))
    if now[original.pk] in (Outcome.VOID, Outcome.DUPLICATE):
        raise BadInput(
            gettext_noop("The original is itself void or a duplicate. Name the one that stands."), field="original"
        )


def _outcome_of(problem: Problem) -> Outcome:
    kinds = set(problem.rollouts.filter(cycle=problem.cycle).values_list("kind", flat=True))
    return Outcome.WORKAROUND_ACCEPTED if kinds == {"workaround"} else Outcome.FIXED


def _future(day: date, field: str) -> None:
    if day <= clock.now().date():
        raise BadInput(gettext_noop("Choose a date in the future."), field=field)


def _move_links(problem: Problem, original: Problem) -> None:
    taken = set(original.links.values_list("incident_id", flat=True))
    for link in problem.links.exclude(incident_id__in=taken):
        # Where it came from first: a duplicate of a duplicate gets its own incidents back.
        moved_from = link.moved_from_id or problem.pk
        IncidentLink.objects.filter(pk=link.pk).update(problem=original, moved_from_id=moved_from, origin=False)


def _links_come_back(problem: Problem) -> None:
    _back_to(problem, IncidentLink.objects.filter(moved_from=problem), moved_from=None)
    for duplicate in _duplicates_of(problem):  # what had come from these lies here again
        _back_to(problem, IncidentLink.objects.filter(moved_from=duplicate), moved_from=duplicate)


def _back_to(problem: Problem, links: QuerySet[IncidentLink], *, moved_from: Problem | None) -> None:
    present = set(problem.links.values_list("incident_id", flat=True))
    links.exclude(incident_id__in=present).update(problem=problem, moved_from=moved_from)


def _duplicates_of(problem: Problem) -> list[Problem]:
    """Its duplicates and theirs; `mark_duplicate` lets no circle arise."""
    found: list[Problem] = []
    asked = [problem]
    while asked:
        asked = list(Problem.objects.filter(duplicate_of__in=asked))
        found += asked
    return found
