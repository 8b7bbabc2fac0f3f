"""《问题记录表》 and 《会议纪要》 from what is stored: names in the document's language, dates in the site's zone."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import NotAllowed, gettext_noop
from genyin.base.models import Event
from genyin.people.queries import holders_of
from genyin.people.roles import is_outside
from genyin.problems import queries as problems
from genyin.problems.models import PartKind, Problem
from genyin.procedure import queries as procedures
from genyin.reports.documents import minutes, record_form
from genyin.reports.documents.text import Dates
from genyin.reports.documents.words import VERDICTS, filled, joined, listed, name_of
from genyin.reports.problem_facts import WAIVED
from genyin.reviews.models import Review

MOST_INCIDENTS = 200
MOST_LOG = 300
A_VERDICT = re.compile(r"([a-z_]+)(?=[:.])")


def record(problem: Problem, *, language: str, seen_by: Actor, template: bytes | None = None) -> bytes:
    """《问题记录表》 of a problem as a Word file (R19). Incidents the actor may not see are counted, not named.

    Raises NotAllowed for the customer's side: the form holds internal text.
    """
    if is_outside(seen_by):
        raise NotAllowed(gettext_noop("The problem record is internal."))
    with translation.override(language):
        form = record_of(problem, Dates(procedures.site().zone), seen_by=seen_by)
        return record_form.produce(form, language=language, template=template)


def record_of(problem: Problem, dates: Dates, *, seen_by: Actor) -> record_form.RecordForm:
    """The form in the active language."""
    seen, hidden = problems.linked_incidents(problem, seen_by=seen_by)
    incidents = [
        record_form.IncidentRow(one.ref, one.title, dates.minute(one.occurred_at), name_of("incident", one.state))
        for one in seen[:MOST_INCIDENTS]
    ]
    site = procedures.site()
    return record_form.RecordForm(
        ref=problem.number,
        title=problem.title,
        organisation=site.name,
        printed_at=dates.minute(clock.now()),
        incident_count=seen.count() + hidden,
        incidents=tuple(incidents),
        **registered(problem, dates),
        **assigned(problem, dates),
        **diagnosed(problem, dates),
        **solved(problem, dates),
        **finished(problem, dates),
        waivers=tuple(
            record_form.WaiverRow(
                name_of("point", point.code),
                point.waiver_reason,
                f"{point.waiver_asked_by or ''} / {point.settled_by}",
            )
            for point in problem.points.filter(WAIVED).select_related("waiver_asked_by").order_by("id")
        ),
        log=tuple(
            record_form.LogRow(dates.minute(e.at), _named(e), name_of("event", e.verb), e.content.note)
            for e in events.of(problem).order_by("seq")[:MOST_LOG]
        ),
    )


def _named(event: Event) -> str:
    """Everybody the row names: who acted, for whom, through which API token."""
    return " / ".join(filter(None, (event.actor_name, event.on_behalf_of_name, event.actor_token)))


def registered(problem: Problem, dates: Dates) -> dict[str, Any]:
    """Part 1: registration and classification."""
    service = problem.service
    place = [str(one) for one in (service.customer, service.project) if one]
    environment = filled("environment", problem.environment)
    category = name_of("category", problem.category)
    return {
        "registered_at": dates.minute(problem.registered_at),
        "level": name_of("level", problem.level),
        "major": _("Yes") if problem.is_major else _("No"),
        "category": f"{category} / {problem.subcategory}" if problem.subcategory else category,
        "source": name_of("source", problem.source),
        "reason": name_of("reason", problem.reason),
        "status": f"{name_of('status', problem.status)} / {name_of('stage', problem.stage)}",
        "submitter": problem.submitter_name,
        "contact": problem.contact,
        "service": service.name,
        "item": listed(item.name for item in problem.items.order_by("name")),
        "customer": " / ".join(place),
        "environment": _("%(name)s (assumed)") % {"name": environment} if problem.environment_assumed else environment,
        "impact": filled("grade", problem.impact),
        "urgency": filled("grade", problem.urgency),
        "description": problem.description,
        "effect_on_business": problem.impact_text,
    }


def assigned(problem: Problem, dates: Dates) -> dict[str, Any]:
    """Part 2: assignment."""
    leads = [problem.dispatcher] if problem.dispatcher else list(holders_of("lead")[:3])
    team = problem.parts.filter(kind=PartKind.TEAM).select_related("user").order_by("id")
    return {
        "lead": listed(str(lead) for lead in leads),
        "owner": str(problem.owner or ""),
        "dispatched_at": dates.minute(problem.dispatched_at),
        "accepted_at": dates.minute(problem.accepted_at),
        "team": listed(str(part.user) for part in team),
        "due_at": str(problem.planned_finish or ""),
    }


def diagnosed(problem: Problem, dates: Dates) -> dict[str, Any]:
    """Part 3: investigation and diagnosis."""
    causes = list(problem.causes.filter(cycle=problem.cycle).order_by("id")) or list(problem.causes.order_by("id"))
    errors = [f"{e.number} ({name_of('known_error', e.state)})" for e in problem.known_errors.order_by("id")]
    answer = filled("answer", problem.reproduced)
    return {
        "reproduction": ": ".join(text for text in (answer, problem.reproduction) if text),
        "cause_category": joined("cause", dict.fromkeys(cause.code for cause in causes)),
        "cause_found_at": dates.minute(problem.cause_found_at),
        "known_error": listed(errors),
        "cause": "\n".join(cause.text for cause in causes),
        "cause_method": "\n".join(dict.fromkeys(cause.established for cause in causes)),
        "workaround": problem.workaround,
        "interim_measure": problem.interim_measure,
    }


def solved(problem: Problem, dates: Dates) -> dict[str, Any]:
    """Part 4: solution and changes."""
    needed = {None: "", True: _("Yes"), False: _("No")}[problem.change_needed]
    return {
        "solution": problem.solution,
        "preventive_measure": problem.preventive_measure,
        "test": told(problem.solution_test),
        "evaluation": told(problem.evaluation),
        "change_needed": ": ".join(text for text in (needed, problem.change_reason) if text),
        "fixed_at": dates.minute(problem.fixed_at),
        "changes": tuple(
            record_form.ChangeRow(
                change.number,
                change.title,
                dates.minute(change.planned_at),
                dates.minute(change.implemented_at),
                name_of("change", change.state),
            )
            for change in problem.changes.order_by("id")
        ),
    }


def finished(problem: Problem, dates: Dates) -> dict[str, Any]:
    """Part 5: verification, review and closure."""
    review = problem.reviews.order_by("-id").first()
    if review is None:
        review = Review(number="")
    effect = filled("verdict", review.effect)
    return {
        "effect": ": ".join(text for text in (effect, judged(review.effect_evidence)) if text),
        "reviewed_at": dates.day(review.held_at or review.decided_at),
        "minutes": review.number,
        "conclusion": passed(review),
        "reviewer": review.decided_by,
        "resolved_at": dates.minute(problem.resolved_at),
        "closed_at": dates.minute(problem.closed_at),
        "outcome": filled("outcome", problem.outcome),
        "archived_at": dates.minute(problem.archived_at),
        "lessons": "\n".join(text for text in (review.went_well, review.to_improve) if text),
    }


def told(answers: dict[str, Any]) -> str:
    """Several short answers, a line each."""
    return "\n".join(f"{name_of('answer_to', key)}: {value}" for key, value in answers.items() if value)


def passed(review: Review) -> str:
    """The verdict in words; empty while there is none."""
    return {None: "", True: _("Passed"), False: _("Sent back")}[review.passed]


def judged(evidence: str) -> str:
    """The evidence for an effect; where it begins with the watch's code, with the word for it."""
    found = A_VERDICT.match(evidence)
    if found is None or found[1] not in VERDICTS:
        return evidence
    return name_of("verdict", found[1]) + evidence[found.end(1) :]


