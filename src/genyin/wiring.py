"""Event name -> reactions: every side effect of the product, in one table.

A reaction takes the event, runs in the worker and is idempotent: the queue delivers at least once.
"""

from genyin.base.jobs import Reaction
from genyin.knowledge.matching import learning
from genyin.trends import runs, watch
from genyin.trends.runs import novelty
from genyin.trends.statistics import standing as statistics

REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "incident.received": (runs.received, novelty.received, watch.look_again),
    "incident.updated": (watch.look_again,),
    "import.done": (statistics.imported,),
    "problem.incidents_linked": (watch.start,),
    "fix.in_place": (watch.start,),
    "fix.rolled_out": (watch.start,),
}


def schedule() -> None:
    """Make sure that what happens by the clock is in the queue's timetable; the worker calls it when it starts."""
    runs.every_night()
    statistics.every_night()
    watch.every_morning()
    learning.every_month()
