"""How a verb of the table becomes `POST /api/problems/{ref}/{verb}`."""

from collections.abc import Callable
from typing import Any, TypeVar

from ninja import Router

from genyin.api.fields import PathRef, VersionedBody
from genyin.api.refusals import answers
from genyin.api.shapes.problem import CustomerDetail, Detail, detail
from genyin.api.signing import Request
from genyin.base.actor import Actor
from genyin.problems import queries
from genyin.problems.models import Problem

B = TypeVar("B", bound=VersionedBody)
Act = Callable[[Problem, B, Actor], object]
router = Router(tags=["problems"])
ROUTED: list[str] = []


def verb(name: str, body: type[B]) -> Callable[[Act[B]], Act[B]]:
    """Route the verb: load the problem for the actor, let `act` call the verb, answer the problem as it is now."""

    def register(act: Act[B]) -> Act[B]:
        def operation(request: Request, ref: PathRef, body: Any) -> Detail | CustomerDetail:
            problem = queries.get(ref, seen_by=request.auth, version=body.version)
            # Asked before what the body names is looked up: whoever lacks the right learns nothing of what there is.
            queries.check(problem, name, by=request.auth)
            act(problem, body, request.auth)
            return shown(problem, to=request.auth)

        operation.__annotations__["body"] = body
        router.post(
            f"/problems/{{ref}}/{name}",
            operation_id=f"problem_{name}",
            summary=act.__doc__ or name,
            response=answers(Detail | CustomerDetail),
        )(operation)
        ROUTED.append(name)
        return act

    return register


def shown(problem: Problem, *, to: Actor) -> Detail | CustomerDetail:
    """The problem after a verb. Read anew, and also for somebody whose part in it has just ended."""
    fresh = Problem.objects.select_related(
        "service", "service__customer", "owner", "procedure", "duplicate_of"
    ).get(pk=problem.pk)  # fmt: skip
    return detail(fresh, seen_by=to)
