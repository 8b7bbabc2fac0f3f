"""Planning a solution, bringing it live, and going back when it was not one."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from genyin.base import clock
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents.models import Service
from genyin.problems import points
from genyin.problems.lifecycle import PLAN, REVIEWED, Stage
from genyin.problems.models import Problem, Rollout
from genyin.problems.writing import begin, finish, one_of, required, text

KINDS = ("fix", "workaround", "preventive")
FOUND = ("root_cause", "reproduction")


@dataclass(frozen=True, slots=True)
class Tested:
    """Where the solution was tested, with what result and by whom; or why it was not (R28)."""

    where: str = ""
    result: str = ""
    tester: str = ""
    why_not: str = ""

    @property
    def told(self) -> str:
        """The evidence in words; empty when neither a test nor a reason is given."""
        if self.where.strip() and self.result.strip() and self.tester.strip():
            return f"{self.where}: {self.result} ({self.tester})"
        return self.why_not.strip()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the solution does, costs and risks, and how it is backed out (R50)."""

    effect: str = ""
    cost: str = ""
    risk: str = ""
    back_out: str = ""

    @property
    def told(self) -> str:
        """All four in one text; empty when one is missing."""
        parts = (self.effect, self.cost, self.risk, self.back_out)
        return " / ".join(part.strip() for part in parts) if all(part.strip() for part in parts) else ""


def plan_solution(
    problem: Problem,
    *,
    solution: str,
    preventive_measure: str = "",
    tested: Tested | None = None,
    evaluated: Evaluated | None = None,
    change_needed: bool,
    change_reason: str,
    by: Actor,
) -> Problem:
    """Settle the solution: tested, evaluated, and whether it needs a change (R28, R47, R50)."""
    solution, change_reason = required(solution, "solution"), required(change_reason, "change_reason")
    tested, evaluated = tested or Tested(), evaluated or Evaluated()
    for said in (*asdict(tested).values(), *asdict(evaluated).values()):
        text(said, "solution")
    preventive_measure = text(preventive_measure, "preventive_measure")
    given = {
        "solution": solution,
        "preventive_measure": preventive_measure,
        "solution_test": tested.told,
        "evaluation": evaluated.told,
        "change_decision": f"{'yes' if change_needed else 'no'}: {change_reason}",
    }
    with transaction.atomic():
        step = begin(problem, "plan_solution", by=by)
        _complete(problem, given)
        return finish(
            problem,
            step,
            "problem.solution_planned",
            by=by,
            satisfies={k: v for k, v in given.items() if v},
            solution=solution,
            preventive_measure=preventive_measure,
            solution_test=asdict(tested),
            evaluation=asdict(evaluated),
            change_needed=change_needed,
            change_reason=change_reason,
            solution_planned_at=clock.now(),
        )


def fix_in_place(
    problem: Problem,
    *,
    kind: str,
    live_at: datetime | None = None,
    service: Service | None = None,
    site: str = "",
    note: str = "",
    by: Actor,
) -> Problem:
    """Say where and since when the fix is live; the recurrence watch starts from it."""
    one_of(kind, KINDS, "kind")
    live_at = _live(problem, live_at)
    site = text(site, "site", longest=120)
    with transaction.atomic():
        step = begin(problem, "fix_in_place", by=by)
        _roll_out(problem, kind, live_at, service, site)
        return finish(
            problem,
            step,
            "fix.in_place",
            by=by,
            note=note,
            satisfies={"rollout": f"{kind}, {live_at:%Y-%m-%d %H:%M} UTC"},
            tells={"kind": kind, "site": site},
            fixed_at=live_at,
        )


def add_rollout(
    problem: Problem,
    *,
    kind: str,
    live_at: datetime | None = None,
    service: Service | None = None,
    site: str = "",
    by: Actor,
) -> Problem:
    """Add a site that got the fix later."""
    one_of(kind, KINDS, "kind")
    live_at = _live(problem, live_at)
    site = text(site, "site", longest=120)
    with transaction.atomic():
        step = begin(problem, "add_rollout", by=by)
        _roll_out(problem, kind, live_at, service, site)
        return finish(problem, step, "fix.rolled_out", by=by, tells={"kind": kind, "site": site, "live_at": live_at})


def back_to_analysis(problem: Problem, *, reason: str, by: Actor) -> Problem:
    """Go back to the search for the cause; the points of the stages left reopen, old evidence is kept."""
    reason = required(reason, "reason")
    with transaction.atomic():
        step = begin(problem, "back_to_analysis", by=by)
        reopen_points(problem, Stage.INVESTIGATING)
        return finish(
            problem,
            step,
            "problem.back_to_analysis",
            by=by,
            note=reason,
            cause_found_at=None,
            solution_planned_at=None,
            fixed_at=None,
            change_needed=None,
        )


def reopen_points(problem: Problem, stage: Stage) -> None:
    """Reopen what was settled after `stage` was left; also used by a failed review and by reopen."""
    codes = [*PLAN.split(), "change_outcome", "rollout", *REVIEWED.split(), "register_complete", "archived"]
    points.open_again(problem, [*codes, *FOUND] if stage in (Stage.INVESTIGATING, Stage.SUBMITTED) else codes)


def _complete(problem: Problem, given: dict[str, str]) -> None:
    """Refuse a plan that lacks what this problem's points ask for, naming the first field."""
    asked = points.open_codes(problem)
    for code, evidence in given.items():
        if code in asked and not evidence:
            raise BadInput(gettext_noop("This level asks for it: fill it in, or ask for a waiver."), field=code)


def _live(problem: Problem, live_at: datetime | None) -> datetime:
    moment = live_at or clock.now()
    if moment > clock.now():
        raise BadInput(gettext_noop("A fix cannot be live in the future."), field="live_at")
    # To the minute: that is how exactly a form can say it.
    if moment < problem.registered_at.replace(second=0, microsecond=0):
        raise BadInput(gettext_noop("A fix cannot be live before the problem was registered."), field="live_at")
    return moment


def _roll_out(problem: Problem, kind: str, live_at: datetime, service: Service | None, site: str) -> None:
    Rollout.objects.create(
        problem=problem, kind=kind, live_at=live_at, service=service or problem.service, site=site, cycle=problem.cycle
    )
