"""Where a family stands: its problems, what was decided about it, and so what may still be proposed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from genyin.base import clock
from genyin.knowledge.matching import records
from genyin.problems.lifecycle import LEFT_OUT, SUCCESS, Stage
from genyin.problems.models import IncidentLink, Problem
from genyin.procedure import queries as procedures
from genyin.sift.records import Record
from genyin.trends import rules
from genyin.trends.models import Candidate, CandidateState, Family, Proposal

DECIDED = (CandidateState.DISMISSED, CandidateState.WATCHING)


@dataclass(frozen=True, slots=True)
class Standing:
    """The family's open problem, else its last closed one, and the last decision that no problem followed from."""

    open_problem: Problem | None = None
    closed: Problem | None = None
    decided: Candidate | None = None

    @property
    def proposes(self) -> str:
        return Proposal.LINK if self.open_problem else Proposal.REGISTER

    def counts(self, record: Record, linked: set[int]) -> bool:
        """Whether an incident still speaks for a candidate: in no problem yet, and later than the last closed one."""
        if record.ref in linked:
            return False
        settled = self.closed.closed_at if self.closed and not self.open_problem else None
        return settled is None or record.day > records.day_of(settled)

    def admits(self, family: Family, *, counted: int) -> bool:
        """Whether anything may be proposed at all now; `counted` incidents speak for it."""
        if self.open_problem is None and self.closed is not None:
            if _is_settled(self.closed):
                return False
            if self.closed.outcome in LEFT_OUT and family.size < rules.GROWN * (family.size - counted):
                return False  # somebody said that this is no problem, and little has come since
        if self.decided is None:
            return True
        then = self.decided.evidence
        return rules.is_new_evidence(
            size=family.size,
            size_then=int(then.get("size", 1)),
            rise_from=date.fromisoformat(family.rise["from"]) if family.rise else None,
            seen_until=date.fromisoformat(then["to"]),
        )


NONE = Standing()


def of(families: Iterable[Family]) -> dict[int, Standing]:
    """Standing by family. A fixed number of queries, whatever the number of families."""
    problems: dict[int, list[Problem]] = {}
    pairs = IncidentLink.objects.filter(incident__membership__isnull=False).order_by("problem_id").distinct()
    linked = list(pairs.values_list("incident__membership__family_id", "problem_id"))
    known = Problem.objects.select_related("procedure").in_bulk({problem for _family, problem in linked})
    for family, problem in linked:
        problems.setdefault(family, []).append(known[problem])
    decided = {
        candidate.family_id: candidate
        for candidate in Candidate.objects.filter(state__in=DECIDED, family__isnull=False).order_by("id")
    }
    return {family.pk: _standing(problems.get(family.pk, []), decided.get(family.pk)) for family in families}


def _standing(problems: list[Problem], decided: Candidate | None) -> Standing:
    still = [problem for problem in problems if problem.stage != Stage.CLOSED]
    ended = [problem for problem in problems if problem.stage == Stage.CLOSED and problem.duplicate_of_id is None]
    return Standing(still[-1] if still else None, ended[-1] if ended else None, decided)


def _is_settled(closed: Problem) -> bool:
    """Whether a closed problem still speaks for the family: it is watched, or there is a date to look again."""
    if closed.outcome in SUCCESS and closed.fixed_at is not None:
        watched = procedures.read(closed.procedure).watch_days
        return clock.now() < closed.fixed_at + timedelta(days=watched)
    until = closed.risk_until or closed.look_again_at
    return until is not None and clock.now().date() < until
