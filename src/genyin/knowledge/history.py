"""Known errors that a team arrives with: kept with their numbers, marked as imported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from genyin.base import clock, events
from genyin.base.actor import Actor
from genyin.base.errors import BadInput, gettext_noop
from genyin.incidents import places
from genyin.incidents.data import KnownErrorData
from genyin.incidents.models import Service
from genyin.incidents.places import Place
from genyin.knowledge.models import KnownError, KnownErrorState
from genyin.people.roles import Right, held, require
from genyin.problems.models import Problem
from genyin.procedure.numbers import keep_clear, one_import_at_a_time

NUMBER_LENGTH, TITLE_LENGTH, KEYWORDS_LENGTH = 40, 200, 300


@dataclass(slots=True)
class History:
    """What became of the known errors that arrived; `refused` holds those that could not be kept, with the reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new_services: list[str] = field(default_factory=list)
    refused: list[tuple[KnownErrorData, BadInput]] = field(default_factory=list)


def receive_known_errors(rows: Sequence[KnownErrorData], *, source: str, by: Actor) -> History:
    """Keep known errors of another system, one event each; a second time only what changed."""
    through = None if Right.JOB in held(by) else require(by, "import.run")
    history = History()
    with transaction.atomic():
        one_import_at_a_time("known_error")
        found = places.find([_place(row) for row in rows])
        history.new_services = found.new_services
        # In the order of who publishes here: the problem, then the counter, then the entry with its number.
        named = Problem.objects.filter(number__in=[row.problem_number for row in rows]).order_by("pk")
        list(named.select_for_update(no_key=True))
        keep_clear("known_error", [row.external_id for row in rows])
        known = {k.number: k for k in KnownError.objects.filter(number__in=[row.external_id for row in rows])}
        kept: list[tuple[KnownErrorData, KnownError]] = []
        for row in rows:
            try:
                entry = _receive(row, found.service(_place(row)), known.get(row.external_id), history)
            except BadInput as refusal:
                history.refused.append((row, refusal))
                continue
            if entry is not None:
                kept.append((row, entry))
        # Last of all: they lock the chain's head, and who publishes here locks the counter before it.
        for row, entry in kept:
            after = {"source": row.source, "digest": row.digest(), "state": entry.state}
            events.record("known_error.imported", entry, by=by, after=after, through=through)
    return history


def _receive(row: KnownErrorData, service: Service, known: KnownError | None, history: History) -> KnownError | None:
    """The entry as written, None when nothing changed."""
    if len(row.external_id) > NUMBER_LENGTH:
        raise BadInput(
            gettext_noop("The number of a known error has at most %(limit)s characters."),
            field="number", limit=NUMBER_LENGTH,
        )  # fmt: skip
    if known is not None and not known.is_imported:
        raise BadInput(gettext_noop("A known error of this number was published here."), field="number")
    told = _told(row, service)
    if known is None:
        history.created += 1
        return KnownError.objects.create(
            number=row.external_id, is_imported=True, published_at=row.published_at or clock.now(),
            published_by=row.source, updated_at=clock.now(), **told,
        )  # fmt: skip
    if all(getattr(known, name) == value for name, value in told.items()):
        history.unchanged += 1
        return None
    history.updated += 1
    KnownError.objects.filter(pk=known.pk).update(**told, updated_at=clock.now())
    return KnownError.objects.get(pk=known.pk)


def _place(row: KnownErrorData) -> Place:
    return Place(row.service or row.source, "", "", row.ci or "")


def _told(row: KnownErrorData, service: Service) -> dict[str, Any]:
    cut = len(row.title) > TITLE_LENGTH
    return {
        "title": row.title[: TITLE_LENGTH - 1] + "…" if cut else row.title,
        "symptom": f"{row.title}\n\n{row.symptoms}".strip() if cut else row.symptoms or row.title,
        "cause": row.root_cause, "workaround": row.workaround, "solution": row.solution,
        "keywords": ", ".join(row.keywords)[:KEYWORDS_LENGTH], "service": service,
        "problem": Problem.objects.filter(number=row.problem_number).first() if row.problem_number else None,
        "state": KnownErrorState.RETIRED if row.retired else KnownErrorState.ACTIVE, "retired_at": row.retired_at,
    }  # fmt: skip
