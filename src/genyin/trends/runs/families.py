"""Writes what a grouping found: families under their old numbers, members moved only where they changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from django.db.models import QuerySet

from genyin.base import clock
from genyin.incidents.models import Incident
from genyin.sift.describe import describe
from genyin.sift.group import Family as Found
from genyin.sift.group import Grouping
from genyin.trends.models import Family, FamilyMember
from genyin.trends.runs import describing, reading
from genyin.trends.runs.reading import History
from genyin.trends.runs.rising import Evidence, Risen

BATCH = 500
DESCRIBED = ("service_id", "title", "terms", "fields", "size", "first_at", "last_at", "rise", "retired_at", "became")


def previous() -> dict[int, int]:
    """Family number by incident, as it stands."""
    return dict(FamilyMember.objects.values_list("incident_id", "family__number"))


def next_number() -> int:
    """The first number never used."""
    last = Family.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def renumbered(grouping: Grouping, risen: Risen, first: int) -> tuple[Grouping, Risen]:
    """The same under numbers that are free now; `first` was the next number when it was made. Arrivals may have begun
    families since."""
    later = next_number() - first
    family = np.where(grouping.family >= first, grouping.family + later, grouping.family)
    listed = tuple(replace(one, id=one.id + later) if one.id >= first else one for one in grouping.families)
    moved = {number + later if number >= first else number: rise for number, rise in risen.families.items()}
    return replace(grouping, family=family, families=listed), replace(risen, families=moved)


def write(grouping: Grouping, history: History, rises: Mapping[int, Evidence]) -> dict[int, Family]:
    """Bring families and members in line with the grouping; the families it found, by number.

    Incidents the run did not read keep the family they have. Call within the run's transaction.
    """
    rows = history.row_of()
    known = {family.number: family for family in Family.objects.all()}
    found = {one.id: _family(known.get(one.id), one, history, rows) for one in grouping.families}
    known.update(found)
    sizes = _sizes(grouping)
    for family in known.values():
        family.size, family.rise = sizes[family.number], rises.get(family.number)
        family.retired_at = None if family.size else family.retired_at or clock.now()
        family.became_id = None if family.size else family.became_id
    Family.objects.bulk_create(
        known.values(), batch_size=BATCH, update_conflicts=True, unique_fields=("number",), update_fields=DESCRIBED
    )
    ids = dict(Family.objects.values_list("number", "id"))
    for family in found.values():
        family.pk = ids[family.number]
    _lead_on(grouping, ids)
    _move(grouping, ids)
    return found


def begin(incidents: QuerySet[Incident]) -> Family:
    """A new family of these incidents, which are in none. Call within the arrival's turn: its number is the next."""
    history = reading.of(incidents)
    found = Found(next_number(), tuple(record.ref for record in history.records), describe(history.records))
    family = _family(None, found, history, history.row_of())
    family.size = len(found.refs)
    family.save()
    FamilyMember.objects.bulk_create(FamilyMember(incident_id=ref, family=family) for ref in found.refs)
    return family


def describe_anew(family: Family) -> None:
    """Say what its members share as they are now. Whether it rises the next run says."""
    family.refresh_from_db()
    history = reading.of_family(family)
    if history.records:
        refs = tuple(record.ref for record in history.records)
        family = _family(family, Found(family.number, refs, describe(history.records)), history, history.row_of())
        family.rise = None
        family.save(update_fields=DESCRIBED)


def _lead_on(grouping: Grouping, ids: Mapping[int, int]) -> None:
    """From the number of a family that is left without members to the one that most of them are in now. Call before
    they are moved."""
    gone = Family.objects.exclude(retired_at=None).filter(became=None)
    before = FamilyMember.objects.filter(family__in=gone).values_list("incident_id", "family_id")
    now, went = grouping.as_mapping(), defaultdict[int, Counter[int]](Counter)
    for ref, family in before:
        if ref in now:
            went[family][ids[now[ref]]] += 1
    for family, places in went.items():
        Family.objects.filter(pk=family).update(became=places.most_common(1)[0][0])


def _sizes(grouping: Grouping) -> Counter[int]:
    """Members by family: those of the grouping, and those it did not read."""
    read = set(grouping.refs.tolist())
    unread = Counter(number for ref, number in previous().items() if ref not in read)
    return unread + Counter({family.id: len(family.refs) for family in grouping.families})


def _family(old: Family | None, found: Found, history: History, rows: dict[int, int]) -> Family:
    members = [history.records[rows[ref]] for ref in found.refs]
    told = describing.told(found.common, members, [member.title for member in members])
    first, last = min(member.day for member in members), max(member.day for member in members)
    family = old or Family(number=found.id, first_at=_moment(first), last_at=_moment(last))
    family.service_id = Counter(member.service for member in members).most_common(1)[0][0]
    family.title, family.terms, family.fields = told.title[:500], list(told.terms), list(told.fields)
    family.first_at, family.last_at = min(family.first_at, _moment(first)), _moment(last)
    return family


def _move(grouping: Grouping, ids: Mapping[int, int]) -> None:
    """Only members that changed are written: a nightly run over a quiet day writes next to nothing."""
    now = grouping.as_mapping()
    before = dict(FamilyMember.objects.values_list("incident_id", "family_id"))
    read = set(grouping.refs.tolist())
    wanted = {ref: ids[number] for ref, number in now.items()}
    gone = [ref for ref in before.keys() & read if wanted.get(ref) != before[ref]]
    for part in _parts(gone):
        FamilyMember.objects.filter(incident_id__in=part).delete()
    new = [ref for ref, family in wanted.items() if before.get(ref) != family]
    # An incident may have been deleted since it was read; its row must not be written.
    for part in _parts(new):
        there = Incident.objects.filter(id__in=part).values_list("id", flat=True)
        FamilyMember.objects.bulk_create(FamilyMember(incident_id=ref, family_id=wanted[ref]) for ref in there)


def _parts(refs: Sequence[int]) -> Iterable[Sequence[int]]:
    return (refs[start : start + BATCH] for start in range(0, len(refs), BATCH))


def _moment(day: float) -> datetime:
    return datetime.fromtimestamp(day * 86400, UTC)
