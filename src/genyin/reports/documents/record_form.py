"""《问题记录表》: the problem record on paper (procedure.md section 3a)."""

from dataclasses import dataclass

from genyin.reports.documents import forms


@dataclass(frozen=True, slots=True)
class ChangeRow:
    ref: str
    title: str
    planned_at: str
    finished_at: str
    outcome: str


@dataclass(frozen=True, slots=True)
class WaiverRow:
    point: str
    reason: str
    people: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    ref: str
    title: str
    occurred_at: str
    state: str


@dataclass(frozen=True, slots=True)
class LogRow:
    at: str
    who: str
    what: str
    content: str


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What the form prints, every value already in words of the form's language; empty where nothing is known."""

    ref: str
    title: str
    organisation: str = ""
    printed_at: str = ""
    registered_at: str = ""
    level: str = ""
    major: str = ""
    category: str = ""
    source: str = ""
    reason: str = ""
    status: str = ""
    submitter: str = ""
    contact: str = ""
    service: str = ""
    item: str = ""
    customer: str = ""
    environment: str = ""
    impact: str = ""
    urgency: str = ""
    description: str = ""
    effect_on_business: str = ""
    lead: str = ""
    owner: str = ""
    dispatched_at: str = ""
    accepted_at: str = ""
    team: str = ""
    due_at: str = ""
    reproduction: str = ""
    cause_category: str = ""
    cause_found_at: str = ""
    known_error: str = ""
    cause: str = ""
    cause_method: str = ""
    workaround: str = ""
    interim_measure: str = ""
    solution: str = ""
    preventive_measure: str = ""
    test: str = ""
    evaluation: str = ""
    change_needed: str = ""
    fixed_at: str = ""
    effect: str = ""
    reviewed_at: str = ""
    minutes: str = ""
    conclusion: str = ""
    reviewer: str = ""
    resolved_at: str = ""
    closed_at: str = ""
    outcome: str = ""
    archived_at: str = ""
    lessons: str = ""
    incident_count: int = 0
    changes: tuple[ChangeRow, ...] = ()
    waivers: tuple[WaiverRow, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()
    log: tuple[LogRow, ...] = ()


def produce(record: RecordForm, *, language: str, template: bytes | None = None) -> bytes:
    """The form as a Word file. Raises BadInput when the firm's own template cannot be filled."""
    return forms.fill("record_form", record, language=language, template=template)
