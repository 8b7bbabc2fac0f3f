"""Known errors by coded fields alone: what people confirmed on incidents of the same item, category, urgency, service.

Confirmed is an incident that was linked to the problem of an active known error, or on which somebody said that the
known error worked; not one on which it was said that it did not. Each service learns from its own incidents, and only
known errors that the asker may see are counted, so that "37 of 40" tells of nothing else.

What changed is found by the event log. The pairs are then compared with those held, in the order they were confirmed:
every node learns the same.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from genyin.base import events
from genyin.base.models import Event
from genyin.incidents.models import Incident
from genyin.knowledge.matching.incidents import any_updated
from genyin.knowledge.models import KnownErrorState, Trial
from genyin.problems.models import IncidentLink
from genyin.sift.backoff import BackOff, Codes, Guess

FIELDS = ("category", "subcategory", "symptom", "item", "urgency")
COLUMNS = (*FIELDS[:3], "item_name", "urgency")  # of an incident, in that order
#: From wide to narrow within one service: the service desk's classification, then what is broken.
LEVELS = (
    ("category",),
    ("category", "subcategory"),
    ("category", "subcategory", "symptom"),
    ("item",),
    ("item", "urgency"),
)
FADING = ((("item", "urgency"), 1000.0),)  # as `bench codes` measures it

LINKING = (
    *("problem.registered", "problem.imported", "problem.incidents_linked", "problem.incident_unlinked"),
    *("problem.marked_duplicate", "problem.reopened"),
    *("known_error.published", "known_error.retired", "known_error.imported", "known_error.tried"),
)
CHANGED = "incident.updated"
LIKELY = 0.1  # less probable ones are not suggested
SEEN = 2
AT_ONCE = 500  # SQLite takes so many values in one query

Told = tuple[int, Codes]  # service, values
Pair = tuple[datetime, int, int]  # when it was confirmed, incident, known error
Example = tuple[Codes, str]  # values, known error


@dataclass
class Desk:
    """What one service's incidents taught, in the order it was confirmed."""

    taught: list[Example] = field(default_factory=list)
    known: BackOff = field(default_factory=lambda: BackOff(LEVELS, fading=FADING))

    def learn(self, examples: list[Example]) -> None:
        """What follows what was taught is learned; where anything earlier differs, all is learned anew."""
        if examples[: len(self.taught)] != self.taught:
            self.taught, self.known = [], BackOff(LEVELS, fading=FADING)
        for codes, answer in examples[len(self.taught) :]:
            self.known.update(codes, answer)
        self.taught = examples


@dataclass
class Learned:
    desks: dict[int, Desk] = field(default_factory=dict)
    told: dict[int, Told] = field(default_factory=dict)  # by incident
    mark: tuple[int, str] | None = None  # last event, its hash


_learned = Learned()
_lock = threading.RLock()


def guesses(service: int, codes: Codes, *, among: Collection[int], k: int) -> list[tuple[int, Guess]]:
    """(known error, guess) of those `among` that were confirmed in this service, the most probable first.

    Nothing for the service alone: its most frequent known error says nothing of what is wrong this time. So a guess
    without fields, whose share is the usual one, never tells.
    """
    with _lock:
        _refresh()
        desk = _learned.desks.get(service)
        if desk is None:
            return []
        counted = {str(pk) for pk in among}
        usual = {guess.answer: guess.probability for guess in desk.known.rank((), k=len(counted), among=counted)}
        found = desk.known.rank(codes, k=k, among=counted)
    return [(int(guess.answer), guess) for guess in found if guess.probability >= LIKELY and _tells(guess, usual)]


def is_narrow(guess: Guess) -> bool:
    """Whether it was confirmed on the same item: enough by itself. A category has incidents of many causes."""
    return "item" in guess.level


def _tells(guess: Guess, usual: Mapping[str, float]) -> bool:
    """One confirmed incident of the same item is worth telling; of a category, what is more than usual there."""
    return is_narrow(guess) or (guess.seen >= SEEN and guess.seen / guess.of > usual[guess.answer])


def forget() -> None:
    """Start anew, as a new process does."""
    global _learned
    with _lock:
        _learned = Learned()


def fields_of(incident: Incident) -> dict[str, str]:
    """The coded fields of an incident that is loaded."""
    said = {name: str(getattr(incident, name)) for name in FIELDS if name != "item"}
    return {**said, "item": incident.item.name if incident.item else ""}


def values(told: Mapping[str, str | None]) -> Codes:
    """The coded fields that are known, written alike however the service desk spells its capitals."""
    return tuple((name, value.strip().casefold()) for name in FIELDS if (value := told.get(name)) and value.strip())


def _refresh() -> None:
    head, known = events.head(), _learned.mark
    if head == known:
        return
    if known is None or not events.holds(*known):
        forget()
        _learn()
    elif _look_again(since=known[0]):
        _learn()
    _learned.mark = head


def _look_again(*, since: int) -> bool:
    """Whether pairs or values may have changed; values that may have are read again."""
    new = Event.objects.filter(seq__gt=since)
    if any_updated(since=since):
        changed = set(_learned.told)
    else:
        changed = _learned.told.keys() & set(new.filter(verb=CHANGED).values_list("subject_id", flat=True))
    for incident in changed:
        del _learned.told[incident]
    return bool(changed) or new.filter(verb__in=LINKING).exists()


def _learn() -> None:
    pairs = _confirmed()
    _read({incident for _at, incident, _known in pairs} - _learned.told.keys())
    taught: dict[int, list[Example]] = {}
    for _at, incident, known in pairs:
        service, codes = _learned.told[incident]
        taught.setdefault(service, []).append((codes, str(known)))
    _learned.desks = {service: desk for service, desk in _learned.desks.items() if service in taught}
    for service, examples in taught.items():
        _learned.desks.setdefault(service, Desk()).learn(examples)


def _confirmed() -> list[Pair]:
    """Each incident with each known error that a person confirmed for it, oldest first."""
    links = IncidentLink.objects.filter(problem__known_errors__state=KnownErrorState.ACTIVE)
    said = Trial.objects.filter(known_error__state=KnownErrorState.ACTIVE)
    rows = [
        *links.values_list("linked_at", "incident_id", "problem__known_errors__id"),
        *said.filter(result="worked").values_list("at", "incident_id", "known_error_id"),
    ]
    denied = set(said.exclude(result="worked").values_list("incident_id", "known_error_id"))
    first: dict[tuple[int, int], datetime] = {}
    for at, incident, known in sorted(rows):
        if (incident, known) not in denied:
            first.setdefault((incident, known), at)
    return [(at, incident, known) for (incident, known), at in first.items()]


def _read(wanted: Iterable[int]) -> None:
    numbers = sorted(wanted)
    for start in range(0, len(numbers), AT_ONCE):
        rows = Incident.objects.filter(id__in=numbers[start : start + AT_ONCE]).annotate(item_name=F("item__name"))
        for pk, service, *said in rows.values_list("id", "service_id", *COLUMNS):
            _learned.told[pk] = (service, values(dict(zip(FIELDS, said, strict=True))))
