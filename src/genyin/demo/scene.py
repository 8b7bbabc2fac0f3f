"""What the loader knows while it tells the year: people, problems, and which incidents have arrived."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.demo.incidents import Told
from genyin.demo.text import Language
from genyin.incidents import actions as incidents
from genyin.incidents.data import IncidentData
from genyin.incidents.models import Incident, Service
from genyin.people.models import User
from genyin.problems.models import Problem

CHUNK = 500


@dataclass
class Arrivals:
    """The year's incidents, received up to any moment; remembers which family each came from."""

    told: Sequence[Told]
    by: Actor
    received: int = 0
    of_family: dict[str, list[IncidentData]] = field(default_factory=lambda: defaultdict(list))
    family_of: dict[str, str] = field(default_factory=dict)

    def receive_until(self, moment: datetime) -> None:
        """Let everything arrive that was opened before `moment`, in the order it was opened."""
        fresh: dict[str, list[IncidentData]] = defaultdict(list)
        while self.received < len(self.told) and self.told[self.received].data.opened_at < moment:
            told = self.told[self.received]
            fresh[told.data.source].append(told.data)
            self.of_family[told.family].append(told.data)
            self.family_of[told.data.external_id] = told.family
            self.received += 1
        for source, rows in fresh.items():
            for start in range(0, len(rows), CHUNK):
                incidents.receive_many(rows[start : start + CHUNK], source=source, by=self.by)

    def newest(self, family: str, number: int, *, without: Collection[str] = ()) -> list[Incident]:
        """The newest incidents of a family that have arrived, newest first, leaving out those named."""
        left = (row for row in reversed(self.of_family[family]) if row.external_id not in without)
        wanted = [row.external_id for row, _ in zip(left, range(number), strict=False)]
        found = {i.external_id: i for i in Incident.objects.filter(external_id__in=wanted).select_related("service")}
        return [found[number] for number in wanted]


@dataclass
class Scene:
    """Everybody and everything by key."""

    today: date
    language: Language
    arrivals: Arrivals
    users: Mapping[str, User]
    actors: Mapping[str, Actor]
    services: Mapping[str, Service]
    problems: dict[str, Problem] = field(default_factory=dict)

    def problem(self, key: str) -> Problem:
        """The problem as it stands now."""
        problem = self.problems[key]
        problem.refresh_from_db()
        return problem

    def names(self, usernames: Sequence[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(self.users[name].name for name in usernames)

    def is_past(self, day: date) -> bool:
        return day < clock.now().date()
