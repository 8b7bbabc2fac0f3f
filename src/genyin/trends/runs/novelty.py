"""Is an incident the first of its kind (R38)? Judged once, when it comes; what is found is a suggestion, no more.

It is compared with the incidents before it of the services of the same customer, and of no other's. How alike is alike
enough is judged by the past likenesses of all customers, and by how rare a word is among all their incidents.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet

from genyin.base import clock
from genyin.base.models import Event
from genyin.incidents.models import Incident, Service
from genyin.knowledge import matching
from genyin.knowledge.matching import records
from genyin.sift import novelty
from genyin.sift.records import Match, Record
from genyin.trends.models import Family, Novelty, NoveltyState
from genyin.trends.runs import reading

YOUNG = timedelta(days=7)  # an older one is history when it comes, and suggested to nobody
AT_ONCE = 2_000  # a night; the newest first, so that a large history is not judged for nights on end
LATEST = 2_000  # likenesses that the next one is judged by
NEAREST = 10
KEPT = 3
SETTINGS = novelty.Settings()

_STATES = {"first": NoveltyState.SUGGESTED, "known": NoveltyState.KNOWN, "too_little": NoveltyState.TOO_LITTLE}


def received(event: Event) -> None:
    """Reaction to incident.received."""
    incident = _unjudged().filter(pk=event.subject_id or 0).first()
    if incident is not None:
        judge(incident)


def catch_up(*, most: int = AT_ONCE) -> int:
    """Judge what came by file, in the order it occurred: how many were judged. Nothing new, nothing done."""
    newest = list(_unjudged().order_by("-occurred_at", "-id")[:most])
    for incident in reversed(newest):
        judge(incident)
    return len(newest)


def judge(incident: Incident) -> Novelty:
    """Say once whether it is the first of its kind. Idempotent: whoever comes second gets what was said."""
    group = _of_one_customer(incident.service)
    record = novelty.asked(records.from_incident(incident))
    of, near = novelty.kind(record), _near(record, incident, group)
    alike, compared = novelty.likeness(record, near), _compared(incident, group)
    verdict = novelty.judge(alike, _past(of), of=of, compared=compared, settings=SETTINGS)
    state = _STATES[verdict.code]
    if state is NoveltyState.SUGGESTED and not _may_be_suggested(incident):
        state = NoveltyState.KNOWN
    suggested = state is NoveltyState.SUGGESTED
    told = {
        "kind": of,
        # Kept also where nothing can be said yet: the likenesses of the first ones are what the next are judged by.
        "alike": alike if compared >= SETTINGS.compared and of != "nothing" else None,
        "nearest": [[match.ref, round(novelty.likeness(record, [(match, one)]), 2)] for match, one in near[:KEPT]],
        "unseen": _unseen(record, incident, group) if suggested else [],
        "state": state,
    }
    found, _made = Novelty.objects.get_or_create(incident=incident, defaults=told)
    return found


def _unjudged() -> QuerySet[Incident]:
    """Incidents that count and were not judged."""
    return reading.counting(clock.now()).filter(novelty=None).select_related("item", "service")


def _of_one_customer(service: Service) -> list[int]:
    """Services of the same customer; those that belong to none are one group."""
    return list(Service.objects.filter(customer=service.customer_id).order_by("id").values_list("id", flat=True))


def _near(record: Record, incident: Incident, group: list[int]) -> list[tuple[Match, Record]]:
    """What came before it and is most alike, the most alike first. Of one moment the lower number came before."""
    found = {match.ref: match for match in matching.earlier(record, services=group, k=NEAREST)}
    before = records.rows(_before(incident).filter(id__in=list(found)))
    near = [(found[one.ref], one) for one in map(records.from_row, before)]
    return sorted(near, key=lambda pair: (-novelty.likeness(record, [pair]), -pair[1].ref))


def _before(incident: Incident) -> QuerySet[Incident]:
    moment = incident.occurred_at
    return Incident.objects.filter(Q(occurred_at__lt=moment) | Q(occurred_at=moment, id__lt=incident.pk))


def _compared(incident: Incident, group: list[int]) -> int:
    """How many there were to be alike; counted no further than the least that is needed."""
    return _before(incident).filter(service_id__in=group).order_by()[: SETTINGS.compared].count()


def _past(of: novelty.Kind) -> list[float]:
    latest = Novelty.objects.filter(kind=of, alike__isnull=False).order_by("-id")
    return [alike for alike in latest.values_list("alike", flat=True)[:LATEST] if alike is not None]


def _may_be_suggested(incident: Incident) -> bool:
    """Not what was history when it came, nor what is in a family with something before it."""
    if incident.occurred_at < clock.now() - YOUNG:
        return False
    family = Family.objects.filter(members__incident=incident)
    return not _before(incident).filter(membership__family__in=family).exists()


def _unseen(record: Record, incident: Incident, group: list[int]) -> list[str]:
    def is_seen(alone: Record) -> bool:
        refs = [match.ref for match in matching.earlier(alone, services=group, k=NEAREST)]
        return _before(incident).filter(id__in=refs).exists()

    return list(novelty.unseen(record, is_seen))
