"""Three customers whose every text holds a word of theirs, and what may reach whom.

Each has a problem with everything a problem can have; the harbour's people also have one that touches the hospital's.
Families of incidents, analyses and delegations go across customers, as they do where one team serves several.
"""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

from genyin.base import clock
from genyin.incidents.catalogue import open_access
from genyin.incidents.models import Incident
from genyin.knowledge import actions as knowledge
from genyin.people import actions as people
from genyin.people.models import Delegation
from genyin.problems import actions as problems
from genyin.problems.models import Problem
from genyin.procedure.actions import draw_number
from genyin.procedure.content import default
from genyin.reports import actions as reports
from genyin.reports.gathering import scope_of
from genyin.reports.models import ServiceReport
from genyin.reviews import actions as reviews
from genyin.trends import actions as trends
from genyin.trends import corrections, runs
from genyin.trends.models import Candidate, Family
from tests.cast import ADMIN, Cast
from tests.recording import Rehearsed

#: In every text of the customer.
WORDS = {"hospital": "zweiundvierzig", "harbour": "siebenundachtzig", "city": "neunundfuenfzig"}
OURS = "unterunsgesagt"  # in every internal text, also of the customer's own problem
SECRET = WORDS["hospital"]
SERVICES = {"hospital": "network", "harbour": "warehouse", "city": "portal"}


class World:
    """Everything, made through the verbs. `full` has each customer's problem; `own`, `copy` the harbour's others."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        # The first number of each series stands as an example on the procedure's page: nobody gets it here.
        for series in default()["numbering"]:
            draw_number(series)
        self.casts = {customer: self._people(customer) for customer in WORDS}
        for customer in WORDS:
            self._incidents(customer)
        self.full = {customer: self._full(customer) for customer in WORDS}
        self.theirs = self.full["hospital"]
        self.own, self.copy = self._crossing()
        self._trends()
        self.issued = {customer: self._issued(customer) for customer in WORDS}
        self.report = self.issued["hospital"]

    def _people(self, customer: str) -> Cast:
        """The cast with people of ours who work for this customer only, and its representative."""
        if customer == "hospital":
            return self.cast
        for role in ("owner", "analyst", "representative"):
            self._person(customer, role)
        served = {role: self.cast.users[f"{customer}_{role}"] for role in ("owner", "analyst", "representative")}
        return replace(self.cast, users={**self.cast.users, **served})

    def _person(self, customer: str, role: str) -> None:
        name = f"{customer}_{role}"
        if name in self.cast.users:
            return
        user = people.add_user(
            name, name=name.replace("_", " "), email=f"{name}@example.com", password=None, roles=[role],
            language="en", by=ADMIN,
        )  # fmt: skip
        open_access(user=user, customer=self.cast.customers[customer], by=ADMIN)
        self.cast.users[name] = user

    def _incidents(self, customer: str) -> None:
        word = WORDS[customer]
        for number in range(8):
            self.cast.incident(
                title=f"{word} core switch restarts {number}", service=SERVICES[customer], description=word,
                reporter=word, resolution=word, external_id=f"{word}{number}", extra={word: word}, category=word,
                subcategory=word, symptom=word, team=word, resolution_code=word, external_problem=word,
                external_change=word, caused_by_change=word, is_major=number == 0, priority=word,
                item=self.cast.services[SERVICES[customer]].items.get(),
                history=[{"at": "2026-09-01T00:00:00+00:00", "field": word, "before": word, "after": word, "by": word}],
            )  # fmt: skip

    def _full(self, customer: str) -> Problem:
        cast, word = self.casts[customer], WORDS[customer]
        told = f"{word} {OURS}"
        linked = list(Incident.objects.filter(service__name=SERVICES[customer]).order_by("id")[:2])
        problem = cast.at(
            "verifying", level="low", change=True, title=f"{word} switch", incidents_linked=linked,
            service=SERVICES[customer],
        )  # fmt: skip
        problems.form_team(problem, members=[cast.user("analyst")], by=cast.owner)
        problems.invite_representative(problem, user=cast.user("representative"), by=cast.lead)
        problems.comment(problem, text=told, by=cast.owner)
        problems.comment(problem, text=f"{word} for you", visibility="customer", by=cast.owner)
        problems.add_evidence(problem, text=told, by=cast.owner)
        problems.set_workaround(problem, text=told, by=cast.owner)
        problems.add_task(problem, title=told, owner=cast.user("analyst"), by=cast.owner)
        problems.attach(problem, name=f"{told}.txt", content=told.encode(), by=cast.owner)
        problems.edit(problem, description=told, impact_text=told, contact=word, by=cast.owner)
        known = knowledge.publish_known_error(problem, symptom=told, workaround=told, by=cast.owner)
        knowledge.say_result(known, incident=linked[0], result="worked", by=cast.lead)
        minutes = reviews.Minutes(course=told, conclusion=told, customer_text=f"{word} is mended", chair=told)
        action = reviews.Action(told, cast.user("analyst"), clock.now().date())
        reviews.hold_review(problem, minutes=minutes, follow_ups=[action], by=cast.lead)
        return problem

    def _crossing(self) -> tuple[Problem, Problem]:
        """The lead, who sees both, links the hospital's incident here and closes a duplicate across customers."""
        cast = self.casts["harbour"]
        foreign = Incident.objects.filter(service__name="network").order_by("id")[:2]
        own = list(Incident.objects.filter(service__name="warehouse").order_by("id")[:2])
        problem = cast.submitted(service="warehouse", title="Cranes stand still", incidents_linked=own)
        problems.link_incident(problem, linked=list(foreign), by=cast.lead)
        problems.unlink_incident(problem, incident=foreign[1], reason="Another building.", by=cast.lead)
        copy = cast.submitted(service="warehouse", title="Crane again")
        problems.mark_duplicate(copy, original=self.theirs, by=cast.lead)
        problem.refresh_from_db()
        return problem, copy

    def _trends(self) -> None:
        lead, every = self.cast.lead, " ".join(WORDS.values())
        found = runs.run(by=lead)
        first, *others = Family.objects.filter(retired_at=None).order_by("number")
        for other in others:
            corrections.merge(first, other=other, reason=every, by=lead)
        trends.conclude_run(found.run, conclusion=every, by=lead)
        runs.run(by=lead)
        for candidate in Candidate.objects.filter(state="open").order_by("id")[:1]:
            trends.dismiss_candidate(candidate, reason=every, by=lead)

    def _issued(self, customer: str) -> ServiceReport:
        month = clock.month_of(clock.now(), "Asia/Shanghai")
        with clock.at(clock.now() + timedelta(days=40)):
            return reports.issue(
                month, formats=(), scope=scope_of(customer=self.cast.customers[customer]), reason=WORDS[customer],
                by=self.cast.lead,
            )  # fmt: skip

    def delegation(self, customer: str) -> Delegation:
        """One of the customer's representatives hands over to our lead."""
        today = clock.now().date()
        giver = self.casts[customer].user("representative")
        return people.delegate(
            giver, to=self.cast.user("lead"), starts=today, ends=today, reason=WORDS[customer], by=ADMIN
        )


