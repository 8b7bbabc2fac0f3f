"""The API with all its routers; `urls.py` mounts it at /api/."""

# The verb modules route themselves by being imported; the registry's router then holds them all.
from genyin.api import (
    around,
    attachments,
    audit,
    catalogue,
    incidents,
    matching,
    novelties,
    people,
    problems,
    reports,
    site,
    statistics,
    trends,
)
from genyin.api.verbs import analysis, assign, closing, holds, records, registry, reviews, solution

VERB_MODULES = (assign, analysis, solution, records, holds, reviews, closing)

api = site.make()
for module in (
    problems, attachments, registry, incidents, matching, around, trends, novelties, statistics, reports, catalogue,
    people, audit,
):  # fmt: skip
    api.add_router("", module.router)
api.add_router("", site.no_such_address())
