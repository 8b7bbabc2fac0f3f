"""Lists candidates: which families and major incidents are proposed, why, and which not again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from genyin.base import clock
from genyin.problems.models import IncidentLink
from genyin.procedure import queries as procedures
from genyin.sift.group import ALONE, Grouping
from genyin.trends import rules
from genyin.trends.models import Candidate, CandidateState, Family, Run
from genyin.trends.rules import Seen
from genyin.trends.runs import standing
from genyin.trends.runs.reading import History, day_of
from genyin.trends.runs.standing import Standing

RENEWED = ("rules", "evidence", "rank", "renewed_at", "proposes", "problem", "state", "reason", "decided_at")


@dataclass(frozen=True, slots=True)
class Rule:
    """At least so many similar in so many days, from the procedure version in force."""

    at_least: int
    days: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A candidate before it is written: about a family, or about one major incident alone."""

    family: Family | None
    incident_id: int | None
    met: tuple[str, ...]
    rank: float
    evidence: dict[str, Any]
    standing: Standing
    until: date


@dataclass(frozen=True, slots=True)
class Listed:
    new: int
    held_back: int


def rule() -> Rule:
    procedure = procedures.read(procedures.current())
    return Rule(procedure.interim_incidents, procedure.interim_days)


def write(run: Run, grouping: Grouping, history: History, families: Mapping[int, Family]) -> Listed:
    """Renew the evidence of open candidates and list new ones, best first, as many as a person can read."""
    linked, in_force = set(IncidentLink.objects.values_list("incident_id", flat=True)), rule()
    lately = recent(history, in_force.days)
    stands, rows = standing.of(families.values()), history.row_of()
    grown = [(families[one.id], [rows[ref] for ref in one.refs]) for one in grouping.families]
    found = [
        *(proposed(one, of, history, stands[one.pk], lately, linked, rule=in_force) for one, of in grown),
        *_alone(grouping, history, lately, linked, in_force),
    ]
    news = _renewed([one for one in found if one], stands)
    news.sort(key=lambda one: (-one.rank, one.family.number if one.family else 0, one.incident_id or 0))
    taken = _placed(news, len(lately), listed=listed_lately(history, in_force.days), at_least=in_force.at_least)
    Candidate.objects.bulk_create(new(run, one) for one in taken)
    return Listed(new=len(taken), held_back=len(news) - len(taken))


def _placed(news: Sequence[Proposed], incidents: int, *, listed: int, at_least: int) -> Sequence[Proposed]:
    """Those of `news`, best first, for which the list has a place."""
    placed: list[Proposed] = []
    for one in news:
        if not rules.has_place(one.rank, listed=listed + len(placed), incidents=incidents, at_least=at_least):
            break
        placed.append(one)
    return placed


def recent(history: History, days: int) -> set[int]:
    """Rows of the last `days` days of the data of their own source."""
    last = {name: source.last for name, source in history.sources.items()}
    return {
        row
        for row, (source, day) in enumerate(zip(history.source, history.day.tolist(), strict=True))
        if last[source] - days < day
    }


def proposed(
    family: Family, members: Sequence[int], history: History, stand: Standing,
    lately: set[int], linked: set[int], *, rule: Rule,
) -> Proposed | None:  # fmt: skip
    """What speaks for the family, whose members are these rows; None when no rule is met or it may not be proposed."""
    counted = [row for row in members if row in lately and stand.counts(history.records[row], linked)]
    seen = _seen(history, counted, family)
    met = rules.rules_met(seen, at_least=rule.at_least)
    if not met or not stand.admits(family, counted=len(counted)):
        return None
    until = max(history.sources[history.source[row]].last for row in members)
    evidence = _evidence(history, counted, until, rule, family)
    return Proposed(family, None, met, rules.rank(seen), evidence, stand, day_of(until))