def foreign(world: World, customer: str) -> set[str]:
    """What must not reach anybody of this customer: the words, names and numbers of the others."""
    others = WORDS.keys() - {customer}
    found = {WORDS[other] for other in others} | {
        f"{other} {what}" for other in others for what in ("customer", "project")
    }
    found |= {f"{SERVICES[other]}-core-01" for other in others} | {world.full[other].number for other in others}
    found |= {str(world.casts[other].user("representative").name) for other in others - {"hospital"}}
    if customer != "harbour":
        found |= {text for crossing in (world.own, world.copy) for text in (crossing.number, crossing.title)}
    for other in others:
        full = world.full[other]
        found |= {known.number for known in full.known_errors.all()} | {change.number for change in full.changes.all()}
        found |= {review.number for review in full.reviews.all()} | {world.issued[other].number}
    return found


def text_of(content: bytes) -> str:
    """All that an answer says: of a document, what its parts hold; of JSON, its characters as they are read."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    said = content.decode("utf-8", "replace")
    return json.dumps(json.loads(said), ensure_ascii=False) if said[:1] in ("{", "[") else said


_rehearsed = Rehearsed(World)


def world_of(cast: Cast) -> World:
    """Everything, beside the cast that has just entered, which gains who came with it."""
    world = _rehearsed.enter(cast)
    cast.users |= world.cast.users
    return world
