"""Our rows as the engine's records: what counts as text, what as code."""

import re
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Substr

from genyin.incidents.models import Incident
from genyin.sift.records import Record

TITLE_CHARACTERS = 500
BODY_CHARACTERS = 2000
CODED = ("item", "category", "subcategory", "symptom")

_LETTER = re.compile(r"\w")

#: The columns of a row, in its order.
COLUMNS = (
    *("id", "title", "body", "service_id", "item_name", "category", "subcategory", "symptom", "occurred_at"),
    "external_id",
)

#: id, title, body, service, item, category, subcategory, symptom, occurred_at, number at its source
Row = tuple[int, str, str, int, str | None, str, str, str, datetime, str]


def rows(incidents: QuerySet[Incident], *, characters: int = BODY_CHARACTERS) -> QuerySet[Incident, Row]:
    """The columns that make a record; the start of the description only, so that memory stays bounded."""
    return incidents.annotate(body=Substr("description", 1, characters), item_name=F("item__name")).values_list(
        *COLUMNS
    )


def from_row(row: Row) -> Record:
    """An incident as the engine sees it."""
    pk, title, body, service, item, category, subcategory, symptom, occurred_at, number = row
    told = zip(CODED, (item, category, subcategory, symptom), strict=True)
    codes = tuple((field, value) for field, value in told if value)
    return Record(pk, *entitled(spoken(title, codes), body), service, codes, day_of(occurred_at), number)


def from_incident(incident: Incident) -> Record:
    """One incident that is already loaded."""
    item = incident.item.name if incident.item else None
    row = (incident.pk, incident.title, incident.description[:BODY_CHARACTERS], incident.service_id, item)
    coded = (incident.category, incident.subcategory, incident.symptom)
    return from_row((*row, *coded, incident.occurred_at, incident.external_id))


def entitled(title: str, body: str) -> tuple[str, str]:
    """Title and body: of one endless line only the start says what it is about, and all of a title is weighed."""
    rest = title[TITLE_CHARACTERS:]
    return title[:TITLE_CHARACTERS], f"{rest}\n{body}" if rest else body


def spoken(title: str, codes: tuple[tuple[str, str], ...]) -> str:
    """The title, or nothing where an import put it together from coded values only.

    Such a title is no text: masked, "Category 26 / Symptom 491" would be the same for every incident.
    """
    rest = title
    for _field, value in sorted(codes, key=lambda code: -len(code[1])):
        rest = rest.replace(value, " ")
    return title if _LETTER.search(rest) else ""


def day_of(moment: datetime) -> float:
    """Days since 1970-01-01 UTC."""
    return moment.timestamp() / 86400
