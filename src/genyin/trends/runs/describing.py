"""What members have in common, said from the members given and from no others."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from genyin.incidents.models import Incident
from genyin.knowledge.matching import records
from genyin.sift.describe import Common, describe
from genyin.sift.records import Record

SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Shared:
    """A title, the words and the coded values (field, value, share) that at least half of the members share."""

    title: str
    terms: tuple[str, ...]
    fields: tuple[tuple[str, str, float], ...]


def shared(incidents: QuerySet[Incident]) -> Shared:
    """What these incidents share; reads the 400 newest."""
    rows = list(records.rows(incidents.order_by("-occurred_at", "-id")[:SAMPLE], characters=600))
    found = [records.from_row(row) for row in rows]
    return told(describe(found), found, [row[1] for row in rows])


def told(common: Common, members: Sequence[Record], titles: Sequence[str]) -> Shared:
    """The engine's answer in our form, with the title of the most typical member."""
    fields = tuple((code.field, code.value, round(code.share, 3)) for code in common.codes)
    return Shared(_typical(common, members, titles), common.terms, fields)


def _typical(common: Common, members: Sequence[Record], titles: Sequence[str]) -> str:
    """The title with the most shared words; of equals the shorter one, then the first."""
    if not any(record.title for record in members):
        return " / ".join(code.value for code in common.codes) or (titles[0] if titles else "")
    spoken = [title for record, title in zip(members, titles, strict=True) if record.title]

    def worth(title: str) -> tuple[int, int]:
        lowered = title.lower()
        return -sum(term in lowered for term in common.terms), len(title)

    return min(dict.fromkeys(spoken), key=worth)
