"""Events as the API answers them, with what the reader may not see taken out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from genyin.base.actor import Actor
from genyin.base.models import Event
from genyin.incidents import queries as incidents
from genyin.problems import queries as problems
from genyin.trends.watch import sees_whole

#: Keys of an event's content that name objects which may belong to another customer.
INCIDENTS = ("incident", "incidents")
PROBLEMS = ("original", "duplicate_of")
#: Events of the recurrence watch, which counts incidents of all customers, and what of it tells of none.
WATCHES = ("watch.verdict", "recurrence.proposed", "recurrence.dismissed")
WORDS = ("verdict", "why")


class EventShape(BaseModel):
    """One row of the event log. `before` and `after` hold what the verb changed or told.

    `token` names the API token through which a person's program acted for them; empty when they acted themselves.
    """

    seq: int
    at: datetime
    verb: str
    subject: str
    actor: str
    token: str
    on_behalf_of: str
    note: str
    before: dict[str, Any]
    after: dict[str, Any]


class AuditEvent(EventShape):
    """An event with its place in the chain, for whoever checks it."""

    actor_kind: str
    digest: str
    previous: str
    hash: str


def timeline(rows: Iterable[Event], *, seen_by: Actor) -> list[EventShape]:
    """The events with every reference the reader may not see left out. A fixed number of queries."""
    listed = list(rows)
    if seen_by.sees_all:
        return [EventShape(**_told(event, _same)) for event in listed]
    incident_refs, problem_refs = _named(listed, INCIDENTS), _named(listed, PROBLEMS)
    seen = {
        *(i.ref for i in incidents.visible_to(seen_by).filter(external_id__in=[_number(ref) for ref in incident_refs])),
        *problems.visible_to(seen_by).filter(number__in=problem_refs).values_list("number", flat=True),
    }

    def cleaned(content: dict[str, Any]) -> dict[str, Any]:
        return {key: _seen_only(key, value, seen) for key, value in content.items()}

    partly = _partly_watched(listed, seen_by)
    return [
        EventShape(**_told(event, _words if event.verb in WATCHES and event.subject_id in partly else cleaned))
        for event in listed
    ]


def audit_event(event: Event) -> AuditEvent:
    return AuditEvent(
        **_told(event, _same),
        actor_kind=event.actor_kind,
        digest=event.digest,
        previous=event.previous,
        hash=event.hash,
    )


def _told(event: Event, cleaned: Any) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at,
        "verb": event.verb,
        "subject": event.subject_ref,
        "actor": event.actor_name,
        "token": event.actor_token or "",
        "on_behalf_of": event.on_behalf_of_name,
        "note": event.content.note,
        "before": cleaned(event.content.before),
        "after": cleaned(event.content.after),
    }


def _partly_watched(rows: list[Event], actor: Actor) -> set[int]:
    """Problems of these events whose watch counts incidents that the reader may not see."""
    watched = {event.subject_id for event in rows if event.verb in WATCHES and event.subject_id is not None}
    found = problems.visible_to(actor).filter(id__in=watched)
    return watched - {problem.pk for problem in found if sees_whole(problem, actor=actor)}


def _words(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key in WORDS}


def _same(content: dict[str, Any]) -> dict[str, Any]:
    return content


def _named(rows: list[Event], keys: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for event in rows:
        for content in (event.content.before, event.content.after):
            for key in keys:
                value = content.get(key)
                found += value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return found


def _seen_only(key: str, value: Any, seen: set[str]) -> Any:
    if key not in (*INCIDENTS, *PROBLEMS):
        return value
    if isinstance(value, list):
        return [ref for ref in value if ref in seen]
    return value if value in seen else None


def _number(ref: str) -> str:
    return ref.partition(":")[2]