def _alone(grouping: Grouping, history: History, lately: set[int], linked: set[int], rule: Rule) -> Iterable[Proposed]:
    """Major incidents that are in no family: each is at least a problem (procedure.md 4e). Decided on once."""
    decided = set(Candidate.objects.exclude(incident=None).values_list("incident_id", flat=True))
    for row in sorted(lately):
        ref = history.records[row].ref
        if not history.major[row] or grouping.family[row] != ALONE or ref in linked or ref in decided:
            continue
        seen = Seen(recent=1, size=1, major=1, outage_minutes=int(history.outage[row]))
        until = history.sources[history.source[row]].last
        evidence = _evidence(history, [row], until, rule, None)
        yield Proposed(None, ref, ("major",), rules.rank(seen), evidence, standing.NONE, day_of(until))


def _seen(history: History, counted: Sequence[int], family: Family) -> Seen:
    ratio = family.rise["observed"] / max(family.rise["expected"], 0.5) if family.rise else 0.0
    return Seen(
        recent=len(counted),
        size=family.size,
        ratio=ratio,
        major=int(history.major[list(counted)].sum()),
        outage_minutes=int(history.outage[list(counted)].sum()),
        unresolved=int(history.unresolved[list(counted)].sum()),
    )


def _evidence(
    history: History, counted: Sequence[int], until: int, rule: Rule, family: Family | None
) -> dict[str, Any]:
    refs = sorted(history.records[row].ref for row in counted)
    return {
        "count": len(counted),
        "at_least": rule.at_least,
        "days": rule.days,
        "from": day_of(until - rule.days + 1).isoformat(),
        "to": day_of(until).isoformat(),
        "size": family.size if family else 1,
        "rise": family.rise if family else None,
        "terms": family.terms if family else [],
        "fields": family.fields if family else [],
        "major": int(history.major[list(counted)].sum()),
        "outage_minutes": int(history.outage[list(counted)].sum()),
        "unresolved": int(history.unresolved[list(counted)].sum()),
        # Which incidents these were, for the auditor: SHA-256 over their numbers.
        "members": hashlib.sha256(",".join(map(str, refs)).encode()).hexdigest(),
    }


def _renewed(found: Sequence[Proposed], stands: Mapping[int, Standing]) -> list[Proposed]:
    """Bring open candidates up to date; answers what is proposed for the first time."""
    by_family = {one.family.pk: one for one in found if one.family}
    held = Candidate.objects.filter(state=CandidateState.OPEN).select_related("family")
    for candidate, family in ((each, each.family) for each in held):
        if family is None:
            continue
        one = by_family.pop(family.pk, None)
        if one is not None:
            candidate.rules, candidate.evidence, candidate.rank = list(one.met), one.evidence, one.rank
            candidate.renewed_at = clock.now()
        stand = stands.get(family.pk, standing.NONE)
        candidate.proposes, candidate.problem = stand.proposes, stand.open_problem
        if family.retired_at:  # its incidents belong to other families now, which speak for themselves
            candidate.state, candidate.reason = CandidateState.DISMISSED, "family_retired"
            candidate.decided_at = clock.now()
        # Claimed by condition: somebody may have decided on it since it was read.
        undecided = Candidate.objects.filter(pk=candidate.pk, state=CandidateState.OPEN)
        undecided.update(**{name: getattr(candidate, name) for name in RENEWED})
    return [*by_family.values(), *(one for one in found if one.family is None)]


def new(run: Run, one: Proposed) -> Candidate:
    return Candidate(
        family=one.family, incident_id=one.incident_id, run=run, rules=list(one.met), evidence=one.evidence,
        rank=one.rank, proposes=one.standing.proposes, problem=one.standing.open_problem,
        again=one.standing.decided, found_on=one.until, found_at=clock.now(), renewed_at=clock.now(),
    )  # fmt: skip


def listed_lately(history: History, days: int) -> int:
    """Candidates of the same period that were listed before: a nightly run must not fill the list anew each night.

    Each source has its own period: the last days of an export of old years are long past for the others.
    """
    lately = Q(pk=None)
    for last in {source.last for source in history.sources.values()}:
        lately |= Q(found_on__gt=day_of(last - days), found_on__lte=day_of(last))
    return Candidate.objects.filter(lately).count()
