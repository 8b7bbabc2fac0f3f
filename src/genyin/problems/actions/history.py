"""历史导入: problems that another system or an existing 汇总表 has kept arrive with number and dates.

They open no control points: what was done before Genyin cannot be proved by it. They count in totals and are left
out of the compliance figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from genyin.base import clock, events
from genyin.base.actor import Actor, Delegated
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import places
from genyin.incidents.data import ProblemData, State
from genyin.incidents.models import Incident, Service
from genyin.incidents.places import Place
from genyin.people.models import User
from genyin.people.roles import Right, held, require
from genyin.problems import register_entry
from genyin.problems.models import Cause, Comment, IncidentLink, Problem, RegisterEntry
from genyin.problems.stages import OWNED, SUCCESS, Outcome, Stage
from genyin.procedure.numbers import keep_clear, one_import_at_a_time
from genyin.procedure.queries import current

NUMBER_LENGTH = 40
TITLE_LENGTH = 200


@dataclass(slots=True)
class History:
    """What became of the problems that arrived; `refused` holds those that could not be kept, with the reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new_services: list[str] = field(default_factory=list)
    refused: list[tuple[ProblemData, BadInput]] = field(default_factory=list)


def receive_problems(rows: Sequence[ProblemData], *, source: str, by: Actor) -> History:
    """Keep problems of another system, one event each. One that is worked on here already is not touched."""
    through = None if Right.JOB in held(by) else require(by, "import.run")
    history = History()
    with transaction.atomic():
        one_import_at_a_time("problem")
        found = places.find([_place(row) for row in rows])
        history.new_services = found.new_services
        # The counter is locked first: who registers here draws a number before writing it, and would wait for ours.
        keep_clear("problem", [row.external_id for row in rows])
        known = {p.number: p for p in Problem.objects.filter(number__in=[row.external_id for row in rows])}
        kept: list[tuple[ProblemData, Problem]] = []
        for row in rows:
            try:
                problem = _receive(row, found.service(_place(row)), known.get(row.external_id), history, by=by)
            except BadInput as refusal:
                history.refused.append((row, refusal))
                continue
            if problem is not None:
                kept.append((row, problem))
        # Last of all: they lock the chain's head, and who registers here locks the counter before it.
        for row, problem in kept:
            _tell(row, problem, by=by, through=through)
    return history


def _receive(
    row: ProblemData, service: Service, known: Problem | None, history: History, *, by: Actor
) -> Problem | None:
    """The problem as written, None when nothing changed."""
    if len(row.external_id) > NUMBER_LENGTH:
        raise BadInput(
            gettext_noop("The number of a problem has at most %(limit)s characters."),
            field="number",
            limit=NUMBER_LENGTH,
        )
    if known is not None and not known.is_imported:
        raise BadInput(gettext_noop("A problem of this number was registered here."), field="number")
    told = _told(row, service)
    if known is None:
        problem = Problem.objects.create(
            number=row.external_id, procedure=current(), is_imported=True, environment_assumed=True,
            stage_since=told["registered_at"], updated_at=row.updated_at or clock.now(), **told,
        )  # fmt: skip
        _keep_beside(problem, row, by=by)
        history.created += 1
    elif known.version > 1 or all(getattr(known, name) == value for name, value in told.items()):
        history.unchanged += 1
        return None
    else:
        Problem.objects.filter(pk=known.pk).update(**told, updated_at=row.updated_at or clock.now())
        problem = Problem.objects.get(pk=known.pk)
        history.updated += 1
    _cause(problem, row)
    _link(problem, row, by=by)
    _enter(problem)
    return problem


def _tell(row: ProblemData, problem: Problem, *, by: Actor, through: Delegated | None) -> None:
    after = {"source": row.source, "digest": row.digest(), "stage": problem.stage, "outcome": problem.outcome}
    events.record("problem.imported", problem, by=by, after=after, through=through)


def _place(row: ProblemData) -> Place:
    return Place(row.service or row.source, row.customer or "", row.project or "", row.ci or "")


