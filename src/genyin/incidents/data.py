"""What arrives through the doors, as plain values: pure, frozen, comparable by digest.

The doors (files, webhooks, mail, API) translate foreign records into these; the areas decide what to do with them.
Empty text means "not said". Times are aware and in UTC.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Environment(StrEnum):
    PRODUCTION = "production"
    TEST = "test"
    DEVELOPMENT = "development"


class State(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELED = "canceled"


class ServiceImpact(StrEnum):
    NONE = "none"
    DEGRADED = "degraded"
    DOWN = "down"


class Grade(StrEnum):
    """Impact, urgency and priority on one scale; impact and urgency use the middle three."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    PLANNING = "planning"


def _plain(value: object) -> object:
    """What JSON does not know, as JSON; called by json.dumps only."""
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if dataclasses.is_dataclass(value):
        return filled(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


# Names of fields by class: asking the class anew takes longer than the rest of a digest.
_names: dict[type, tuple[str, ...]] = {}


def filled(value: object) -> dict[str, object]:
    """The fields of a dataclass that say something, by name."""
    kind = type(value)
    if kind not in _names:
        _names[kind] = tuple(field.name for field in dataclasses.fields(value))  # type: ignore[arg-type]
    pairs = [(name, getattr(value, name)) for name in _names[kind]]
    return {name: content for name, content in pairs if content or content not in (None, "", (), {})}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of another system; `source` and `external_id` together are its identity here."""

    source: str
    external_id: str

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical content.

        Fields that say nothing are left out, so that a field added in a later version changes no digest of
        records that do not fill it, and a second import still finds them unchanged.
        """
        content = json.dumps(filled(self), default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One change of one field, as the source tells it; codes of the source, not ours."""

    at: datetime | None
    field: str
    before: str
    after: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentData(Record):
    """An incident. `customer` None, `service` None: not said. `environment` None: unknown, taken as production."""

    title: str
    description: str = ""
    customer: str | None = None
    project: str | None = None
    service: str | None = None
    ci: str | None = None
    category: str = ""
    subcategory: str = ""
    symptom: str = ""
    environment: Environment | None = None
    impact: Grade | None = None
    urgency: Grade | None = None
    priority: Grade | None = None
    major: bool | None = None
    state: State = State.OPEN
    occurred_at: datetime
    opened_at: datetime
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    outage_minutes: int | None = None
    service_impact: ServiceImpact | None = None
    assignment_group: str = ""
    reporter: str = ""
    resolution: str = ""
    resolution_code: str = ""
    external_problem: str = ""
    external_change: str = ""
    caused_by_change: str = ""
    history: tuple[HistoryItem, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemData(Record):
    """A problem that another system or an existing 汇总表 has kept; `external_id` is its number there.

    `origin`, `category`, `level`, `outcome` are codes of the procedure where the mapping knows them, else "".
    `solved` and `closed` are what the row says of itself; dates may be missing even so.
    """

    title: str
    description: str = ""
    customer: str | None = None
    project: str | None = None
    service: str | None = None
    ci: str | None = None
    origin: str = ""
    category: str = ""
    subcategory: str = ""
    level: str = ""
    major: bool | None = None
    submitter: str = ""
    registered_at: datetime
    owner: str = ""
    assignment_group: str = ""
    root_cause: str = ""
    cause_found_at: datetime | None = None
    workaround: str = ""
    solution: str = ""
    preventive: str = ""
    change_needed: bool | None = None
    change_numbers: tuple[str, ...] = ()
    incident_numbers: tuple[str, ...] = ()
    state: State = State.OPEN
    outcome: str = ""
    fixed_at: datetime | None = None
    resolved_at: datetime | None = None
    reviewed_at: datetime | None = None
    minutes_number: str = ""
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    remark: str = ""
    history: tuple[HistoryItem, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownErrorData(Record):
    """A known error; `symptoms` holds everything by which first line can recognise it."""

    title: str
    symptoms: str = ""
    root_cause: str = ""
    workaround: str = ""
    solution: str = ""
    problem_number: str = ""
    service: str | None = None
    ci: str | None = None
    assignment_group: str = ""
    retired: bool = False
    keywords: tuple[str, ...] = ()
    published_at: datetime | None = None
    retired_at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeData(Record):
    """A request for change and how it ended."""

    title: str
    state: str = ""
    result: str = ""
    service: str | None = None
    ci: str | None = None
    problem_number: str = ""
    planned_at: datetime | None = None
    implemented_at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceData(Record):
    """A service; `external_id` is its code, or its name where it has none. Target in percent, such as 99.9."""

    name: str
    description: str = ""
    customer: str | None = None
    project: str | None = None
    availability_target: float | None = None
    cis: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData(Record):
    """A person; `external_id` is the login. `roles` are codes or names as written in the file."""

    name: str
    email: str = ""
    phone: str = ""
    team: str = ""
    roles: tuple[str, ...] = ()
    customer: str | None = None
    services: tuple[str, ...] = ()
    active: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)
