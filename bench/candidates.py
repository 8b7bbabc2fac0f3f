"""Candidates for problems, on a replay of generated incidents (`bench/generated.py`, with its bias) in order.

Each incident gets its family as it arrives; every fortnight all of them are grouped anew. A family becomes a
candidate, once, when an arrival makes it meet the rule of the procedure (three in thirty days) and the list has a
place for it: what the product does with arrivals, but for the nightly analysis, which adds rises. `by_sixth` is the
share of the true families of ten or more that were proposed by their sixth member, `ever` of those proposed at all;
a candidate proposes the family to which most of its members belong. `flooding` is what the rule "five alike in seven
days" would propose without merging, per 1,000 incidents.

    python -m bench.candidates [N] [SEED]
"""

import json
import secrets
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.generated import generate
from genyin.sift.assign import Assigner, Place
from genyin.sift.group import ALONE, group
from genyin.sift.records import Record
from genyin.trends import rules

AT_LEAST, DAYS = 3, 30
LARGE, SIXTH = 10, 6
FORTNIGHT = 14.0


@dataclass(slots=True)
class Replay:
    """Where the replay stands: families by record and their members' rows, what was listed and when."""

    records: Sequence[Record]
    families: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    listed: dict[int, float] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)
    next_id: int = 1

    def regroup(self, upto: int) -> Assigner:
        """Group everything before row `upto`, and be ready for what comes."""
        known = self.records[:upto]
        found = group(known, previous=self.families, next_id=self.next_id)
        self.families, self.next_id = found.as_mapping(), found.next_id
        self.members = defaultdict(list)
        for row, record in enumerate(known):
            if record.ref in self.families:
                self.members[self.families[record.ref]].append(row)
        return Assigner(known, self.families, next_id=self.next_id)

    def arrive(self, row: int, place: Place, row_of: dict[int, int]) -> None:
        day = self.records[row].day
        self.recent.append(day)
        while self.recent[0] <= day - DAYS:
            self.recent.popleft()
        if place.family == ALONE:
            return
        for one in (row, *([row_of[place.beside]] if place.beside is not None else [])):
            self.families[self.records[one].ref] = place.family
            self.members[place.family].append(one)
        self.next_id = max(self.next_id, place.family + 1)

    def is_candidate(self, family: int, day: float) -> bool:
        """Whether the family is to be listed now."""
        if family == ALONE or family in self.listed:
            return False
        lately = sum(self.records[row].day > day - DAYS for row in self.members[family])
        seen = rules.Seen(recent=lately, size=len(self.members[family]))
        listed, incidents = sum(then > day - DAYS for then in self.listed.values()), len(self.recent)
        return bool(rules.rules_met(seen, at_least=AT_LEAST)) and rules.has_place(
            rules.rank(seen), listed=listed, incidents=incidents, at_least=AT_LEAST
        )


def main(n: int = 20_000, *, seed: int | None = None) -> dict[str, object]:
    """Figures of one replay of `n` incidents over a year; without a seed one is drawn."""
    seed = secrets.randbelow(2**31) if seed is None else seed
    made = generate(n, seed=seed)
    order = np.argsort([record.day for record in made.records], kind="stable")
    records, truth = [made.records[row] for row in order.tolist()], made.family[order]
    proposed, listed = run(records, truth)
    sizes = np.bincount(truth[truth >= 0])
    large = np.flatnonzero(sizes >= LARGE).tolist()
    return {
        "n": n,
        "seed": seed,
        "candidates": listed,
        "per_1000": round(1000 * listed / n, 2),
        "large_families": len(large),
        "by_sixth": round(float(np.mean([proposed.get(one, n) <= SIXTH for one in large])), 4),
        "ever": round(float(np.mean([one in proposed for one in large])), 4),
        "flooding": round(1000 * _flooding(records, truth) / n, 1),
        "settings": {"at_least": AT_LEAST, "days": DAYS, "per_thousand": rules.PER_THOUSAND},
    }


def run(records: Sequence[Record], truth: NDArray[np.int64]) -> tuple[dict[int, int], int]:
    """(how many members a true family had when it was proposed, number of candidates)."""
    replay, row_of = Replay(records), {record.ref: row for row, record in enumerate(records)}
    seen: Counter[int] = Counter()
    proposed: dict[int, int] = {}
    assigner, due = replay.regroup(0), FORTNIGHT
    for row, record in enumerate(records):
        if record.day >= due:
            assigner, due = replay.regroup(row), record.day + FORTNIGHT
        seen[int(truth[row])] += 1
        place = assigner.add(record)
        replay.arrive(row, place, row_of)
        if replay.is_candidate(place.family, record.day):
            replay.listed[place.family] = record.day
            [(family, _)] = Counter(truth[replay.members[place.family]].tolist()).most_common(1)
            proposed.setdefault(family, seen[family])
    return proposed, len(replay.listed)


def _flooding(records: Sequence[Record], truth: NDArray[np.int64]) -> int:
    """Incidents with four of their true family in the seven days before."""
    days: dict[int, list[float]] = defaultdict(list)
    flood = 0
    for record, family in zip(records, truth.tolist(), strict=True):
        if family >= 0:
            days[family].append(record.day)
            flood += len(days[family]) >= 5 and days[family][-5] > record.day - 7
    return flood


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    print(json.dumps(main(*words[:1], seed=words[1] if len(words) > 1 else None)))
