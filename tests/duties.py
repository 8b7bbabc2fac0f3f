"""What stands outside a problem's lifecycle, for tests that try it as every role."""

from dataclasses import dataclass

from django.db import transaction

from genyin.base import clock
from genyin.incidents.models import Incident
from genyin.intake.models import ImportRun
from genyin.knowledge import actions as knowledge
from genyin.people import actions as people
from genyin.people.roles import DUTIES, rights_of
from genyin.trends.models import Candidate, Family, Novelty, Watch
from tests import cast as casting
from tests.actions.test_trends_runs import PRINTER, SWITCH, analysed, arrive
from tests.cast import ADMIN, SETUP, Cast

ROLES = ("first_line", "lead", "owner", "analyst", "representative", "management", "administrator", "auditor")
#: Duties of the command line alone.
TERMINAL = {"procedure.publish", "site.edit"}


def may(role: str, duty: str) -> bool:
    """What the table says."""
    return bool(DUTIES[duty] & rights_of(frozenset({role})))


@dataclass(frozen=True)
class Scene:
    """The cast, and by name what an address or a field may point at."""

    cast: Cast
    named: dict[str, str]

    def told(self, said: object) -> object:
        """With every name in braces replaced."""
        if isinstance(said, dict):
            return {key: self.told(value) for key, value in said.items()}
        if isinstance(said, list):
            return [self.told(value) for value in said]
        return said.format(**self.named) if isinstance(said, str) else said


def assemble() -> Scene:
    """Two families with a candidate, a known error, a token, a person's access."""
    with transaction.atomic():
        cast = casting.assemble()
        arrive(cast, SWITCH, ago=3, times=5)
        arrive(cast, PRINTER, ago=3, times=5)
        run = analysed().run
        here, there = Family.objects.order_by("id")
        problem = cast.at("solving")
        known = knowledge.publish_known_error(problem, symptom="It restarts.", by=cast.owner)
        token, _secret = people.add_token("crm", by=ADMIN)
        back = cast.at("resolved")
        Watch.objects.create(
            problem=back, cycle=back.cycle, started_at=clock.now(), ends_at=clock.now(), looked_at=clock.now(),
            code="unchanged", recurrence={"why": "recurring", "seen": 3, "latest": None}, recurred_at=clock.now(),
        )  # fmt: skip
        first = cast.incident("Badge readers lost their clock")
        Novelty.objects.create(incident=first, kind="latin", alike=0.1, state="suggested")
        upload = ImportRun.objects.create(file="x.csv", begun_at=clock.now(), seen_at=clock.now(), begun_by=SETUP.name)
    member, second = Incident.objects.filter(membership__family=here).order_by("id")[:2]
    stranger = Incident.objects.filter(membership__family=there).order_by("id")[0]
    named = {
        "candidate": Candidate.objects.order_by("id")[0].ref, "family": here.ref, "other": there.ref, "run": run.ref,
        "member": member.ref, "second": second.ref, "stranger": stranger.ref, "problem": problem.number,
        "back": back.number, "known_error": known.number, "token": token.name,
        "token_id": str(token.pk), "upload": str(upload.pk), "first": first.ref,
        "service_id": str(cast.services["network"].pk), "access_id": str(cast.user("owner").access.get().pk),
        "customer_id": str(cast.customers["harbour"].pk),
    }  # fmt: skip
    return Scene(cast, named)