def minutes_of(review: Review, *, language: str, template: bytes | None = None) -> bytes:
    """《会议纪要》 of a review as a Word file (R31, R54)."""
    with translation.override(language):
        dates = Dates(procedures.site().zone)
        return minutes.produce(minutes_form(review, dates), language=language, template=template)


def minutes_form(review: Review, dates: Dates) -> minutes.Minutes:
    """The minutes in the active language."""
    conclusion = ": ".join(dict.fromkeys(text for text in (passed(review), review.conclusion) if text))
    effect = filled("verdict", review.effect)
    present = [name for name in review.attendees.replace("，", ",").replace("、", ",").split(",") if name.strip()]
    return minutes.Minutes(
        ref=review.number,
        problem=review.problem.number,
        organisation=procedures.site().name,
        printed_at=dates.minute(clock.now()),
        subject=review.subject,
        held_at=dates.minute(review.held_at),
        place=review.place,
        chair=review.chair,
        recorder=review.recorder,
        course=review.course,
        cause=review.cause_confirmed,
        effect=effect,
        evidence=judged(review.effect_evidence),
        done_well=review.went_well,
        to_improve=review.to_improve,
        prevention=review.prevention,
        third_parties=review.third_party,
        conclusion=conclusion,
        attendees=tuple(attendees(present, review.representatives)),
        actions=tuple(
            minutes.ActionRow(
                one.content, str(one.owner or ""), str(one.due or ""), _("Done") if one.done_at else _("Open")
            )
            for one in review.follow_ups.select_related("owner").order_by("id")
        ),
    )


def attendees(present: Iterable[str], representatives: str) -> Iterator[minutes.AttendeeRow]:
    """Who was there, and what the minutes say of the users' representatives."""
    for name in present:
        yield minutes.AttendeeRow(name.strip(), "", "", _("Yes"))
    if representatives:
        yield minutes.AttendeeRow(representatives, _("User representative"), _("Yes"), "")
