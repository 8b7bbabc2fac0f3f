"""What people decide about candidates. Each decision is kept with its reason and told in an event."""

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, Conflict, NotFound, gettext_noop
from genyin.incidents import queries as incidents
from genyin.incidents.models import Incident, Service
from genyin.people.roles import require
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.problems.writing import required
from genyin.trends.models import (
    Candidate,
    CandidateState,
    FamilyMember,
    Novelty,
    NoveltyState,
    Run,
    SetAside,
    Watch,
)

MOST_LINKED = 500  # the newest ones; the rest stay reachable through the family


def accept_candidate(
    candidate: Candidate, *, title: str, category: str, level: str, reason: str = "recurring", description: str = "",
    level_reason: str = "", impact: str = "", urgency: str = "", note: str = "", by: Actor,
) -> Problem:  # fmt: skip
    """Make a problem of it (R10, R39), with the incidents the lead may see linked.

    Two verbs in one transaction, each with its event: the problem is registered, the candidate is decided.
    """
    through = require(by, "candidate.accept")
    linked = _visible_members(candidate, by=by)
    with transaction.atomic():
        _claim(candidate)
        problem = problems.register(
            title=title, description=description, service=_service(candidate), category=category, level=level,
            level_reason=level_reason, impact=impact, urgency=urgency, source="trend", reason=reason,
            incidents_linked=linked, by=by,
        )  # fmt: skip
        _decide(candidate, CandidateState.ACCEPTED, reason=note, problem=problem, by=by)
        after = {"problem": problem.number, "incidents": len(linked), "rules": candidate.rules}
        events.record("candidate.accepted", candidate, by=by, after=after, note=note, through=through)
    return problem


def link_candidate(candidate: Candidate, *, problem: Problem, note: str = "", by: Actor) -> Problem:
    """Add the candidate's incidents to a problem that is already there."""
    through = require(by, "candidate.accept")
    linked = _visible_members(candidate, by=by)
    with transaction.atomic():
        _claim(candidate)
        problem = problems.link_incident(problem, linked=linked, by=by)
        _decide(candidate, CandidateState.ACCEPTED, reason=note, problem=problem, by=by)
        after = {"problem": problem.number, "incidents": len(linked), "rules": candidate.rules}
        events.record("candidate.linked", candidate, by=by, after=after, note=note, through=through)
    return problem


def dismiss_candidate(candidate: Candidate, *, reason: str, by: Actor) -> Candidate:
    """Say that this is no problem, and why. It is proposed again only when the evidence is new."""
    return _set_aside(candidate, CandidateState.DISMISSED, "candidate.dismissed", reason=reason, by=by)


def watch_candidate(candidate: Candidate, *, reason: str, by: Actor) -> Candidate:
    """Leave it for now and keep an eye on it; new evidence puts it on the list again."""
    return _set_aside(candidate, CandidateState.WATCHING, "candidate.watched", reason=reason, by=by)


def waive_novelty(novelty: Novelty, *, reason: str, by: Actor) -> Novelty:
    """Say that no problem is made of the first of its kind, and why (R38, A8). Waivers are counted."""
    through = require(by, "novelty.waive")
    reason = required(reason, "reason")
    with transaction.atomic():
        # Claimed by condition: of two people at once the second is told.
        open_still = Novelty.objects.filter(pk=novelty.pk, state=NoveltyState.SUGGESTED)
        if not open_still.update(
            state=NoveltyState.WAIVED, reason=reason, waived_at=clock.now(), waived_by=by.name
        ):  # fmt: skip
            raise Conflict(gettext_noop("This suggestion has already been waived. Reload the page."))
        after = {"incident": novelty.incident.ref, "alike": novelty.alike}
        events.record("novelty.waived", novelty, by=by, after=after, note=reason, through=through)
    novelty.refresh_from_db()
    return novelty


