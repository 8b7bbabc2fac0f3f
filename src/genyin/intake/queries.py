"""Reads of imports. Their files and lists of rejects hold rows of any customer, so only who may import sees them."""

from pathlib import Path

from django.db.models import QuerySet

from genyin.base.actor import Actor
from genyin.base.errors import NotFound, gettext_noop
from genyin.intake import rejects
from genyin.intake.models import ImportRun
from genyin.people.roles import Right, held, may


def visible_to(actor: Actor) -> QuerySet[ImportRun]:
    """Every run for those who may import, none for others; newest first."""
    seen = ImportRun.objects.order_by("-begun_at", "-id")
    return seen if may(actor, "import.run") or Right.JOB in held(actor) else seen.none()


def get(run_id: int, *, seen_by: Actor) -> ImportRun:
    """The run of that number. Raises NotFound, also for one that the actor may not see."""
    run = visible_to(seen_by).filter(pk=run_id).first()
    if run is None:
        raise NotFound(gettext_noop("There is no import %(number)s that you may see."), number=run_id)
    return run


def rejects_of(run: ImportRun) -> Path | None:
    """The list of refused rows, if any was refused."""
    path = rejects.folder(run.pk) / rejects.NAME
    return path if (run.rejected or run.rejects_found) and path.is_file() else None
