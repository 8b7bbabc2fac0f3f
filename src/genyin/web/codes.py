"""Words for the codes of incidents, known errors, changes, reviews and imports; documents print the same ones."""

from collections.abc import Mapping

from genyin.base.errors import gettext_noop
from genyin.knowledge.reasons import CODED
from genyin.reports.documents import words as documents

GRADES = {
    "critical": gettext_noop("Critical"),
    "high": gettext_noop("High"),
    "medium": gettext_noop("Medium"),
    "low": gettext_noop("Low"),
    "planning": gettext_noop("Planned"),
}
SERVICE_IMPACTS = {
    "none": gettext_noop("None"),
    "degraded": gettext_noop("Degraded"),
    "down": gettext_noop("Down"),
}
TRIALS = {
    "worked": gettext_noop("Worked"),
    "failed": gettext_noop("Did not help"),
    "not_applicable": gettext_noop("Does not apply"),
}
IMPORT_STATES = {
    "checking": gettext_noop("Being checked"),
    "checked": gettext_noop("Waits for you"),
    "writing": gettext_noop("Being written"),
    "done": gettext_noop("Done"),
    "failed": gettext_noop("Failed"),
    "discarded": gettext_noop("Discarded"),
}
IMPORT_KINDS = {
    "incidents": gettext_noop("Incidents"),
    "problems": gettext_noop("Problems"),
    "known_errors": gettext_noop("Known errors"),
    "changes": gettext_noop("Changes"),
    "services": gettext_noop("Services"),
    "people": gettext_noop("People"),
}
#: Our fields of imported records, as the preview heads its columns.
RECORD_FIELDS = {
    "external_id": gettext_noop("Number"),
    "title": gettext_noop("Title"),
    "name": gettext_noop("Name"),
    "service": gettext_noop("Service"),
    "customer": gettext_noop("Customer"),
    "project": gettext_noop("Project"),
    "state": gettext_noop("State"),
    "occurred_at": gettext_noop("Occurred"),
    "opened_at": gettext_noop("Opened"),
    "registered_at": gettext_noop("Registered"),
    "published_at": gettext_noop("Published"),
    "planned_at": gettext_noop("Planned for"),
    "level": gettext_noop("Level"),
    "priority": gettext_noop("Priority"),
    "availability_target": gettext_noop("Availability target"),
    "roles": gettext_noop("Roles"),
    "email": gettext_noop("E-mail"),
    "ci": gettext_noop("Configuration item"),
    **CODED,
    "problem_number": gettext_noop("Problem"),
    "result": gettext_noop("Result"),
    "workaround": gettext_noop("Workaround"),
    "resolution": gettext_noop("Resolution"),
    "assignment_group": gettext_noop("Team"),
}
CANDIDATES = {
    "open": gettext_noop("proposed it"),
    "accepted": gettext_noop("accepted it"),
    "watching": gettext_noop("watches it"),
    "dismissed": gettext_noop("dismissed it"),
}
SERIES = {
    "problem": gettext_noop("Problem"),
    "incident": gettext_noop("Incident"),
    "known_error": gettext_noop("Known error"),
    "minutes": gettext_noop("Minutes"),
    "change": gettext_noop("Change"),
    "task": gettext_noop("Task"),
}
CLOCKS = {
    "assign": gettext_noop("Dispatched"),
    "cause": gettext_noop("Cause found"),
    "solution": gettext_noop("Solution planned"),
}
CONDITIONS = {
    "always": gettext_noop("always"),
    "recurring": gettext_noop("when it recurs and hurts"),
    "change": gettext_noop("when a change is needed"),
    "major": gettext_noop("when it is major"),
}
RIGHTS = {
    "support": gettext_noop("everybody in support"),
    "first_line": gettext_noop("first line"),
    "lead": gettext_noop("lead"),
    "second": gettext_noop("a second person"),
    "owner": gettext_noop("owner"),
    "team": gettext_noop("analysis team"),
    "submitter": gettext_noop("submitter"),
    "invited": gettext_noop("invited representative"),
    "integration": gettext_noop("another system"),
    "job": gettext_noop("Genyin itself"),
    "admin": gettext_noop("administrator"),
}

CODES: dict[str, Mapping[str, str]] = {
    "incident": documents.INCIDENTS,
    "environment": documents.ENVIRONMENTS,
    "known_error": documents.KNOWN_ERRORS,
    "change": documents.CHANGES,
    "effect": documents.VERDICTS,
    "grade": GRADES,
    "service_impact": SERVICE_IMPACTS,
    "trial": TRIALS,
    "import_state": IMPORT_STATES,
    "import_kind": IMPORT_KINDS,
    "record_field": RECORD_FIELDS,
    "candidate": CANDIDATES,
    "series": SERIES,
    "clock": CLOCKS,
    "condition": CONDITIONS,
    "right": RIGHTS,
}
