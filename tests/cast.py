"""The fixed cast: people in every role, three customers, their services; built through the verbs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from genyin.base import clock
from genyin.base.actor import Actor, job
from genyin.changes import actions as changes
from genyin.incidents.models import Access, ConfigurationItem, Customer, Incident, Project, Service
from genyin.people import actions as people
from genyin.people.models import User
from genyin.people.queries import actor_for
from genyin.problems import actions as problems
from genyin.problems.lifecycle import Stage
from genyin.problems.models import Problem
from genyin.procedure import actions as procedure
from genyin.procedure.content import default
from genyin.reviews import actions as reviews
from genyin.trends.runs import placing
from tests.recording import Rehearsed

SETUP = job("setup")
ADMIN = Actor(kind=SETUP.kind, name="setup", roles=frozenset({"administrator"}))
PASSWORD = "correct-horse-battery"

#: username -> roles, customer whose services they see
PEOPLE: dict[str, tuple[tuple[str, ...], str]] = {
    "first_line": (("first_line",), "hospital"),
    "lead": (("lead",), ""),
    "deputy": (("lead",), ""),
    "owner": (("owner",), "hospital"),
    "other_owner": (("owner",), "hospital"),
    "analyst": (("analyst",), "hospital"),
    "representative": (("representative",), "hospital"),
    "management": (("management",), ""),
    "administrator": (("administrator",), ""),
    "auditor": (("auditor",), ""),
    "harbour_first_line": (("first_line",), "harbour"),
    "harbour_representative": (("representative",), "harbour"),
    "city_first_line": (("first_line",), "city"),
}


@dataclass
class Cast:
    """Everybody and everything by name: `cast.lead` is an actor, `cast.user("lead")` the person."""

    users: dict[str, User] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    arrived: int = 0

    def user(self, name: str) -> User:
        return self.users[name]

    def __getattr__(self, name: str) -> Actor:
        if name.startswith("_") or name not in self.users:
            raise AttributeError(name)
        return actor_for(self.users[name])

    def incident(
        self, title: str = "Core switch restarts at night", *, service: str = "network", **more: Any
    ) -> Incident:
        """An incident that arrived from the service desk."""
        self.arrived += 1
        moment = clock.now() - timedelta(hours=1)
        values: dict[str, Any] = {
            "source": "desk",
            "external_id": f"INC{self.arrived:05d}",
            "digest": "",
            "title": title,
            "state": "resolved",
            "service": self.services[service],
            "occurred_at": moment,
            "opened_at": moment,
            "received_at": clock.now(),
        }
        return Incident.objects.create(**{**values, **more})

    def submitted(
        self, *, level: str = "medium", service: str = "network", title: str = "Core switch restarts", **more: Any
    ) -> Problem:
        """A problem that first line has registered."""
        by = self.lead if "by" not in more else more.pop("by")
        return problems.register(
            title=title,
            description="Every few nights the core switch restarts.",
            service=self.services[service],
            category="hardware",
            level=level,
            source="incident",
            reason="cause_unknown",
            by=by,
            **more,
        )

    def at(self, stage: Stage | str, *, level: str = "medium", change: bool = False, **more: Any) -> Problem:
        """A problem brought to `stage` through the verbs, owned by `owner`."""
        problem = self.submitted(level=level, **more)
        for step in (
            Stage.ASSIGNED,
            Stage.INVESTIGATING,
            Stage.SOLVING,
            Stage.CHANGING,
            Stage.VERIFYING,
            Stage.RESOLVED,
            Stage.CLOSED,
        ):
            if problem.stage == stage:
                break
            if step == Stage.CHANGING and not (change or stage == Stage.CHANGING):
                continue
            getattr(self, f"_to_{step.value}")(problem, change or stage == Stage.CHANGING)
        problem.refresh_from_db()
        assert problem.stage == stage
        return problem

    def _to_assigned(self, problem: Problem, _change: bool) -> None:
        problems.dispatch(problem, owner=self.user("owner"), by=self.lead)

    def _to_investigating(self, problem: Problem, _change: bool) -> None:
        problems.accept(problem, by=self.owner)

    def _to_solving(self, problem: Problem, _change: bool) -> None:
        problems.form_team(problem, members=[self.user("analyst")], by=self.owner)
        problems.note_reproduction(problem, reproduced="yes", text="After 21 days of polling.", by=self.owner)
        cause = problems.CauseFound("software_defect", "The firmware leaks memory.", "Memory graph and vendor notice.")
        problems.find_cause(problem, causes=[cause], by=self.owner)

    def _plan(self, problem: Problem, change: bool) -> None:
        problems.plan_solution(
            problem,
            solution="Upgrade the firmware.",
            preventive_measure="Alert at 75% memory.",
            tested=problems.Tested("laboratory", "ten days stable", "analyst"),
            evaluated=problems.Evaluated("no restarts", "two hours", "short outage", "old image kept"),
            change_needed=change,
            change_reason="Production switch." if change else "Configuration only.",
            by=self.owner,
        )

    def _to_changing(self, problem: Problem, change: bool) -> None:
        self._plan(problem, change)
        changes.raise_change(problem, title="Firmware upgrade", by=self.owner)

    def _to_verifying(self, problem: Problem, change: bool) -> None:
        if change:
            changes.record_success(problem.changes.get(), by=self.owner)
            problem.refresh_from_db()
        else:
            self._plan(problem, change)
        problems.fix_in_place(problem, kind="fix", live_at=clock.now(), by=self.owner)

    def reviewed(self, problem: Problem) -> Problem:
        """The review written and the effect judged, ready to pass."""
        minutes = reviews.Minutes(course="Found and fixed.", conclusion="Passed.", chair="lead", recorder="analyst")
        reviews.hold_review(problem, minutes=minutes, follow_ups=[], by=self.lead)
        reviews.judge_effect(problem, effect="effective", evidence="No incident since.", by=self.lead)
        return problem

    def _to_resolved(self, problem: Problem, _change: bool) -> None:
        with clock.at(clock.now() + timedelta(days=15)):
            self.reviewed(problem)
            problem.refresh_from_db()
            reviews.pass_review(problem, by=self.lead)


def assemble() -> Cast:
    """Site, procedure, customers, services and people. Needs an empty, migrated database."""
    procedure.set_site(name="Example Provider", zone="Asia/Shanghai", language="zh-hans", by=SETUP)
    procedure.publish(default(), note="shipped", by=SETUP)
    cast = Cast()
    for customer, services in {
        "hospital": ("network", "hospital system"),
        "harbour": ("warehouse",),
        "city": ("portal",),
    }.items():
        row = cast.customers[customer] = Customer.objects.create(name=f"{customer} customer")
        project = Project.objects.create(customer=row, name=f"{customer} project")
        for name in services:
            cast.services[name] = Service.objects.create(
                name=name, customer=row, project=project, availability_target="99.900"
            )
            ConfigurationItem.objects.create(service=cast.services[name], name=f"{name}-core-01", kind="switch")
    for username, (roles, customer) in PEOPLE.items():
        user = people.add_user(
            username,
            name=username.replace("_", " "),
            email=f"{username}@example.com",
            password=None,
            roles=roles,
            language="en",
            by=ADMIN,
        )
        cast.users[username] = user
        if customer:
            Access.objects.create(user=user, customer=cast.customers[customer])
    return cast


_rehearsed = Rehearsed(assemble)


def enter() -> Cast:
    """The assembled cast, in an empty database: what a process holds of another one is forgotten."""
    placing.forget()
    return _rehearsed.enter()


#: A working day at noon in Shanghai, so that working-day arithmetic in tests is plain.
MONDAY = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