def _told(row: ProblemData, service: Service) -> dict[str, Any]:
    """What the row says, as our fields."""
    owner = User.objects.filter(name=row.owner, is_active=True).first() if row.owner else None
    outcome = _outcome(row)
    stage = _stage(row, outcome, owner)
    cut = len(row.title) > TITLE_LENGTH
    return {
        "title": row.title[: TITLE_LENGTH - 1] + "…" if cut else row.title,
        "description": f"{row.title}\n\n{row.description}".strip() if cut else row.description,
        "category": row.category[:40], "subcategory": row.subcategory[:80], "source": row.origin[:30],
        "level": row.level or "medium", "level_reason": "" if row.level else "imported without a level",
        "service": service, "is_major": bool(row.major), "submitter_name": row.submitter or row.source, "owner": owner,
        "stage": stage, "outcome": outcome if stage == Stage.CLOSED else "", "workaround": row.workaround,
        "solution": row.solution, "preventive_measure": row.preventive, "change_needed": row.change_needed,
        "change_numbers": list(row.change_numbers), "minutes_number": row.minutes_number[:40],
        "closing_note": row.remark, "registered_at": row.registered_at, "cause_found_at": row.cause_found_at,
        "fixed_at": row.fixed_at or (row.resolved_at if outcome == Outcome.FIXED else None),
        "resolved_at": row.resolved_at, "archived_at": row.closed_at if stage == Stage.CLOSED else None,
        "closed_at": row.closed_at,
    }  # fmt: skip


def _outcome(row: ProblemData) -> str:
    """The outcome of a closed problem; where the row names none, what else it says decides."""
    if row.outcome:
        return Outcome(row.outcome).value if row.outcome in set(Outcome) else Outcome.NO_SOLUTION.value
    if row.state == State.CANCELED:
        return Outcome.NOT_A_PROBLEM.value
    if row.resolved_at or row.solution:
        return Outcome.FIXED.value
    return Outcome.NO_SOLUTION.value if row.root_cause else Outcome.CAUSE_NOT_FOUND.value


def _stage(row: ProblemData, outcome: str, owner: User | None) -> str:
    if row.state in (State.CLOSED, State.CANCELED) or row.closed_at:
        return Stage.CLOSED.value
    if row.state == State.RESOLVED and (not row.outcome or outcome in SUCCESS):
        return Stage.RESOLVED.value
    # Open history goes on here: with a known owner at its analysis, else where the lead dispatches it.
    return Stage.INVESTIGATING.value if owner else Stage.SUBMITTED.value


def _cause(problem: Problem, row: ProblemData) -> None:
    if row.root_cause:
        Cause.objects.update_or_create(
            problem=problem, code="", defaults={
                "text": row.root_cause, "established": "", "found_by": row.owner or row.source,
                "found_at": row.cause_found_at or row.resolved_at or row.registered_at,
            },
        )  # fmt: skip


def _link(problem: Problem, row: ProblemData, *, by: Actor) -> None:
    """Link the incidents that the row names and that are here, of its service or the same customer's."""
    if not row.incident_numbers:
        return
    near = Q(service=problem.service)
    if problem.service.customer_id:
        near |= Q(service__customer=problem.service.customer_id)
    named = Incident.objects.filter(near, external_id__in=row.incident_numbers)
    IncidentLink.objects.bulk_create(
        (IncidentLink(problem=problem, incident=i, linked_at=clock.now(), linked_by=by.name) for i in named),
        ignore_conflicts=True,
    )


def _keep_beside(problem: Problem, row: ProblemData, *, by: Actor) -> None:
    """What the source says and Genyin has no field for, as an internal remark."""
    said = {"owner": row.owner if problem.owner is None else "", "group": row.assignment_group, **row.extra}
    if row.minutes_number and row.reviewed_at is not None:
        said["reviewed"] = row.reviewed_at.date().isoformat()
    text = "\n".join(f"{name}: {value}" for name, value in said.items() if value)
    if text:
        Comment.objects.create(problem=problem, text=text, written_at=clock.now(), written_by=by.name)


def _enter(problem: Problem) -> None:
    """Its row in the register; that of a closed problem is complete with what there is."""
    RegisterEntry.objects.get_or_create(problem=problem, defaults={"entered_at": problem.registered_at})
    if problem.stage not in (Stage.SUBMITTED, *OWNED):
        register_entry.freeze(problem)
