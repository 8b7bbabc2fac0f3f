"""Event name -> reactions: every side effect of the product, in one table.

A reaction takes the event, runs in the worker and is idempotent: the queue delivers at least once.
"""

from genyin.base.jobs import Reaction

REACTIONS: dict[str, tuple[Reaction, ...]] = {}
