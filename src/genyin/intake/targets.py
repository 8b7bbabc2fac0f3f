"""What a mapping can fill: our fields of each kind of record, and how their text is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from genyin.incidents.data import (
    ChangeData,
    Environment,
    Grade,
    IncidentData,
    KnownErrorData,
    PersonData,
    ProblemData,
    Record,
    ServiceData,
    ServiceImpact,
    State,
)


class Reads(StrEnum):
    """How the text of a cell becomes a value."""

    IDENTITY = "identity"  # short, required to be clean: a zero byte or line break is an error
    TITLE = "title"  # one line; too long is cut, nothing is lost (see records)
    NAME = "name"  # short text, one line
    TEXT = "text"  # any length
    NAMES = "names"  # a list of short texts
    MOMENT = "moment"
    TRUTH = "truth"
    MINUTES = "minutes"
    PERCENT = "percent"
    CODE = "code"  # one of the codes of `codes`


@dataclass(frozen=True, slots=True)
class Target:
    reads: Reads
    limit: int = 120
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record; of each tuple in `required` one field must be mapped and filled."""

    data: type[Record]
    targets: Mapping[str, Target]
    required: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.targets)


ID = Target(Reads.IDENTITY)
TITLE = Target(Reads.TITLE, 500)
NAME = Target(Reads.NAME)
WIDE = Target(Reads.NAME, 200)
TEXT = Target(Reads.TEXT, 2**20)
NAMES = Target(Reads.NAMES)
WHEN = Target(Reads.MOMENT)
YES = Target(Reads.TRUTH)


def _code(*codes: str) -> Target:
    return Target(Reads.CODE, codes={str(code): code for code in codes})


GRADE = _code(*Grade)
STATE = _code(*State)

KINDS: Mapping[str, RecordKind] = {
    "incidents": RecordKind(
        IncidentData,
        {
            "external_id": ID, "title": TITLE, "description": TEXT, "customer": NAME, "project": NAME, "service": WIDE,
            "ci": WIDE, "category": NAME, "subcategory": NAME, "symptom": NAME, "environment": _code(*Environment),
            "impact": GRADE, "urgency": GRADE, "priority": GRADE, "major": YES, "state": STATE, "occurred_at": WHEN,
            "opened_at": WHEN, "resolved_at": WHEN, "closed_at": WHEN, "updated_at": WHEN,
            "outage_minutes": Target(Reads.MINUTES), "service_impact": _code(*ServiceImpact), "assignment_group": NAME,
            "reporter": NAME, "resolution": TEXT, "resolution_code": NAME, "external_problem": NAME,
            "external_change": NAME, "caused_by_change": NAME,
        },
        (("external_id",), ("opened_at", "occurred_at")),
    ),
    "problems": RecordKind(
        ProblemData,
        {
            "external_id": ID, "title": TITLE, "description": TEXT, "customer": NAME, "project": NAME, "service": WIDE,
            "ci": WIDE, "origin": NAME, "category": NAME, "subcategory": NAME, "level": _code("high", "medium", "low"),
            "major": YES, "submitter": NAME, "registered_at": WHEN, "owner": NAME, "assignment_group": NAME,
            "root_cause": TEXT, "cause_found_at": WHEN, "workaround": TEXT, "solution": TEXT, "preventive": TEXT,
            "change_needed": YES, "change_numbers": NAMES, "incident_numbers": NAMES, "state": STATE,
            "outcome": NAME, "fixed_at": WHEN, "resolved_at": WHEN, "reviewed_at": WHEN, "minutes_number": NAME,
            "closed_at": WHEN, "updated_at": WHEN, "remark": TEXT,
        },
        (("external_id",), ("registered_at",)),
    ),
    "known_errors": RecordKind(
        KnownErrorData,
        {
            "external_id": ID, "title": TITLE, "symptoms": TEXT, "root_cause": TEXT, "workaround": TEXT,
            "solution": TEXT, "problem_number": NAME, "service": WIDE, "ci": WIDE, "assignment_group": NAME,
            "retired": YES, "keywords": NAMES, "published_at": WHEN, "retired_at": WHEN,
        },
        (("external_id",), ("title",)),
    ),
    "changes": RecordKind(
        ChangeData,
        {
            "external_id": ID, "title": TITLE, "state": NAME, "result": NAME, "service": WIDE, "ci": WIDE,
            "problem_number": NAME, "planned_at": WHEN, "implemented_at": WHEN,
        },
        (("external_id",), ("title",)),
    ),
    "services": RecordKind(
        ServiceData,
        {
            "external_id": ID, "name": WIDE, "description": TEXT, "customer": NAME, "project": NAME,
            "availability_target": Target(Reads.PERCENT), "cis": Target(Reads.NAMES, 200),
        },
        (("external_id", "name"),),
    ),
    "people": RecordKind(
        PersonData,
        {
            "external_id": ID, "name": NAME, "email": NAME, "phone": NAME, "team": NAME, "roles": NAMES,
            "customer": NAME, "services": NAMES, "active": YES,
        },
        (("external_id",), ("name",)),
    ),
}  # fmt: skip
