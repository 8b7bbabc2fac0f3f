"""Writes in a process of its own, for the tests that kill it: `python -m tests.actions.writing write`."""

import json
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (Django must be set up first)
from django.db import transaction  # noqa: E402

from genyin.base import events  # noqa: E402
from genyin.base.models import Event  # noqa: E402
from genyin.people.models import User  # noqa: E402
from genyin.people.queries import actor_for  # noqa: E402
from genyin.problems import actions as problems  # noqa: E402
from genyin.problems.models import Problem  # noqa: E402
from tests.cast import assemble  # noqa: E402

#: What the last event of a problem says of its stage.
STAGES = {"problem.registered": "submitted", "problem.dispatched": "assigned", "problem.accepted": "investigating"}


def prepare() -> None:
    call_command("migrate", verbosity=0)
    assemble().submitted()


def write() -> None:
    """Verb after verb until killed; each is told once it is committed."""
    lead, owner = (User.objects.get(username=name) for name in ("lead", "owner"))
    first = Problem.objects.earliest("id")
    for number in range(10_000):
        problem = problems.register(
            title=f"Problem {number}",
            service=first.service,
            category="hardware",
            level="low",
            source="incident",
            reason="cause_unknown",
            by=actor_for(lead),
        )
        _tell(problem)
        problems.dispatch(problem, owner=owner, by=actor_for(lead))
        _tell(problem)
        problems.accept(problem, by=actor_for(owner))
        _tell(problem)


def halfway() -> None:
    """Everything of a verb written, its event and the chain's head too, and nothing committed."""
    with transaction.atomic():
        problems.dispatch(
            Problem.objects.earliest("id"),
            owner=User.objects.get(username="owner"),
            by=actor_for(User.objects.get(username="lead")),
        )
        print("written", flush=True)
        time.sleep(600)


def told() -> None:
    """What is there, as one line of JSON."""
    verdict = events.verify()
    last = {event.subject_ref: event.verb for event in Event.objects.filter(subject_type="problem").order_by("seq")}
    stages = dict(Problem.objects.values_list("number", "stage"))
    print(
        json.dumps(
            {
                "events": verdict.events,
                "first_broken": verdict.first_broken,
                "problems": len(stages),
                "unlike": [ref for ref in {*last, *stages} if STAGES[last[ref]] != stages[ref]],
                "first": Problem.objects.earliest("id").stage,
            }
        )
    )


def _tell(problem: Problem) -> None:
    print(events.of(problem).last().seq, flush=True)  # type: ignore[union-attr]


if __name__ == "__main__":
    {"prepare": prepare, "write": write, "halfway": halfway, "told": told}[sys.argv[1]]()
