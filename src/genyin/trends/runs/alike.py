"""Families that tell of something alike: those that a person may want to make one of."""

from genyin.base.actor import Actor
from genyin.knowledge.matching import records
from genyin.sift.match import match
from genyin.sift.records import Record
from genyin.trends import queries
from genyin.trends.models import Family
from genyin.trends.queries import FamilySeen

READ = 500  # families, the latest ones
WORDS = 0.1  # least likeness of the words alone: one service or category in common is none


def alike(family: Family, *, seen_by: Actor, k: int = 6) -> list[FamilySeen]:
    """Other families of the same customer whose title and words are like this one's, the most alike first; of those
    that the actor sees wholly, for who does not may not merge them."""
    near = queries.families(seen_by).filter(service__customer=family.service.customer_id).exclude(pk=family.pk)
    whole = queries.wholly(near.order_by("-last_at", "-id")[:READ], seen_by=seen_by)
    found = match(map(_record, whole), _record(family), k=k)
    known = {one.pk: one for one in whole}
    return queries.described([known[one.ref] for one in found if (one.text or 0) >= WORDS], seen_by=seen_by)


def _record(family: Family) -> Record:
    day = records.day_of(family.last_at)
    return Record(family.pk, family.title, " ".join(family.terms), family.service_id, (), day)