def conclude_run(run: Run, *, conclusion: str, by: Actor) -> Run:
    """Write down what the analysis came to (R17), "nothing found" included: the evidence an auditor asks for."""
    through = require(by, "candidate.dismiss")
    conclusion = required(conclusion, "conclusion")
    with transaction.atomic():
        before = {"conclusion": Run.objects.select_for_update().get(pk=run.pk).conclusion}
        Run.objects.filter(pk=run.pk).update(conclusion=conclusion, concluded_at=clock.now(), concluded_by=by.name)
        events.record("trend.concluded", run, by=by, before=before, note=conclusion, through=through)
    run.refresh_from_db()
    return run


def leave_closed(watch: Watch, *, reason: str, by: Actor) -> Watch:
    """Answer a proposed reopening with no, and why. It is proposed again only when more has come since."""
    through = require(by, "candidate.dismiss")
    reason = required(reason, "reason")
    with transaction.atomic():
        proposed = Watch.objects.select_for_update().get(pk=watch.pk).recurrence
        if proposed is None:
            raise BadInput(gettext_noop("Nothing proposes to reopen this problem."), field="problem")
        Watch.objects.filter(pk=watch.pk).update(
            recurrence=None,
            left_at=clock.now(),
            left_by=by.name,
            left_reason=reason,
            left_seen=int(proposed["seen"]),
        )
        before = {"recurrence": proposed}
        events.record("recurrence.dismissed", watch.problem, by=by, before=before, note=reason, through=through)
    watch.refresh_from_db()
    return watch


def _set_aside(candidate: Candidate, state: CandidateState, event: str, *, reason: str, by: Actor) -> Candidate:
    through = require(by, "candidate.dismiss")
    reason = required(reason, "reason")
    with transaction.atomic():
        _decide(candidate, state, reason=reason, problem=candidate.problem, by=by)
        _keep_what_it_was_about(candidate)
        after = {"rules": candidate.rules, "count": candidate.evidence.get("count")}
        events.record(event, candidate, by=by, after=after, note=reason, through=through)
    return candidate


def _keep_what_it_was_about(candidate: Candidate) -> None:
    members = FamilyMember.objects.filter(family=candidate.family_id).values_list("incident_id", flat=True)
    SetAside.objects.bulk_create(
        (SetAside(incident_id=ref, candidate=candidate) for ref in members),
        batch_size=500, update_conflicts=True, unique_fields=("incident",), update_fields=("candidate",),
    )  # fmt: skip


def _claim(candidate: Candidate) -> None:
    """Lock the candidate before another verb's event locks the chain's head: taken the other way round, two leads
    who decide at once would wait for each other."""
    Candidate.objects.select_for_update().get(pk=candidate.pk)


def _decide(candidate: Candidate, state: CandidateState, *, reason: str, problem: Problem | None, by: Actor) -> None:
    # Claimed by condition: two leads at once make one problem, not two.
    undecided = Candidate.objects.filter(pk=candidate.pk, state__in=(CandidateState.OPEN, CandidateState.WATCHING))
    written = undecided.update(
        state=state, reason=reason.strip(), problem=problem, decided_at=clock.now(), decided_by=by.name
    )
    if not written:
        raise Conflict(gettext_noop("This candidate has already been decided on. Reload the list."))
    candidate.refresh_from_db()


def _visible_members(candidate: Candidate, *, by: Actor) -> list[Incident]:
    """The newest members the actor may see; never fewer than one."""
    seen = incidents.visible_to(by).select_related("service")
    if candidate.family_id is not None:
        seen = seen.filter(membership__family_id=candidate.family_id).order_by("-occurred_at", "-id")
    else:
        seen = seen.filter(candidates=candidate)
    found = list(seen[:MOST_LINKED])
    if not found:
        raise NotFound(gettext_noop("There is no candidate %(ref)s that you may see."), ref=candidate.ref)
    return found


def _service(candidate: Candidate) -> Service:
    if candidate.family is not None:
        return candidate.family.service
    return Service.objects.get(incidents__candidates=candidate)
