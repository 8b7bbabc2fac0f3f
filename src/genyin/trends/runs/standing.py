"""Where a family stands: its problems, what was decided about it, and so what may still be proposed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Count, Model, QuerySet

from genyin.base import clock
from genyin.knowledge.matching import records
from genyin.problems.lifecycle import LEFT_OUT, SUCCESS, Stage
from genyin.problems.models import IncidentLink, Problem
from genyin.procedure import queries as procedures
from genyin.sift.records import Record
from genyin.trends import rules
from genyin.trends.models import Candidate, CandidateState, Family, Proposal, SetAside

DECIDED = (CandidateState.DISMISSED, CandidateState.WATCHING)
FEW = 100  # families that are named in a query
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Standing:
    """The family's open problem, else its last closed one, and what was decided on that no problem followed from.

    set_aside : how many of its incidents were dismissed or watched, in whichever family they were then
    until     : the last day that who decided saw of them
    decided   : the decision on most of them; None where they are less than half of the family
    """

    open_problem: Problem | None = None
    closed: Problem | None = None
    set_aside: int = 0
    until: date = date.min
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
        rise = date.fromisoformat(family.rise["from"]) if family.rise else None
        return not self.set_aside or rules.is_new_evidence(
            size=family.size, size_then=self.set_aside, rise_from=rise, seen_until=self.until
        )


NONE = Standing()


def of(families: Iterable[Family]) -> dict[int, Standing]:
    """Standing by family. A fixed number of queries, whatever the number of families."""
    listed = list(families)
    problems, decisions = _problems(listed), _decisions(listed)
    return {one.pk: _standing(problems.get(one.pk, []), decisions.get(one.pk, Counter()), one) for one in listed}


def _problems(families: Sequence[Family]) -> dict[int, list[Problem]]:
    """The problems of their incidents by family, the oldest first."""
    pairs = _among(families, IncidentLink.objects.all()).order_by("problem_id").distinct()
    linked = list(pairs.values_list("incident__membership__family_id", "problem_id"))
    known = Problem.objects.select_related("procedure").in_bulk({problem for _family, problem in linked})
    found: dict[int, list[Problem]] = defaultdict(list)
    for family, problem in linked:
        found[family].append(known[problem])
    return found


def _decisions(families: Sequence[Family]) -> dict[int, Counter[Candidate]]:
    """By family, on how many of its incidents there is which decision."""
    aside = _among(families, SetAside.objects.filter(candidate__state__in=DECIDED))
    counted = list(
        aside.order_by().values_list("incident__membership__family_id", "candidate_id").annotate(n=Count("pk"))
    )
    known = Candidate.objects.in_bulk({candidate for _family, candidate, _n in counted})
    found: dict[int, Counter[Candidate]] = defaultdict(Counter)
    for family, candidate, n in counted:
        found[family][known[candidate]] = n
    return found


def _among(families: Sequence[Family], about: QuerySet[M]) -> QuerySet[M]:
    """Rows about incidents of these families; of many, those of all."""
    if len(families) <= FEW:
        return about.filter(incident__membership__family__in=families)
    return about.filter(incident__membership__isnull=False)


def _standing(problems: list[Problem], decisions: Counter[Candidate], family: Family) -> Standing:
    still = [problem for problem in problems if problem.stage != Stage.CLOSED]
    ended = [problem for problem in problems if problem.stage == Stage.CLOSED and problem.duplicate_of_id is None]
    standing = Standing(still[-1] if still else None, ended[-1] if ended else None)
    if not decisions:
        return standing
    aside, most = decisions.total(), max(decisions, key=lambda one: (decisions[one], one.pk))
    return replace(
        standing,
        set_aside=aside,
        until=max(date.fromisoformat(one.evidence["to"]) for one in decisions),
        decided=most if 2 * aside >= family.size else None,
    )


def _is_settled(closed: Problem) -> bool:
    """Whether a closed problem still speaks for the family: it is watched, or there is a date to look again."""
    if closed.outcome in SUCCESS and closed.fixed_at is not None:
        watched = procedures.read(closed.procedure).watch_days
        return clock.now() < closed.fixed_at + timedelta(days=watched)
    until = closed.risk_until or closed.look_again_at
    return until is not None and clock.now().date() < until
