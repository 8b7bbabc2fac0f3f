"""The weights of matching, learned from this site's own confirmed links once a month.

Incidents that people linked to one problem belong together. Each is asked for among those that came before it, as if
it had just arrived; the weights under which the earlier ones rank best are kept in the database, where every node reads
them, unless links left out while learning rank no better with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from genyin.base import clock, events, jobs
from genyin.base.actor import Actor, job
from genyin.incidents.models import Incident
from genyin.knowledge.matching import records
from genyin.knowledge.models import LearnedWeights
from genyin.people.roles import require
from genyin.problems.models import IncidentLink
from genyin.problems.stages import Outcome
from genyin.sift import learn
from genyin.sift.asking import SCRIPT_CHARACTERS
from genyin.sift.index import Index
from genyin.sift.records import Record
from genyin.sift.text import cjk_share
from genyin.sift.weights import Weights

ENOUGH = 50  # incidents that have an earlier one of their problem; fewer say little of a site
ASKED_FOR = 2_000  # of them, the newest
AMONG = 20_000  # newest incidents they are asked for among
PARTS = (
    *("words", "words:cjk", "letters", "letters:cjk", "identifiers", "age", "named", "service"),
    *(f"{kind}:{name}" for name in records.CODED for kind in ("shared", "differs")),
)
#: Closed as no problem: what was linked to it need not belong together.
NO_PROBLEM = (Outcome.NOT_A_PROBLEM, Outcome.OUT_OF_SCOPE, Outcome.VOID)


def every_month() -> None:
    """Make sure that the weights are learned anew on the first of each month; the worker calls it when it starts."""
    jobs.every("matching weights", "genyin.knowledge.matching.learning.monthly", cron="30 3 1 * *")


def monthly() -> None:
    """What the timetable calls."""
    learn_weights(by=job("matching"))


def present() -> Weights:
    """The weights that count now: the last learned, or those that are shipped."""
    values = LearnedWeights.objects.order_by("-id").values_list("values", flat=True).first()
    return Weights(values) if values else Weights()


def learn_weights(*, by: Actor) -> LearnedWeights | None:
    """Learn the weights from the links there are. None where these are too few, or teach nothing better."""
    through = require(by, "trend.run")
    now = present()
    examples = list(_examples(_linked(), now))
    if len(examples) < ENOUGH:
        return None
    found = learn.refit(examples, PARTS, now=now)
    if found.weights is now:
        return None
    values = {part: round(value, 4) for part, value in found.weights.values.items()}
    before = {part: value for part, value in now.values.items() if values[part] != round(value, 4)}
    after = {part: value for part, value in values.items() if part in before or part not in now.values}
    figures = {"links": len(examples), "rank_before": round(found.before, 4), "rank_after": round(found.after, 4)}
    with transaction.atomic():
        learned = LearnedWeights.objects.create(values=values, learned_at=clock.now(), **figures)
        events.record("matching.weights_learned", learned, by=by, before=before, after=after | figures, through=through)
    return learned


def _linked() -> dict[int, set[int]]:
    """Problems by incident."""
    problems: dict[int, set[int]] = defaultdict(set)
    links = IncidentLink.objects.exclude(problem__outcome__in=NO_PROBLEM)
    for incident, problem in links.values_list("incident_id", "problem_id"):
        problems[incident].add(problem)
    return problems


def _examples(linked: dict[int, set[int]], now: Weights) -> Iterator[learn.Example]:
    """Each linked incident with those before it; only the nearest of these and the right ones are kept."""
    replayed = list(_replayed())
    queries = {record.ref for record in [r for r in replayed if r.ref in linked][-ASKED_FOR:]}
    index, problems = Index(now), list[set[int]]()
    for record in replayed:
        mine = linked.get(record.ref, set())
        if record.ref in queries and (right := _right(mine, problems)).any():
            share = cjk_share(f"{record.title}\n{record.body[:SCRIPT_CHARACTERS]}")
            one = learn.example(index.scores(record), right, PARTS, cjk=share)
            yield learn.hardest(one, PARTS, now)
        index.add(record)
        problems.append(mine)


def _right(mine: set[int], problems: Sequence[set[int]]) -> NDArray[np.bool_]:
    """Which rows are linked to a problem of mine."""
    return np.array([bool(mine & theirs) for theirs in problems], dtype=np.bool_)


def _replayed() -> Iterable[Record]:
    """The newest incidents in the order they occurred."""
    newest = Incident.objects.order_by("-occurred_at", "-id").values_list("id", flat=True)[:AMONG]
    numbers = list(newest)[::-1]
    for start in range(0, len(numbers), 500):  # SQLite takes so many values in one query
        part = numbers[start : start + 500]
        rows = {row[0]: row for row in records.rows(Incident.objects.filter(id__in=part))}
        yield from (records.from_row(rows[number]) for number in part)
